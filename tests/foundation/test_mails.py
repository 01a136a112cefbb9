"""Mail: sent once by a job to a real server, kept in the outbox without one, safe against injected headers."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from aiosmtpd.smtp import Session as Dialogue
from flask import Flask
from flask_babel import lazy_gettext
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from foundation.dailydigest import DIGEST
from foundation.database import now
from foundation.jobs import run_worker
from foundation.mails import (
    MailMessage,
    deliver_mail,
    deliver_waiting,
    forget_old_mails,
    outbox,
    send_mail,
    words_of,
)
from foundation.noticekinds import REQUIRED, NoticeKind, NoticeTopic, kind_of, register_notice
from foundation.notices import Notice
from foundation.waysout import path_out
from portal.settings import Settings
from tests.accounts.factories import make_person
from tests.databases import FreshDatabase
from tests.foundation.speaking import able_to_word

INVITED = NoticeKind(
    "tests_invited",
    subject=lazy_gettext("Invitation to %(unit)s"),
    body=lazy_gettext("Please open %(address)s until %(ends_on)s."),
)
RESET = replace(INVITED, key="tests_reset", is_secret=True)
FACTS = {"unit": "Sở Khoa học và Công nghệ\r\nBcc: thief@example.vn", "address": "https://x/1", "ends_on": "2026-12-04"}


class Postman:
    """Keeps what arrives; refuses mail to ``full@example.vn``."""

    def __init__(self) -> None:
        self.received: list[tuple[list[str], EmailMessage]] = []

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, dialogue: Dialogue, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if not dialogue.authenticated:
            return "530 sign in first"
        if address == "full@example.vn":
            return "452 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _dialogue: Dialogue, envelope: Envelope) -> str:  # noqa: N802 - the same
        assert isinstance(envelope.content, bytes)
        self.received.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


def _check_password(_server: SMTP, _dialogue: Dialogue, _envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    right = LoginPassword(login=b"kv@hanoi", password=b"mat khau")
    return AuthResult(success=data == right)


@pytest.fixture
def postman(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postman]:
    """A mail server on this machine, named in the settings."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    postman = Postman()
    controller = Controller(
        postman,
        hostname="127.0.0.1",
        port=port,
        auth_require_tls=False,
        authenticator=_check_password,
    )
    controller.start()
    _name_server(monkeypatch, app, f"smtp://kv%40hanoi:mat%20khau@127.0.0.1:{port}")
    yield postman
    controller.stop()


def _name_server(monkeypatch: pytest.MonkeyPatch, app: Flask, url: str) -> None:
    settings: Settings = app.config["KHUEVAN"]
    monkeypatch.setitem(app.config, "KHUEVAN", replace(settings, mail_url=url, public_url="https://kv.vn"))


@pytest.fixture(autouse=True)
def kinds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("foundation.noticekinds._kinds", {})
    register_notice(INVITED)
    register_notice(RESET)
    with able_to_word(app).app_context():
        yield


def _write(session: Session, to: str = "an@example.vn", kind: NoticeKind = INVITED) -> MailMessage:
    return send_mail(session, to, language="en", kind=kind, facts=FACTS)


def test_a_mail_arrives_worded_with_one_recipient_and_no_foreign_header(session: Session, postman: Postman) -> None:
    mail = _write(session)

    deliver_mail.work(session, mail_id=mail.id)

    ((recipients, arrived),) = postman.received
    assert recipients == ["an@example.vn"]
    assert arrived["To"] == "an@example.vn"
    assert arrived["Subject"] == "Invitation to Sở Khoa học và Công nghệ Bcc: thief@example.vn"
    assert arrived["Bcc"] is None
    assert "until 4 December 2026." in arrived.get_content()
    assert mail.sent_at is not None
    assert (mail.attempts, mail.error) == (1, None)


FREE = NoticeTopic("tests_free", lazy_gettext("News"), lazy_gettext("What is new"))
LAWFUL = NoticeTopic("tests_lawful", lazy_gettext("Steps"), lazy_gettext("What the law demands"), channels=REQUIRED)


@pytest.mark.parametrize(("topic", "has_way_out"), [(FREE, True), (LAWFUL, False), (None, False)])
def test_a_notice_by_mail_carries_its_way_out_where_the_law_leaves_one(
    session: Session, postman: Postman, topic: NoticeTopic | None, has_way_out: bool
) -> None:
    register_notice(replace(INVITED, key="tests_news", topic=topic))
    person = make_person(session)
    notice = Notice(person_id=person.id, kind="tests_news", facts=FACTS, link="/", created_at=now())
    session.add(notice)
    session.flush()
    mail = _write(session, kind=kind_of("tests_news"))
    mail.notice_id = notice.id

    deliver_mail.work(session, mail_id=mail.id)

    ((_, arrived),) = postman.received
    link = f"<https://kv.vn{path_out(person.id, 'tests_free')}>"
    assert arrived["List-Unsubscribe"] == (link if has_way_out else None)
    assert arrived["List-Unsubscribe-Post"] == ("List-Unsubscribe=One-Click" if has_way_out else None)


def test_one_press_is_offered_only_where_the_way_is_safe(
    session: Session, app: Flask, monkeypatch: pytest.MonkeyPatch, postman: Postman
) -> None:
    monkeypatch.setitem(app.config, "KHUEVAN", replace(app.config["KHUEVAN"], public_url="http://localhost"))
    register_notice(DIGEST)
    mail = _write(session)
    mail.kind, mail.facts = DIGEST.key, {"person": 7, "day": "2026-12-04", "notices": []}

    deliver_mail.work(session, mail_id=mail.id)

    ((_, arrived),) = postman.received
    assert arrived["List-Unsubscribe"] == f"<http://localhost{path_out(7, 'digest')}>"
    assert arrived["List-Unsubscribe-Post"] is None


def test_a_sent_mail_is_not_sent_again(session: Session, postman: Postman) -> None:
    mail = _write(session)
    deliver_mail.work(session, mail_id=mail.id)
    deliver_mail.work(session, mail_id=mail.id)
    assert len(postman.received) == 1


def test_a_mail_with_a_link_carries_the_public_address(session: Session, postman: Postman) -> None:
    mail = _write(session)
    mail.link = "/dossiers/7"
    deliver_mail.work(session, mail_id=mail.id)
    assert postman.received[0][1].get_content().rstrip().endswith("https://kv.vn/dossiers/7")


def test_a_secret_is_forgotten_once_sent(session: Session, postman: Postman) -> None:
    mail = _write(session, kind=RESET)
    deliver_mail.work(session, mail_id=mail.id)
    assert "https://x/1" in postman.received[0][1].get_content()
    assert (mail.facts, mail.text) == ({}, None)
    assert "https://x/1" not in "".join(words_of(session, mail))


def test_a_refused_mail_keeps_its_error_and_is_tried_again(session: Session, postman: Postman) -> None:
    mail = _write(session, to="full@example.vn")
    with pytest.raises(OSError, match="full"):
        deliver_mail.work(session, mail_id=mail.id)
    session.rollback()
    kept = session.get_one(MailMessage, mail.id, populate_existing=True)
    assert (kept.attempts, kept.sent_at) == (1, None)
    assert "mailbox full" in (kept.error or "")


def test_without_a_server_mail_waits_in_the_outbox(session: Session) -> None:
    mail = _write(session)
    deliver_mail.work(session, mail_id=mail.id)
    assert (mail.sent_at, mail.attempts) == (None, 0)
    assert outbox(session) == [mail]
    assert words_of(session, mail)[0].startswith("Invitation to Sở Khoa học")


def test_waiting_mail_is_taken_up_when_a_server_is_named(session: Session, postman: Postman) -> None:
    young, old, sent = (_write(session) for _ in range(3))
    old.created_at = now() - timedelta(days=4)
    sent.sent_at = now()
    session.flush()
    session.execute(text("DELETE FROM procrastinate_jobs"))

    deliver_waiting.work(session)
    deliver_waiting.work(session)

    arguments = session.execute(text("SELECT args FROM procrastinate_jobs")).scalars().all()
    assert arguments == [{"mail_id": young.id}]


def test_the_outbox_is_read_newest_first(session: Session) -> None:
    first, second, third = (_write(session) for _ in range(3))
    assert outbox(session, limit=2) == [third, second]
    assert outbox(session, before=second.id) == [first]


def test_old_mails_are_forgotten(session: Session) -> None:
    old, young = _write(session), _write(session)
    old.created_at = now() - timedelta(days=91)
    session.flush()
    forget_old_mails.work(session)
    assert list(session.scalars(select(MailMessage.id))) == [young.id]


@pytest.mark.parametrize("to", ["", "an", "a@x.vn, b@x.vn", "a@x.vn\nBcc: b@x.vn", "An <a@x.vn>"])
def test_only_one_plain_address_is_accepted(session: Session, to: str) -> None:
    with pytest.raises(ValueError, match="address"):
        _write(session, to=to)


def test_a_password_never_crosses_a_network_in_clear(
    session: Session, app: Flask, monkeypatch: pytest.MonkeyPatch, postman: Postman
) -> None:
    url = app.config["KHUEVAN"].mail_url
    _name_server(monkeypatch, app, url)
    monkeypatch.setattr("foundation.mails.LOOPBACK", set())
    mail = _write(session)
    with pytest.raises(OSError, match="encryption"):
        deliver_mail.work(session, mail_id=mail.id)
    assert postman.received == []


def test_a_worker_sends_what_a_transaction_wrote(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch, app: Flask, postman: Postman
) -> None:
    _name_server(monkeypatch, fresh_database.app, app.config["KHUEVAN"].mail_url)
    with able_to_word(fresh_database.app).app_context(), fresh_database.session() as session:
        _write(session)
        session.rollback()
        _write(session)
        session.commit()
    run_worker(fresh_database.app, wait=False)
    assert len(postman.received) == 1

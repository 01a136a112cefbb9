"""Notices: written with what happened, never to who did it, worded for each reader, mailed once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask_babel import lazy_gettext
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from accounts.models import Person
from foundation import noticemails
from foundation.actors import SYSTEM, Actor
from foundation.mails import MailMessage
from foundation.noticekinds import NoticeKind
from foundation.noticemails import Recipient, mail_notices
from foundation.notices import Notice, mark_read, notices_of, notify, register_notice, unread_count
from tests.databases import FreshDatabase
from tests.foundation.speaking import able_to_word

APPROVED = NoticeKind(
    "tests_approved",
    subject=lazy_gettext("Approved: %(title)s"),
    body=lazy_gettext("“%(title)s” was approved on %(approved_on)s."),
)
FACTS = {"title": "Thử nghiệm\nBcc: x", "approved_on": "2026-12-04"}


@pytest.fixture(autouse=True)
def kinds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(noticemails, "_address_books", [])
    monkeypatch.setattr("foundation.noticekinds._kinds", {})
    register_notice(APPROVED)
    with able_to_word(app).app_context():
        yield


@pytest.fixture
def people(session: Session) -> list[int]:
    rows = [{"email": f"{name}@example.vn", "full_name": name} for name in ("an", "binh", "chi")]
    return list(session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), rows))


def _tell(session: Session, people: Sequence[int], exclude: Actor = SYSTEM) -> None:
    notify(session, people, APPROVED, facts=FACTS, link="/dossiers/1", case_id=1, exclude=exclude)


def test_everybody_is_told_once_but_never_who_acted(session: Session, people: list[int]) -> None:
    _tell(session, [*people, *people], exclude=Actor(kind="person", person_id=people[1]))

    told = list(session.scalars(select(Notice.person_id).order_by(Notice.id)))

    assert told == [people[0], people[2]]


def test_telling_nobody_writes_nothing(session: Session, people: list[int]) -> None:
    _tell(session, [people[0]], exclude=Actor(kind="person", person_id=people[0]))
    assert (
        session.scalar(text("SELECT (SELECT count(*) FROM notices) + (SELECT count(*) FROM procrastinate_jobs)")) == 0
    )


def test_a_notice_is_worded_for_its_reader(session: Session, people: list[int]) -> None:
    _tell(session, people[:1])
    (notice,) = notices_of(session, people[0]).rows
    assert notice.in_language(session, "en") == (
        "Approved: Thử nghiệm Bcc: x",
        "“Thử nghiệm\nBcc: x” was approved on 4 December 2026.",
    )


def test_words_may_be_data(session: Session, people: list[int]) -> None:
    def words(_session: Session, facts: Any, language: str) -> tuple[str, str]:
        return f"{language} {facts['n']}", "body"

    kind = register_notice(NoticeKind("tests_worded", words=words))
    notify(session, people[:1], kind, facts={"n": 1}, link="/")
    (notice,) = notices_of(session, people[0]).rows
    assert notice.in_language(session, "fr") == ("fr 1", "body")


def test_a_missing_fact_is_refused_when_written(session: Session, people: list[int]) -> None:
    with pytest.raises(ValueError, match="approved_on"):
        notify(session, people, APPROVED, facts={"title": "x"}, link="/")


def test_a_kind_has_exactly_one_wording() -> None:
    with pytest.raises(ValueError, match="either"):
        NoticeKind("tests_wordless")
    with pytest.raises(ValueError, match="twice"):
        register_notice(APPROVED)


def test_reading_touches_only_ones_own_notices(session: Session, people: list[int]) -> None:
    _tell(session, people[:2])
    _tell(session, people[:2])
    ids = list(session.scalars(select(Notice.id).order_by(Notice.id)))

    mark_read(session, people[0], ids[:2])
    assert [unread_count(session, person) for person in people] == [1, 2, 0]

    mark_read(session, people[0])
    assert [unread_count(session, person) for person in people] == [0, 2, 0]


def test_notices_are_read_a_page_at_a_time(session: Session, people: list[int]) -> None:
    for _ in range(3):
        _tell(session, people[:1])
    first = notices_of(session, people[0], size=2)
    second = notices_of(session, people[0], after=first.next_cursor, size=2)
    ids = [notice.id for notice in [*first.rows, *second.rows]]
    assert ids == sorted(ids, reverse=True)
    assert (len(first.rows), len(second.rows), second.next_cursor) == (2, 1, None)


def test_mail_goes_to_who_has_an_address_and_only_once(session: Session, people: list[int]) -> None:
    def book(_session: Session, wanted: Sequence[int]) -> list[Recipient]:
        known = {people[0]: Recipient(people[0], "an@example.vn", "fr")}
        return [known[person] for person in wanted if person in known]

    noticemails.register_address_book(book)
    _tell(session, people[:2])

    mail_notices.work(session)
    mail_notices.work(session)

    (mail,) = session.scalars(select(MailMessage))
    assert (mail.to_address, mail.language, mail.kind, mail.link) == (
        "an@example.vn",
        "fr",
        "tests_approved",
        "/dossiers/1",
    )
    jobs = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'foundation:mail:deliver'")
    assert session.scalar(jobs) == 0, "no mail server is named: the mail stays in the outbox"
    assert session.scalar(select(func.count()).where(Notice.mailed_at.is_(None))) == 0


def test_notices_vanish_with_their_transaction(fresh_database: FreshDatabase) -> None:
    with able_to_word(fresh_database.app).app_context(), fresh_database.session() as session:
        person = session.scalar(insert(Person).values(email="a@b.vn", full_name="A").returning(Person.id))
        session.commit()
        assert person is not None
        notify(session, [person], APPROVED, facts=FACTS, link="/")
        session.rollback()
        assert session.scalar(text("SELECT (SELECT count(*) FROM notices) + count(*) FROM procrastinate_jobs")) == 0


def test_mails_of_notices_are_sent_where_a_server_is_named(
    session: Session, people: list[int], app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    noticemails.register_address_book(lambda _, wanted: [Recipient(person, "an@example.vn", "vi") for person in wanted])
    monkeypatch.setitem(app.config, "KHUEVAN", replace(app.config["KHUEVAN"], mail_url="smtp://127.0.0.1:9"))
    _tell(session, people[:2])

    mail_notices.work(session)

    jobs = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'foundation:mail:deliver'")
    assert session.scalar(jobs) == 2

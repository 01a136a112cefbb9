"""The daily digest: at its hour, in the reader's language, once a day; what is due soon does not wait for it."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask_babel import lazy_gettext
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from accounts.models import Person
from foundation import noticemails
from foundation.actors import SYSTEM
from foundation.calendars import ensure_calendars
from foundation.dailydigest import DIGEST, last_digest_hour, leaving_token, person_leaving, write_digests
from foundation.database import as_of
from foundation.errors import NotFound
from foundation.mails import MailMessage, words_of
from foundation.noticechoices import choose
from foundation.noticekinds import REQUIRED, Channel, NoticeKind, NoticeTopic
from foundation.noticemails import Recipient, mail_notices
from foundation.notices import Notice, mark_read, notify, register_notice
from foundation.workdays import HANOI
from tests.databases import FreshDatabase
from tests.foundation.speaking import able_to_word

NEWS = NoticeTopic("tests_news", lazy_gettext("News"), lazy_gettext("News"))
LAWFUL = NoticeTopic("tests_lawful", lazy_gettext("Law"), lazy_gettext("Law"), channels=REQUIRED)
CHANGED = NoticeKind(
    "tests_changed", subject=lazy_gettext("New message: %(title)s"), body=lazy_gettext("Nothing found"), topic=NEWS
)
DECIDED = NoticeKind("tests_decided", subject=lazy_gettext("Decision"), body=lazy_gettext("Decision"), topic=LAWFUL)
WEDNESDAY = datetime(2026, 12, 2, 15, 0, tzinfo=HANOI)
SIX, SEVEN = (datetime(2026, 12, 3, hour, 5, tzinfo=HANOI) for hour in (6, 7))


@pytest.fixture(autouse=True)
def kinds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def book(session: Session, wanted: Sequence[int]) -> list[Recipient]:
        query = select(Person.id, Person.email, Person.language).where(Person.id.in_(wanted))
        return [Recipient(*row) for row in session.execute(query)]

    monkeypatch.setattr(noticemails, "_address_books", [book])
    monkeypatch.setattr(noticemails, "_due_dates", [])
    monkeypatch.setattr("foundation.noticekinds._kinds", {DIGEST.key: DIGEST})
    register_notice(CHANGED)
    register_notice(DECIDED)
    with able_to_word(app).app_context():
        yield


@pytest.fixture
def reader(session: Session) -> int:
    """Reads French, and wants news in the digest."""
    return _reader(session, "lan@example.vn")


def _reader(session: Session, email: str) -> int:
    row = insert(Person).values(email=email, full_name="Lan", language="fr").returning(Person.id)
    person = session.scalars(row).one()
    choose(session, person, {NEWS.key: Channel.DIGEST})
    return person


def _tell(session: Session, reader: int, *titles: str, kind: NoticeKind = CHANGED, at: datetime = WEDNESDAY) -> None:
    with as_of(at):
        for title in titles:
            notify(session, [reader], kind, facts={"title": title}, link="/dossiers/1", case_id=7)
        mail_notices.work(session)


def _mails(session: Session) -> list[MailMessage]:
    return list(session.scalars(select(MailMessage).order_by(MailMessage.id)))


def test_a_digest_waits_for_its_hour_and_tells_all_in_the_readers_language(session: Session, reader: int) -> None:
    _tell(session, reader, "Một", "Hai")
    assert _mails(session) == []

    write_digests(session, at=SIX)
    assert _mails(session) == []
    write_digests(session, at=SEVEN)

    (mail,) = _mails(session)
    subject, body = words_of(session, mail)
    assert (mail.to_address, subject) == ("lan@example.vn", "2 avis du 3 décembre 2026")
    assert body.index("Nouveau message : Một") < body.index("Nouveau message : Hai")
    assert f"/notices/digest/{leaving_token(reader)}" in body


def test_a_digest_is_written_once_however_often_the_job_runs(session: Session, reader: int) -> None:
    _tell(session, reader, "Một")

    for minutes in (0, 10, 600):
        write_digests(session, at=SEVEN + timedelta(minutes=minutes))
    _tell(session, reader, "Hai", at=SEVEN + timedelta(hours=1))
    write_digests(session, at=SEVEN + timedelta(hours=2))
    assert len(_mails(session)) == 1

    write_digests(session, at=SEVEN + timedelta(days=1))
    assert [len(mail.facts["notices"]) for mail in _mails(session)] == [1, 1]


def test_after_days_of_standstill_one_mail_holds_all(session: Session, reader: int) -> None:
    for day in range(3):
        _tell(session, reader, f"Tin {day}", at=WEDNESDAY + timedelta(days=day))

    for _ in range(3):
        write_digests(session, at=WEDNESDAY + timedelta(days=9))

    assert [len(mail.facts["notices"]) for mail in _mails(session)] == [3]


def test_what_was_read_on_the_site_is_left_out(session: Session, reader: int) -> None:
    _tell(session, reader, "Một")
    mark_read(session, reader)

    write_digests(session, at=SEVEN)

    assert _mails(session) == []


@pytest.mark.parametrize(
    ("due_on", "is_at_once"),
    [("2026-12-04", True), ("2026-12-07", False), ("2026-11-02", True)],
    ids=["in two working days", "in three, over a weekend", "overdue"],
)
def test_what_is_due_within_two_working_days_is_mailed_at_once(
    session: Session, reader: int, due_on: str, is_at_once: bool
) -> None:
    def due(_session: Session, cases: Sequence[int]) -> Mapping[int, datetime]:
        return {case: datetime.fromisoformat(f"{due_on}T17:00").replace(tzinfo=HANOI) for case in cases}

    ensure_calendars(session, actor=SYSTEM)
    noticemails.register_due_dates(due)

    _tell(session, reader, "Gấp")

    assert [mail.kind for mail in _mails(session)] == (["tests_changed"] if is_at_once else [])


def test_what_the_law_demands_is_mailed_whatever_was_chosen(session: Session, reader: int) -> None:
    choose(session, reader, {LAWFUL.key: Channel.NONE})

    _tell(session, reader, "x", kind=DECIDED)

    assert [mail.kind for mail in _mails(session)] == ["tests_decided"]


@pytest.mark.parametrize(("channel", "told"), [(Channel.SITE, 1), (Channel.NONE, 0)])
def test_other_notices_stay_on_the_site_or_away(session: Session, reader: int, channel: Channel, told: int) -> None:
    choose(session, reader, {NEWS.key: channel})

    _tell(session, reader, "x")
    write_digests(session, at=SEVEN)

    assert len(session.scalars(select(Notice)).all()) == told
    assert _mails(session) == []


def test_two_workers_write_one_digest(fresh_database: FreshDatabase) -> None:
    def write(session: Session) -> None:
        with able_to_word(fresh_database.app).app_context():
            write_digests(session, at=SEVEN)
            session.commit()

    with able_to_word(fresh_database.app).app_context(), fresh_database.session() as first:
        _tell(first, _reader(first, "a@b.vn"), "Một")
        first.commit()
        write_digests(first, at=SEVEN)
        with fresh_database.session() as second, ThreadPoolExecutor(1) as other_worker:
            written = other_worker.submit(write, second)
            first.commit()
            written.result(timeout=30)

        assert len(_mails(first)) == 1


def test_the_hour_is_that_of_hanoi() -> None:
    assert last_digest_hour(SIX, 7).astimezone(HANOI).isoformat() == "2026-12-02T07:00:00+07:00"
    assert last_digest_hour(SEVEN, 7).astimezone(HANOI).isoformat() == "2026-12-03T07:00:00+07:00"


def test_a_link_not_signed_here_leads_nowhere(session: Session) -> None:
    assert person_leaving(leaving_token(5)) == 5
    with pytest.raises(NotFound):
        person_leaving(leaving_token(5).replace("NQ", "Ng"))

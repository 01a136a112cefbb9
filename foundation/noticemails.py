"""How notices leave the house: each by a mail of its own, in the next digest, or not at all, as its reader chose."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from foundation.calendars import HANOI_CALENDAR, load_calendar
from foundation.database import now
from foundation.jobs import task
from foundation.mails import MailMessage, deliver_later
from foundation.noticechoices import channel_for, choices_of
from foundation.noticekinds import Channel, kind_of
from foundation.notices import Notice
from foundation.workdays import local_date

MAILED_AT_ONCE = 500
SOON_WORKING_DAYS = 2
"""What is due within so many working days does not wait for a digest."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a person's mail goes, and in which language."""

    person_id: int
    email: str
    language: str


_Told = Row[int, int, str, dict[str, Any], str, int | None]
COLUMNS = (Notice.id, Notice.person_id, Notice.kind, Notice.facts, Notice.link, Notice.case_id)

AddressBook = Callable[[Session, Sequence[int]], Iterable[Recipient]]
"""Finds the people among some ids to whom mail may be sent."""
DueDates = Callable[[Session, Sequence[int]], Mapping[int, datetime]]
"""Finds, among some cases, the next instant at which something on them is due."""

_address_books: list[AddressBook] = []
_due_dates: list[DueDates] = []


def register_address_book(book: AddressBook) -> AddressBook:
    """Decorator: have ``book`` asked where notices are mailed to."""
    _address_books.append(book)
    return book


def register_due_dates(dates: DueDates) -> DueDates:
    """Decorator: have ``dates`` asked whether the case of a notice is due soon."""
    _due_dates.append(dates)
    return dates


def recipients_of(session: Session, people: Sequence[int]) -> dict[int, Recipient]:
    """Those among the people to whom mail may be sent."""
    return {known.person_id: known for book in _address_books for known in book(session, people)}


@task("foundation:notice:mail", queue="mail", every="* * * * * */10")
def mail_notices(session: Session) -> None:
    """Settle how each new notice is told: write its mail, or let it wait for the digest; many at a time, none twice."""
    while notices := _unmailed(session):
        channels = _channels(session, notices)
        _write_mails(session, [notice for notice in notices if channels[notice.id] is Channel.MAIL])
        waiting = [notice.id for notice in notices if channels[notice.id] is Channel.DIGEST]
        settled = update(Notice).where(Notice.id.in_([notice.id for notice in notices]))
        session.execute(settled.values(mailed_at=now(), waits_for_digest=Notice.id.in_(waiting)))
        session.commit()


def _unmailed(session: Session) -> Sequence[_Told]:
    """The oldest notices without mails; those that another worker has in its hands are left to it."""
    query = select(*COLUMNS).where(Notice.mailed_at.is_(None)).order_by(Notice.id).limit(MAILED_AT_ONCE)
    return session.execute(query.with_for_update(skip_locked=True)).all()


def _channels(session: Session, notices: Sequence[_Told]) -> dict[int, Channel]:
    """By notice: the way that its reader chose; what is due soon does not wait for the digest."""
    choices = choices_of(session, sorted({notice.person_id for notice in notices}))
    way = cache(lambda person_id, kind: channel_for(choices, person_id, kind_of(kind).topic))
    channels = {notice.id: way(notice.person_id, notice.kind) for notice in notices}
    late = [notice for notice in notices if channels[notice.id] is Channel.DIGEST]
    return channels | dict.fromkeys(_due_soon(session, late), Channel.MAIL)


def _due_soon(session: Session, notices: Sequence[_Told]) -> Iterator[int]:
    """Those among the notices whose case is due within few working days, or overdue."""
    cases = sorted({notice.case_id for notice in notices if notice.case_id is not None})
    due = {case: at for dates in _due_dates for case, at in dates(session, cases).items()} if cases else {}
    if due:
        last = load_calendar(session, HANOI_CALENDAR).add_working_days(local_date(now()), SOON_WORKING_DAYS)
        yield from (row.id for row in notices if row.case_id in due and local_date(due[row.case_id]) <= last)


def _write_mails(session: Session, notices: Sequence[_Told]) -> None:
    recipients = recipients_of(session, [notice.person_id for notice in notices])
    rows = [_mail_row(notice, recipients[notice.person_id]) for notice in notices if notice.person_id in recipients]
    if rows:
        written = upsert(MailMessage).values(rows).on_conflict_do_nothing().returning(MailMessage.id)
        deliver_later(session, session.scalars(written).all())


def _mail_row(notice: _Told, recipient: Recipient) -> dict[str, Any]:
    return {
        "to_address": recipient.email,
        "language": recipient.language,
        "kind": notice.kind,
        "facts": notice.facts,
        "link": notice.link,
        "notice_id": notice.id,
    }

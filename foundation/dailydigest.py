"""The daily digest: one mail a day that tells a person what they chose to read together, and how to leave it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import ForeignKey, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.database import Model, now
from foundation.errors import NotFound
from foundation.facts import day_in_words
from foundation.jobs import task
from foundation.mails import MailMessage, deliver_later
from foundation.noticekinds import NoticeKind, register_notice
from foundation.noticemails import Recipient, recipients_of
from foundation.notices import Notice
from foundation.workdays import HANOI

PEOPLE_AT_ONCE = 200
MOST_TOLD = 100
"""A digest words so many notices; of more it gives the number."""


class NoticeDigest(Model):
    """On this day the person had their digest: it is written once, however often the job runs."""

    __tablename__ = "notice_digests"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


@task("foundation:notice:digest", queue="mail", every="*/10 * * * *")
def mail_digests(session: Session) -> None:
    """Write the digests that are due since the hour of today; after a standstill one mail holds all days."""
    while write_digests(session, at=now()):
        session.commit()


def write_digests(session: Session, *, at: datetime) -> int:
    """Write the digests of some people; how many people had notices waiting."""
    until = last_digest_hour(at, current_app.config["KHUEVAN"].digest_hour)
    people = _waiting_people(session, until)
    if people:
        ours = insert(NoticeDigest).values([{"person_id": person, "day": until.date()} for person in people])
        claimed = session.scalars(ours.on_conflict_do_nothing().returning(NoticeDigest.person_id)).all()
        _write(session, claimed, until)
    return len(people)


def last_digest_hour(at: datetime, hour: int) -> datetime:
    """The latest instant, not after ``at``, at which a digest was due in Hanoi."""
    today = at.astimezone(HANOI).replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today <= at else today - timedelta(days=1)


def _waiting_people(session: Session, until: datetime) -> Sequence[int]:
    had = select(NoticeDigest).where(NoticeDigest.person_id == Notice.person_id, NoticeDigest.day == until.date())
    query = select(Notice.person_id).where(Notice.waits_for_digest, Notice.created_at < until, ~had.exists())
    return session.scalars(query.distinct().limit(PEOPLE_AT_ONCE)).all()


def _write(session: Session, people: Sequence[int], until: datetime) -> None:
    """One mail for each of these people, of what they have not read on the site meanwhile."""
    recipients = recipients_of(session, people)
    query = (
        update(Notice)
        .where(Notice.waits_for_digest, Notice.created_at < until, Notice.person_id.in_(people))
        .values(waits_for_digest=False)
        .returning(Notice.person_id, Notice.id, Notice.read_at)
    )
    told = sorted((person, notice) for person, notice, read_at in session.execute(query) if read_at is None)
    rows = [
        _mail_row(recipients[person], until.date(), [notice for _, notice in theirs])
        for person, theirs in groupby(told, key=lambda pair: pair[0])
        if person in recipients
    ]
    if rows:
        deliver_later(session, session.scalars(insert(MailMessage).values(rows).returning(MailMessage.id)).all())


def _mail_row(recipient: Recipient, day: date, notices: Sequence[int]) -> dict[str, Any]:
    facts = {"person": recipient.person_id, "day": day.isoformat(), "notices": list(notices)}
    return {"to_address": recipient.email, "language": recipient.language, "kind": DIGEST.key, "facts": facts}


def digest_words(session: Session, facts: Mapping[str, Any], language: str) -> tuple[str, str]:
    """Subject and text of a digest: each notice in the reader's language with its link, and the way out."""
    count = len(facts["notices"])
    query = select(Notice).where(Notice.id.in_(facts["notices"][:MOST_TOLD])).order_by(Notice.id)
    told = [_told(session, notice, language) for notice in session.scalars(query)]
    with force_locale(language):
        subject = ngettext("%(num)d notice of %(day)s", "%(num)d notices of %(day)s", count, day=_day(facts, language))
        return subject, "\n\n".join([*told, *_ending(count, facts["person"])])


def _day(facts: Mapping[str, Any], language: str) -> str:
    return day_in_words(date.fromisoformat(facts["day"]), language)


def _told(session: Session, notice: Notice, language: str) -> str:
    subject, body = notice.in_language(session, language)
    return f"{subject}\n{body}\n{_address(notice.link)}"


def _ending(count: int, person_id: int) -> Iterator[str]:
    if count > MOST_TOLD:
        yield _("The site has all of them: %(link)s", link=_address("/notices"))
    yield "—"
    yield _("You are told of these once a day. Choose anew: %(link)s", link=_address("/account/notices"))
    yield _(
        "No digest any more, without signing in: %(link)s", link=_address(f"/notices/digest/{leaving_token(person_id)}")
    )


def _address(path: str) -> str:
    return f"{current_app.config['KHUEVAN'].public_url}{path}"


def leaving_token(person_id: int) -> str:
    """What lets its holder switch off this person's digest, and nothing else."""
    return _signer().dumps(person_id)


def person_leaving(token: str) -> int:
    """Whose digest a token switches off. Raises NotFound for what was not signed here."""
    try:
        return int(_signer().loads(token))
    except BadSignature as error:
        raise NotFound from error


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["KHUEVAN"].secret_key, salt="daily digest")


DIGEST = register_notice(NoticeKind("daily_digest", words=digest_words))

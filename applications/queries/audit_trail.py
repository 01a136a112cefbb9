"""Searching the audit trail: by chain, kind of act, person and time, within what the reader may supervise."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from accounts.models import Person
from accounts.queries.words import found_by_words
from applications.models import Case
from applications.visibility import staff_cases
from foundation.actors import Actor
from foundation.audit import Archive, AuditEntry
from foundation.errors import NotAllowed
from foundation.paging import Order, Page, page_of_columns
from foundation.workdays import start_of_day

SUPERVISING_ROLES = ("auditor", "administrator")
NEWEST_FIRST = Order((AuditEntry.id,), is_descending=True)
PAGE_SIZE = 50
CASE = "case"
ARCHIVED = select(func.max(Archive.until)).scalar_subquery().label("archived_until")


@dataclass(frozen=True, slots=True)
class TrailFilters:
    """What narrows the search. ``stream`` is the name of a chain, or the key or code of a dossier."""

    stream: str = ""
    action: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None


def search_trail(
    session: Session, filters: TrailFilters, *, actor: Actor, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[Any]:
    """The entries, newest first, with the name of who acted and the dossier they are about.

    Raises NotAllowed for those who supervise nothing.
    """
    columns = [column for column in AuditEntry.__table__.columns if column.key != "prev_hash"]
    query: Select[Any] = (
        select(*columns, Person.full_name, Case.key.label("case_key"), Case.code.label("case_code"), ARCHIVED)
        .outerjoin(Person, Person.id == AuditEntry.person_id)
        .outerjoin(Case, (AuditEntry.subject_type == CASE) & (Case.id == AuditEntry.subject_id))
        .where(_within_reach(actor), *_conditions(filters))
    )
    return page_of_columns(session, query, NEWEST_FIRST, after=cursor, size=size)


def archived_until(session: Session, page: Page[Any]) -> date | None:
    """Where a list ends: the day before which the trail is in archives."""
    if page.next_cursor is not None:
        return None
    until: date | None = page.rows[0].archived_until if page.rows else session.scalar(select(ARCHIVED))
    return until


def _within_reach(actor: Actor) -> ColumnElement[bool]:
    """Everything for administrators and for auditors of the whole; else what concerns the cases within scope."""
    scopes = actor.scopes_of(SUPERVISING_ROLES)
    if not scopes:
        raise NotAllowed
    if any(grant.procedure is None and grant.units is None for grant in scopes):
        return AuditEntry.id.is_not(None)
    cases = select(Case.id).where(staff_cases(actor, SUPERVISING_ROLES))
    return (AuditEntry.subject_type == CASE) & AuditEntry.subject_id.in_(cases)


def _conditions(filters: TrailFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.stream:
        found.append(_in_stream(filters.stream))
    if filters.action:
        found.append(AuditEntry.action == filters.action)
    if filters.person:
        found.append(AuditEntry.person_id.in_(_people(filters.person)))
    if filters.since:
        found.append(AuditEntry.at >= start_of_day(filters.since))
    if filters.until:
        found.append(AuditEntry.at < start_of_day(filters.until + timedelta(days=1)))
    return found


def _in_stream(name: str) -> ColumnElement[bool]:
    cases = select(Case.id).where(or_(Case.key == name.upper(), Case.code == name.upper()))
    about_case = (AuditEntry.subject_type == CASE) & AuditEntry.subject_id.in_(cases)
    return or_(AuditEntry.stream == name, about_case)


def _people(words: str) -> Select[Any]:
    """By the whole address, or by words of the name without their marks."""
    return select(Person.id).where(
        or_(func.lower(Person.email) == words.lower(), found_by_words(Person.search_text, words))
    )

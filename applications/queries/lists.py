"""Lists of cases: what a line shows and what narrows it, and a reviewer's tasks."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, func, literal_column, or_, select, union_all
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from accounts.models import Organisation, Person
from accounts.queries.words import found_by_words, found_by_words_unfolded
from applications.models import Case, CaseWords, ClockRun, Procedure, ReviewAssignment
from foundation.actors import Actor
from foundation.prepared import inline
from foundation.searchtext import parted, query_terms

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list; empty means everything."""

    procedure: str = ""
    states: tuple[str, ...] = ()
    unit_id: int | None = None
    holder: str = ""
    lateness: str = ""
    kind: str = "open"
    query: str = ""
    codes: tuple[str, ...] = ()
    """How a code may be spelt that the query names; see :func:`applications.queries.codes.codes_meant`."""


COLUMNS = (
    Case.id,
    Case.key,
    Case.code,
    Case.title,
    Case.state,
    Case.state_kind,
    Case.state_since,
    Case.version_id,
    Case.channel,
    Case.unit_id,
    Case.received_at,
    Case.due_at,
    Case.original_due_at,
    Case.urgent_at,
    Case.created_at,
    Case.updated_at,
    Procedure.code.label("procedure"),
    Organisation.code.label("organisation_code"),
    Organisation.name_vi.label("organisation_vi"),
    Organisation.name_en.label("organisation_en"),
    Person.full_name.label("holder_name"),
)


PROMISED = func.coalesce(
    select(func.min(func.coalesce(ClockRun.reappointed_due_at, ClockRun.due_at)))
    .where(ClockRun.case_id == Case.id, ClockRun.ended_at.is_(None), ClockRun.due_at == Case.original_due_at)
    .scalar_subquery(),
    Case.due_at,
).label("promised_at")
"""When the result is promised, as the receipt says it; what the authority has to do before is its own matter."""


def applicant_name(row: Any, language: str) -> str:
    """The applicant of a line in this language, or in Vietnamese where it has no other name; empty for none."""
    return (row.organisation_vi if language == "vi" else row.organisation_en or row.organisation_vi) or ""


def listing() -> Any:
    """Every case with what a line of a list shows."""
    return (
        select(*COLUMNS)
        .join(Procedure, Procedure.id == Case.procedure_id)
        .outerjoin(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(Person, Person.id == Case.holder_id)
    )


def conditions(filters: Filters, actor: Actor, at: Any) -> list[ColumnElement[bool]]:
    """What the filters ask of a case."""
    found: list[ColumnElement[bool]] = []
    if filters.kind:
        found.append(Case.state_kind == inline(filters.kind))
    if filters.procedure:
        chosen = select(Procedure.id).where(Procedure.code == filters.procedure)
        found.append(Case.procedure_id == chosen.scalar_subquery())
    if filters.states:
        found.append(Case.state.in_(filters.states))
    if filters.unit_id is not None:
        found.append(Case.unit_id == filters.unit_id)
    if filters.holder == "me":
        found.append(Case.holder_id == actor.person_id)
    elif filters.holder == "nobody":
        found.append(Case.holder_id.is_(None))
    elif filters.holder:
        found.append(Case.holder_id == int(filters.holder))
    if filters.lateness == "late":
        found.append(Case.original_due_at < at)
    elif filters.lateness == "on_time":
        found.append(or_(Case.original_due_at.is_(None), Case.original_due_at >= at))
    if filters.query:
        found.append(_matches(filters.query.strip(), filters.codes))
    return found


def _matches(typed: str, codes: tuple[str, ...]) -> ColumnElement[bool]:
    """By code or key exactly, else by words without their marks in what names the dossier or its organisation.

    Each way begins at an index of its own. What changed since its words were kept is read as it stands.
    """
    spelt = codes or (typed.upper(),)
    named = select(Organisation.id).where(found_by_words(Organisation.search_text, typed))
    changed = or_(Case.words_at.is_(None), Case.words_at < Case.updated_at)
    ways = (
        select(CaseWords.case_id).where(_named(typed)),
        select(Case.id).where(changed, found_by_words_unfolded(Case.title, typed)),
        select(Case.id).where(Case.organisation_id.in_(named)),
        select(Case.id).where(Case.key.in_(spelt)),
        select(Case.id).where(Case.code.in_(spelt)),
    )
    return Case.id.in_(union_all(*ways))


def _named(typed: str) -> ColumnElement[bool]:
    """The query stands in a subquery, so that it is made once and not for each row."""
    terms = query_terms(typed)
    if terms is None:
        return false()
    whole, beginning = parted(terms)
    asked: ColumnElement[Any] = func.to_tsquery(literal_column("'simple'"), whole, type_=TSQUERY)
    if beginning:
        asked = asked.bool_op("&&")(func.words_beginning(beginning, type_=TSQUERY))
    return CaseWords.names.bool_op("@@")(select(asked).scalar_subquery())


def my_reviews(session: Session, *, actor: Actor, most: int = 200) -> list[Any]:
    """The review tasks of a person, open ones first; titles only, for the file opens after the declaration."""
    query = (
        select(
            ReviewAssignment.id,
            ReviewAssignment.assigned_at,
            ReviewAssignment.declared_at,
            ReviewAssignment.submitted_at,
            Case.key,
            Case.code,
            Case.title,
            Case.state,
            Case.version_id,
            Case.due_at,
            Organisation.name_vi.label("organisation_vi"),
            Organisation.name_en.label("organisation_en"),
        )
        .join(Case, Case.id == ReviewAssignment.case_id)
        .outerjoin(Organisation, Organisation.id == Case.organisation_id)
        .where(ReviewAssignment.reviewer_id == actor.person_id, ReviewAssignment.removed_at.is_(None))
        .order_by(ReviewAssignment.submitted_at.is_not(None), ReviewAssignment.id.desc())
        .limit(most)
    )
    return list(session.execute(query))

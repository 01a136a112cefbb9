"""Reviews as officers and reviewers see them: who could be asked, and what stands in which review."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from accounts.models import Membership, Organisation, Person, Unit
from accounts.queries.holders import people_holding
from applications.models import Case, Conflict, ReviewAssignment, ReviewScore
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack, Rubric
from applications.queries.dossier import own_assignment
from foundation.actors import Actor
from foundation.database import now
from foundation.workdays import local_date


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reviewer who could be asked; ``open_tasks`` is how many reviews they still owe elsewhere."""

    person_id: int
    name: str
    open_tasks: int
    has_conflict: bool
    is_assigned: bool

    @property
    def is_free(self) -> bool:
        return not self.has_conflict and not self.is_assigned


def candidates(session: Session, case: Case, *, actor: Actor) -> list[Candidate]:
    """The reviewers for this case's procedure and unit but for the actor, those with the fewest tasks first."""
    pack = pack_of_version(session, case.version_id)
    unit = session.get_one(Unit, case.unit_id)
    reviewers = people_holding(["reviewer"], procedure=pack.code, unit=unit)
    tasks = _open_tasks()
    query = (
        select(
            Person.id,
            Person.full_name,
            tasks.label("open_tasks"),
            _has_conflict(case).label("has_conflict"),
            _is_assigned(case).label("is_assigned"),
        )
        .where(Person.id.in_(reviewers), Person.id != actor.person_id)
        .order_by(tasks, Person.full_name, Person.id)
    )
    return [Candidate(*row) for row in session.execute(query)]


def _open_tasks() -> Any:
    return (
        select(func.count())
        .select_from(ReviewAssignment)
        .where(
            ReviewAssignment.reviewer_id == Person.id,
            ReviewAssignment.removed_at.is_(None),
            ReviewAssignment.submitted_at.is_(None),
        )
        .scalar_subquery()
    )


def _has_conflict(case: Case) -> Any:
    member = select(Membership.id).where(
        Membership.person_id == Person.id,
        Membership.organisation_id == case.organisation_id,
    )
    standing = select(Conflict.id).where(
        Conflict.person_id == Person.id,
        Conflict.organisation_id == case.organisation_id,
        or_(Conflict.until.is_(None), Conflict.until >= local_date(now())),
    )
    declared = select(ReviewAssignment.id).where(
        ReviewAssignment.case_id == case.id,
        ReviewAssignment.reviewer_id == Person.id,
        ReviewAssignment.has_conflict.is_(True),
    )
    return or_(member.exists(), standing.exists(), declared.exists())


def _is_assigned(case: Case) -> Any:
    query = select(ReviewAssignment.id).where(
        ReviewAssignment.case_id == case.id,
        ReviewAssignment.reviewer_id == Person.id,
        ReviewAssignment.removed_at.is_(None),
    )
    return query.exists()


@dataclass(frozen=True, slots=True)
class ReviewTask:
    """One's own review with what the reviewer may know of its case now."""

    assignment: ReviewAssignment
    case: Case
    pack: Pack
    organisation: Organisation | None

    @property
    def rubric(self) -> Rubric | None:
        return self.pack.rubric

    @property
    def scores(self) -> Mapping[str, ReviewScore]:
        return {row.criterion: row for row in self.assignment.scores}

    @property
    def is_writable(self) -> bool:
        """Whether the review is being written: declared, not handed in, and the case still open."""
        return (
            self.assignment.has_conflict is False
            and self.assignment.submitted_at is None
            and self.case.state_kind == "open"
        )


def review_task(session: Session, assignment_id: int, *, actor: Actor) -> ReviewTask:
    """One's own review task. Raises NotFound for anybody else's."""
    assignment = own_assignment(session, assignment_id, actor=actor)
    case = session.get_one(Case, assignment.case_id)
    organisation = session.get(Organisation, case.organisation_id) if case.organisation_id else None
    return ReviewTask(assignment, case, pack_of_version(session, case.version_id), organisation)


def score_map(rows: Sequence[ReviewScore]) -> Mapping[str, ReviewScore]:
    """Scores by criterion."""
    return {row.criterion: row for row in rows}

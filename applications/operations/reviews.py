"""Reviews: assigning, declaring conflicts before the file opens, scoring by the rubric, submitting."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

import orjson
from flask_babel import lazy_gettext
from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session

from accounts.models import Membership
from applications.engine import lock
from applications.models import Case, Conflict, ReviewAssignment, ReviewScore
from applications.models.reviews import CONFLICT_KINDS
from applications.noticetopics import TASKS
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Rubric
from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotAllowed, NotFound, Reason
from foundation.notices import NoticeKind, notify, register_notice
from foundation.prepared import prepare
from foundation.reasons import register_reasons
from foundation.workdays import local_date

ASSIGNING_ROLES = ("case_officer",)
LONGEST_COMMENT = 5000


@dataclass(frozen=True, slots=True)
class Score:
    """A score as it came in: whole or open, with a comment."""

    value: int | None
    comment: str = ""


def assign_reviewer(session: Session, case: Case, reviewer: Actor, *, actor: Actor) -> ReviewAssignment:
    """Ask a reviewer for this case.

    Raises:
        NotAllowed: the actor assigns nobody here.
        Invalid: the person is no reviewer for it, has a conflict, or is assigned already.
        Blocked: the case is no longer open.
    """
    case = lock(session, case)
    pack = pack_of_version(session, case.version_id)
    if not actor.has_role(*ASSIGNING_ROLES, procedure=pack.code, unit_id=case.unit_id):
        raise NotAllowed
    if case.state_kind != "open" or pack.rubric is None:
        raise Blocked("case_is_not_open")
    if not reviewer.has_role("reviewer", procedure=pack.code, unit_id=case.unit_id):
        raise Invalid({"reviewer": ["no_reviewer_here"]})
    if reviewer.person_id == actor.person_id or _is_conflicted(session, case, reviewer):
        raise Invalid({"reviewer": ["reviewer_has_conflict"]})
    if _current(session, case.id, reviewer.person_id) is not None:
        raise Invalid({"reviewer": ["reviewer_already_assigned"]})
    assignment = ReviewAssignment(
        case_id=case.id, reviewer_id=reviewer.person_id, assigned_by_id=actor.person_id, assigned_at=now()
    )
    session.add(assignment)
    session.flush()
    _note(session, case, assignment, actor, "applications:review:assign")
    notify(
        session,
        {assignment.reviewer_id},
        ASSIGNED,
        facts={"title": case.title, "code": case.code or case.key},
        link=f"/reviews/{assignment.id}",
        case_id=case.id,
        exclude=actor,
    )
    return assignment


def _is_conflicted(session: Session, case: Case, reviewer: Actor) -> bool:
    member = select(Membership.id).where(
        Membership.person_id == reviewer.person_id, Membership.organisation_id == case.organisation_id
    )
    standing = select(Conflict.id).where(
        Conflict.person_id == reviewer.person_id,
        Conflict.organisation_id == case.organisation_id,
        or_(Conflict.until.is_(None), Conflict.until >= local_date(now())),
    )
    declared = select(ReviewAssignment.id).where(
        ReviewAssignment.case_id == case.id,
        ReviewAssignment.reviewer_id == reviewer.person_id,
        ReviewAssignment.has_conflict.is_(True),
    )
    return bool(session.scalar(select(or_(member.exists(), standing.exists(), declared.exists()))))


def _current(session: Session, case_id: int, reviewer_id: int | None) -> ReviewAssignment | None:
    return session.scalar(
        select(ReviewAssignment).where(
            ReviewAssignment.case_id == case_id,
            ReviewAssignment.reviewer_id == reviewer_id,
            ReviewAssignment.removed_at.is_(None),
        )
    )


def remove_reviewer(session: Session, assignment: ReviewAssignment, *, actor: Actor) -> None:
    """Release a reviewer who has not submitted. Raises NotAllowed, Blocked."""
    case = lock(session, session.get_one(Case, assignment.case_id))
    pack = pack_of_version(session, case.version_id)
    if not actor.has_role(*ASSIGNING_ROLES, procedure=pack.code, unit_id=case.unit_id):
        raise NotAllowed
    session.refresh(assignment)
    if assignment.submitted_at is not None:
        raise Blocked("review_already_submitted")
    assignment.removed_at = now()
    _note(session, case, assignment, actor, "applications:review:release")


def declare_conflict(
    session: Session, assignment: ReviewAssignment, *, actor: Actor, has_conflict: bool, kind: str = "", note: str = ""
) -> None:
    """Say, before the file opens, whether one has an interest in the applicant; said once.

    With a conflict the assignment ends, and this person cannot be assigned to the case again.
    """
    case = _own(session, assignment, actor)
    if assignment.declared_at is not None:
        raise Blocked("already_declared")
    if has_conflict and kind not in CONFLICT_KINDS:
        raise Invalid({"kind": ["required"]})
    assignment.declared_at, assignment.has_conflict = now(), has_conflict
    assignment.conflict_kind = kind if has_conflict else None
    assignment.conflict_note = note[:LONGEST_COMMENT] if has_conflict else ""
    if has_conflict:
        assignment.removed_at = assignment.declared_at
    _note(session, case, assignment, actor, "applications:review:declare", conflict=has_conflict)


def _own(session: Session, assignment: ReviewAssignment, actor: Actor) -> Case:
    case = lock(session, session.get_one(Case, assignment.case_id))
    session.refresh(assignment)
    if assignment.reviewer_id != actor.person_id or assignment.removed_at is not None:
        raise NotFound
    if case.state_kind != "open":
        raise Blocked("case_is_not_open")
    return case


HOLD = prepare(
    text(
        """
        SELECT assignment.id, case_id, reviewer_id, assigned_at, declared_at, has_conflict, summary, submitted_at,
               removed_at, cases.key, cases.version_id, cases.state_kind
          FROM cases JOIN review_assignments AS assignment ON assignment.case_id = cases.id
         WHERE assignment.id = :assignment_id
           FOR UPDATE OF cases, assignment
        """  # the case first, as everybody does
    )
)
KEEP = prepare(
    text(
        """
        WITH kept AS (
          INSERT INTO review_scores AS row (assignment_id, criterion, score, comment)
          SELECT :assignment_id, criterion, score, comment
            FROM jsonb_to_recordset(CAST(:scores AS jsonb)) AS given (criterion text, score bigint, comment text)
          ON CONFLICT (assignment_id, criterion) DO UPDATE SET score = excluded.score, comment = excluded.comment
                WHERE (row.score, row.comment) IS DISTINCT FROM (excluded.score, excluded.comment)
        ), said AS (
          UPDATE review_assignments SET summary = CAST(:summary AS text)
           WHERE id = :assignment_id AND summary <> CAST(:summary AS text)
        )
        SELECT criterion, score, comment FROM review_scores WHERE assignment_id = :assignment_id ORDER BY id
        """
    )
)


@dataclass(frozen=True, slots=True)
class KeptReview:
    """A review with what was just kept of it: the scores by criterion."""

    row: Any
    summary: str
    scores: Mapping[str, Score]


def hold_review(session: Session, assignment_id: int, *, actor: Actor) -> Any:
    """One's own review task with the key, version and state of its case, both held until the transaction ends.

    Raises NotFound for anybody else's.
    """
    found = HOLD.rows(session, assignment_id=assignment_id)
    if not found or found[0].reviewer_id != actor.person_id or found[0].removed_at is not None:
        raise NotFound
    return found[0]


def keep_review(session: Session, held: Any, scores: Mapping[str, Score], *, summary: str | None) -> KeptReview:
    """Keep scores and comments while the review that is held is being written; incomplete is allowed.

    Raises Invalid for scores off the scale or on no criterion, Blocked before the declaration or afterwards.
    """
    if held.state_kind != "open":
        raise Blocked("case_is_not_open")
    if faults := _score_faults(_open_rubric(session, held, held), scores):
        raise Invalid(faults)
    given = {key: Score(score.value, normalize("NFC", score.comment.strip())) for key, score in scores.items()}
    said = None if summary is None else normalize("NFC", summary.strip())[:LONGEST_COMMENT]
    sent = [{"criterion": key, "score": score.value, "comment": score.comment} for key, score in given.items()]
    before = KEEP.rows(session, assignment_id=held.id, summary=said, scores=orjson.dumps(sent).decode())
    kept = {row.criterion: Score(row.score, row.comment) for row in before} | given
    return KeptReview(held, held.summary if said is None else said, kept)


def save_review(
    session: Session,
    assignment: ReviewAssignment,
    scores: Mapping[str, Score],
    *,
    actor: Actor,
    summary: str | None = None,
) -> None:
    """Keep what was written, as :func:`keep_review`. Raises also NotFound."""
    session.flush()
    held = hold_review(session, assignment.id, actor=actor)
    try:
        keep_review(session, held, scores, summary=summary)
    finally:
        session.expire(assignment)


def _open_rubric(session: Session, case: Any, assignment: Any) -> Rubric:
    rubric = pack_of_version(session, case.version_id).rubric
    if rubric is None:
        raise NotFound
    if assignment.has_conflict is not False:
        raise Blocked("declare_first")
    if assignment.submitted_at is not None:
        raise Blocked("review_already_submitted")
    return rubric


def _score_faults(rubric: Rubric, scores: Mapping[str, Score]) -> dict[str, list[Reason | str]]:
    known = {criterion.key for criterion in rubric.criteria}
    faults: dict[str, list[Reason | str]] = {}
    for criterion, score in scores.items():
        if criterion not in known:
            faults[criterion] = ["no_such_field"]
        elif score.value is not None and not rubric.lowest <= score.value <= rubric.highest:
            faults[criterion] = [Reason("off_the_scale", {"lowest": rubric.lowest, "highest": rubric.highest})]
        elif len(score.comment) > LONGEST_COMMENT:
            faults[criterion] = [Reason("too_long", {"limit": LONGEST_COMMENT})]
    return faults


def submit_review(session: Session, assignment: ReviewAssignment, *, actor: Actor) -> None:
    """Hand the review in: every criterion scored, comments where the rubric demands them. Final."""
    case = _own(session, assignment, actor)
    rubric = _open_rubric(session, case, assignment)
    if faults := incomplete_scores(rubric, {row.criterion: row for row in assignment.scores}):
        raise Invalid(faults)
    assignment.submitted_at = now()
    _note(session, case, assignment, actor, "applications:review:submit")


def incomplete_scores(rubric: Rubric, rows: Mapping[str, ReviewScore]) -> dict[str, list[Reason | str]]:
    """What a review still needs, by criterion."""
    faults: dict[str, list[Reason | str]] = {}
    for criterion in rubric.criteria:
        row = rows.get(criterion.key)
        if row is None or row.score is None:
            faults[criterion.key] = ["required"]
        elif row.score in rubric.comment_at and not row.comment:
            faults[criterion.key] = [Reason("comment_required", {"score": row.score})]
    return faults


def weighted_score(rubric: Rubric, rows: Mapping[str, ReviewScore]) -> int:
    """The weighted mean as basis points of the highest score (10,000 is full marks), rounded half up."""
    weights = sum(criterion.weight for criterion in rubric.criteria)
    reached = sum(
        criterion.weight * ((rows[criterion.key].score or rubric.lowest) - rubric.lowest)
        for criterion in rubric.criteria
        if criterion.key in rows
    )
    full = weights * (rubric.highest - rubric.lowest)
    return (20_000 * reached + full) // (2 * full)


def _note(session: Session, case: Case, assignment: ReviewAssignment, actor: Actor, action: str, **facts: Any) -> None:
    audit.append(
        session,
        case.stream,
        actor=actor,
        action=action,
        subject=("case", case.id),
        facts={"assignment": assignment.id, **facts},
    )


ASSIGNED = register_notice(
    NoticeKind(
        "review_assigned",
        subject=lazy_gettext("Please review: %(title)s"),
        body=lazy_gettext(
            "You are asked to review the dossier %(code)s, “%(title)s”. Before the file opens, please declare "
            "whether you have a conflict of interest."
        ),
        topic=TASKS,
    )
)
audit.register_actions(
    {
        "applications:review:assign": lazy_gettext("A reviewer was assigned."),
        "applications:review:release": lazy_gettext("A reviewer was released."),
        "applications:review:declare": lazy_gettext("A reviewer declared on conflicts of interest."),
        "applications:review:submit": lazy_gettext("A review was submitted."),
    }
)
register_reasons(
    {
        "case_is_not_open": lazy_gettext("The dossier is not being processed."),
        "no_reviewer_here": lazy_gettext("This person does not hold the role of a reviewer for this procedure."),
        "reviewer_has_conflict": lazy_gettext("This person has a conflict of interest and cannot be assigned."),
        "reviewer_already_assigned": lazy_gettext("This person is already assigned."),
        "review_already_submitted": lazy_gettext("This review was already submitted."),
        "already_declared": lazy_gettext("You have already made your declaration."),
        "declare_first": lazy_gettext("Declare first whether you have a conflict of interest."),
        "off_the_scale": lazy_gettext("Give a score from %(lowest)s to %(highest)s."),
        "comment_required": lazy_gettext("Explain a score of %(score)s by a comment."),
    }
)

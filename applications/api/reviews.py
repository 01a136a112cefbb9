"""Endpoints of reviews: asking reviewers, declaring, scoring, submitting."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import ColumnElement, func, select

from accounts.models import Person
from accounts.queries import actor_of_person
from applications.api.facts import day_of
from applications.models import Case, ReviewAssignment
from applications.operations.reviews import (
    Score,
    assign_reviewer,
    declare_conflict,
    hold_review,
    keep_review,
    submit_review,
    weighted_score,
)
from applications.packs.catalogue import pack_of_version
from applications.packs.describing import described_rubric
from applications.packs.model import Rubric
from applications.queries.cases import find_application
from applications.queries.dossier import own_assignment, visible_reviews
from applications.queries.lists import applicant_name, my_reviews
from applications.schemas.procedures import RubricShape
from applications.schemas.reviews import (
    AssignedReviewer,
    Declaration,
    GivenReviewList,
    NewReviewer,
    NothingMore,
    ReviewList,
    ReviewShape,
    ScoreShape,
    WrittenReview,
)
from applications.visibility import reader_of
from foundation.access import SIGNED_IN, access, current_actor
from foundation.actors import PUBLIC, Actor
from foundation.api import ApiBlueprint, faults_below, reader_language
from foundation.database import db
from foundation.errors import Invalid, NotAllowed
from foundation.schemas import reasons_by_path

HUNDREDTH = Decimal("0.01")

blueprint = ApiBlueprint(
    "api_reviews",
    __name__,
    tag="Reviews",
    description="Reviews: the file opens to a reviewer after the declaration of interests.",
)


@blueprint.post("/applications/<string:key>/reviewers")
@access(SIGNED_IN)
@blueprint.arguments(NewReviewer)
@blueprint.response(201, AssignedReviewer)
def assign(sent: dict[str, Any], key: str) -> dict[str, Any]:
    """Ask a reviewer for a dossier"""
    session, actor = db.session(), current_actor()
    application = find_application(session, key, actor=actor)
    reviewer = _person(sent["person"])
    try:
        assignment = assign_reviewer(session, application, reviewer, actor=actor)
    except Invalid as refusal:
        raise Invalid({"person": refusal.fields["reviewer"]}) from refusal
    return {
        "id": assignment.id,
        "person_id": assignment.reviewer_id,
        "name": reviewer.name,
        "assigned_at": assignment.assigned_at,
    }


def _person(named: Any) -> Actor:
    """The person with this id or address; the public, who reviews nothing, when there is none."""
    session = db.session()
    wanted: ColumnElement[bool]
    if isinstance(named, int) and not isinstance(named, bool) and abs(named) < 2**63:
        wanted = Person.id == named
    elif isinstance(named, str):
        wanted = func.lower(Person.email) == named.strip().lower()
    else:
        raise Invalid({"person": ["not_text"]})
    person_id = session.scalar(select(Person.id).where(wanted))
    return PUBLIC if person_id is None else actor_of_person(session, person_id)


@blueprint.get("/applications/<string:key>/reviews")
@access(SIGNED_IN)
@blueprint.response(200, GivenReviewList)
def list_given_reviews(key: str) -> dict[str, Any]:
    """List the reviews of a dossier

    For the authority; to a reviewer the others' only after one's own is in. Applicants have no part in them.
    """
    session, actor = db.session(), current_actor()
    application = find_application(session, key, actor=actor)
    pack = pack_of_version(session, application.version_id)
    reader = reader_of(application, pack.code, actor)
    if reader.is_applicant:
        raise NotAllowed
    rows = visible_reviews(session, application, actor=actor, is_staff=reader.is_staff)
    return {"items": [_given(row, pack.rubric) for row in rows], "next_cursor": None}


def _given(row: Any, rubric: Rubric | None) -> dict[str, Any]:
    assignment: ReviewAssignment = row.ReviewAssignment
    same = ("id", "assigned_at", "declared_at", "submitted_at")
    told = {**{name: getattr(assignment, name) for name in same}, "reviewer": row.full_name}
    if assignment.submitted_at is None or rubric is None:
        return {**told, "summary": "", "scores": {}, "weighted_percent": None}
    weighted = weighted_score(rubric, {score.criterion: score for score in assignment.scores})
    return {
        **told,
        "summary": assignment.summary,
        "scores": _told_scores(assignment),
        "weighted_percent": (Decimal(weighted) / 100).quantize(HUNDREDTH),
    }


def _told_scores(assignment: ReviewAssignment) -> dict[str, Any]:
    return {row.criterion: {"score": row.score, "comment": row.comment} for row in assignment.scores}


@blueprint.get("/reviews")
@access(SIGNED_IN)
@blueprint.response(200, ReviewList)
def list_reviews() -> dict[str, Any]:
    """List the reviews that the caller was asked for, open ones first"""
    rows = my_reviews(db.session(), actor=current_actor())
    return {"items": [_item(row) for row in rows], "next_cursor": None}


def _item(row: Any) -> dict[str, Any]:
    same = ("id", "key", "code", "title", "assigned_at", "declared_at", "submitted_at")
    name = applicant_name(row, reader_language()) or None
    return {**{field: getattr(row, field) for field in same}, "organisation": name, "due_on": day_of(row.due_at)}


@blueprint.get("/reviews/<int:review_id>")
@access(SIGNED_IN)
@blueprint.response(200, ReviewShape)
def read_review(review_id: int) -> dict[str, Any]:
    """Read one's own review"""
    return _review(_own(review_id))


@blueprint.post("/reviews/<int:review_id>/declaration")
@access(SIGNED_IN)
@blueprint.arguments(Declaration)
@blueprint.response(200, ReviewShape)
def declare(sent: dict[str, Any], review_id: int) -> dict[str, Any]:
    """Declare, once, whether one has an interest in the applicant

    Without a conflict the file opens; with one the assignment ends.
    """
    assignment = _own(review_id)
    declare_conflict(
        db.session(),
        assignment,
        actor=current_actor(),
        has_conflict=sent["has_conflict"],
        kind=sent.get("kind", ""),
        note=sent.get("note", ""),
    )
    return _review(assignment)


@blueprint.put("/reviews/<int:review_id>")
@access(SIGNED_IN)
@blueprint.arguments(WrittenReview)
@blueprint.response(200, ReviewShape)
def write_review(sent: dict[str, Any], review_id: int) -> dict[str, Any]:
    """Save scores and comments; incomplete is allowed"""
    session = db.session()
    held = hold_review(session, review_id, actor=current_actor())
    scores = _scores(sent["scores"])
    with faults_below("scores"):
        kept = keep_review(session, held, scores, summary=sent.get("summary"))
    told = {key: {"score": score.value, "comment": score.comment} for key, score in kept.scores.items()}
    return _told(kept.row, kept.row, {"summary": kept.summary, "scores": told})


def _scores(sent: Mapping[str, Any]) -> dict[str, Score]:
    scores = {}
    for criterion, given in sent.items():
        try:
            score = ScoreShape().load(given)
        except ValidationError as error:
            raise Invalid(reasons_by_path(error.messages, f"scores.{criterion}")) from error
        scores[criterion] = Score(score["score"], score["comment"])
    return scores


@blueprint.post("/reviews/<int:review_id>/submission")
@access(SIGNED_IN)
@blueprint.arguments(NothingMore, required=False)
@blueprint.response(200, ReviewShape)
def submit(sent: dict[str, Any], review_id: int) -> dict[str, Any]:
    """Hand the review in, complete and final"""
    assignment = _own(review_id)
    with faults_below("scores"):
        submit_review(db.session(), assignment, actor=current_actor())
    return _review(assignment)


def _own(review_id: int) -> ReviewAssignment:
    return own_assignment(db.session(), review_id, actor=current_actor())


def _review(assignment: ReviewAssignment) -> dict[str, Any]:
    case = db.session().get_one(Case, assignment.case_id)
    return _told(assignment, case, {"summary": assignment.summary, "scores": _told_scores(assignment)})


def _told(assignment: Any, case: Any, written: Mapping[str, Any]) -> dict[str, Any]:
    same = ("id", "assigned_at", "declared_at", "has_conflict", "submitted_at")
    return {
        **{name: getattr(assignment, name) for name in same},
        **written,
        "key": case.key,
        "rubric": _rubric(case.version_id),
    }


def _rubric(version_id: int) -> Any:
    """What reviewers judge, put into words once: a version never changes."""
    if version_id not in _rubrics:
        rubric = pack_of_version(db.session(), version_id).rubric
        _rubrics[version_id] = None if rubric is None else RubricShape().dump(described_rubric(rubric))
    return _rubrics[version_id]


_rubrics: dict[int, Any] = {}

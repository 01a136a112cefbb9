"""Reviews as reviewers make them: one's tasks, the declaration before the file opens, scoring."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from applications.models.reviews import CONFLICT_KINDS
from applications.operations.reviews import (
    LONGEST_COMMENT,
    Score,
    declare_conflict,
    incomplete_scores,
    save_review,
    submit_review,
    weighted_score,
)
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack, Rubric
from applications.queries.dossier import own_assignment
from applications.queries.lists import my_reviews
from applications.queries.reviews import ReviewTask, review_task
from applications.web.blueprint import blueprint
from applications.web.wording import CONFLICT_TITLES, sentences_by_field
from foundation.access import access, current_actor, roles
from foundation.database import db, transaction
from foundation.errors import Invalid, NotFound, Reason

Answer = str | Response | tuple[str, int]
REVIEWERS = roles("reviewer")
STANDINGS = {
    "submitted": (lazy_gettext("Submitted"), "green"),
    "not_needed": (lazy_gettext("No longer needed"), "secondary"),
    "to_write": (lazy_gettext("To be written"), "blue"),
    "to_declare": (lazy_gettext("Declaration first"), "yellow"),
}
"""What a review task waits for: in words, and the colour in which it is shown."""


@blueprint.get("/reviews")
@access(REVIEWERS)
def reviews() -> str:
    """One's review tasks, open ones first."""
    session = db.session()
    rows = my_reviews(session, actor=current_actor())
    lines = [(row, standing_of(row, pack_of_version(session, row.version_id))) for row in rows]
    return render_template("applications/reviews.html", lines=lines, standings=STANDINGS)


def standing_of(row: Any, pack: Pack) -> str:
    """What a review task waits for."""
    if row.submitted_at:
        return "submitted"
    if pack.state_by_key[row.state].kind != "open":
        return "not_needed"
    return "to_write" if row.declared_at else "to_declare"


@blueprint.get("/reviews/<int:assignment_id>")
@access(REVIEWERS)
def review(assignment_id: int) -> str:
    """The declaration; after it the review, to write or to read."""
    task = review_task(db.session(), assignment_id, actor=current_actor())
    if task.assignment.declared_at is None:
        return _declaration(task)
    return _review(task)


@blueprint.post("/reviews/<int:assignment_id>/declaration")
@access(REVIEWERS)
def declare(assignment_id: int) -> Answer:
    """Say whether one has an interest in the applicant; once."""
    actor, sent = current_actor(), request.form
    try:
        with transaction(db.session()) as session:
            declare_conflict(
                session,
                own_assignment(session, assignment_id, actor=actor),
                actor=actor,
                has_conflict=_declared(sent.get("has_conflict", "")),
                kind=sent.get("kind", ""),
                note=sent.get("note", ""),
            )
    except Invalid as refusal:
        task = review_task(db.session(), assignment_id, actor=actor)
        return _declaration(task, typed=sent, faults=refusal.fields), 422
    if sent["has_conflict"] == "yes":
        flash(_("Thank you. The dossier stays closed to you, and the officer asks somebody else."), "success")
        return redirect(url_for("applications.reviews"), 303)
    return redirect(url_for("applications.review", assignment_id=assignment_id), 303)


def _declared(answer: str) -> bool:
    if answer not in ("yes", "no"):
        raise Invalid({"has_conflict": ["required"]})
    return answer == "yes"


def _declaration(task: ReviewTask, *, typed: Mapping[str, str] | None = None, faults: Any = None) -> str:
    return render_template(
        "applications/declaration.html",
        task=task,
        kinds=[(kind, CONFLICT_TITLES[kind]) for kind in CONFLICT_KINDS],
        typed=typed or {},
        errors=sentences_by_field(faults or {}),
    )


@blueprint.post("/reviews/<int:assignment_id>")
@access(REVIEWERS)
def write_review(assignment_id: int) -> Answer:
    """Keep what was written; with the button that says so, hand it in for good."""
    actor = current_actor()
    task = review_task(db.session(), assignment_id, actor=actor)
    if task.rubric is None:
        raise NotFound
    scores, faults = _typed_scores(task.rubric)
    summary = request.form.get("summary", "")
    try:
        if faults:
            raise Invalid(faults)
        with transaction(db.session()) as session:
            save_review(session, task.assignment, scores, actor=actor, summary=summary)
        if request.form.get("do") != "submit":
            flash(_("Your review is saved. It is not submitted yet."), "success")
            return redirect(url_for("applications.review", assignment_id=assignment_id), 303)
        with transaction(db.session()) as session:
            submit_review(session, task.assignment, actor=actor)
    except Invalid as refusal:
        task = review_task(db.session(), assignment_id, actor=actor)
        return _review(task, typed=scores, summary=summary, faults=refusal.fields), 422
    flash(_("Thank you. Your review is submitted."), "success")
    return redirect(url_for("applications.review", assignment_id=assignment_id), 303)


def _typed_scores(rubric: Rubric) -> tuple[dict[str, Score], dict[str, list[Reason | str]]]:
    scores: dict[str, Score] = {}
    faults: dict[str, list[Reason | str]] = {}
    for criterion in rubric.criteria:
        value = request.form.get(f"score-{criterion.key}", "")
        if value and not (value.isascii() and value.isdecimal() and len(value) < 4):
            faults[criterion.key] = [Reason("off_the_scale", {"lowest": rubric.lowest, "highest": rubric.highest})]
            value = ""
        comment = request.form.get(f"comment-{criterion.key}", "").replace("\x00", "")
        scores[criterion.key] = Score(int(value) if value else None, comment)
    return scores, faults


def _review(
    task: ReviewTask, *, typed: Mapping[str, Score] | None = None, summary: str | None = None, faults: Any = None
) -> str:
    if task.rubric is None:
        raise NotFound
    kept = {key: Score(row.score, row.comment) for key, row in task.scores.items()}
    return render_template(
        "applications/review.html",
        task=task,
        rubric=task.rubric,
        scores=typed if typed is not None else kept,
        summary=task.assignment.summary if summary is None else summary,
        errors=sentences_by_field(faults or {}),
        missing=len(incomplete_scores(task.rubric, task.scores)),
        percent=weighted_score(task.rubric, task.scores) if task.assignment.submitted_at else None,
        weights=sum(criterion.weight for criterion in task.rubric.criteria),
        longest=LONGEST_COMMENT,
    )

"""Answers kept while they are typed: the page's script sends what changed and is told what became of it."""

from collections.abc import Mapping
from typing import Any

from flask import jsonify, render_template, request
from werkzeug.wrappers import Response

from applications.forms import form_for, raw_answers, shown_answer
from applications.forms.fields import AnswerField
from applications.forms.form import Mistake, mistakes_of
from applications.operations.answers import Held, Kept, hold_draft, keep_answers
from applications.queries.editors import names_of
from applications.revisions import Seen, read_seen
from applications.web.blueprint import blueprint
from applications.web.wording import language
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db, transaction

MINE, TAKE = "mine", "take"
"""Names of the buttons that settle a conflict: what was typed is to stand (the value is what the writer now
saw), or what is stored (the value is the question)."""


@blueprint.post("/dossiers/<key>/answers")
@access(SIGNED_IN)
def keep(key: str) -> Response:
    """Keep the answers to the questions named; 409 when somebody else changed one of them meanwhile."""
    actor = current_actor()
    with transaction(db.session()) as session:
        held = hold_draft(session, key, request.form.getlist("question"), actor=actor)
        typed = typed_answers(held)
        kept = keep_answers(session, held, typed, seen_by_writer(), actor=actor)
    answer = jsonify(
        revision=kept.revision,
        at=kept.at.isoformat(),
        seen={spec.key: kept.seen(spec.key) for spec in held.specs},
        errors=_errors(held, kept, typed) if kept.faults else {},
        calculated={
            spec.key: {
                "value": kept.values.get(spec.key),
                "shown": shown_answer(spec, kept.values.get(spec.key), language()) or "–",
            }
            for spec in held.pack.calculated
        },
        conflicts=_conflicts(kept) if kept.conflicts else {},
    )
    answer.status_code = 409 if kept.conflicts else 200
    return answer


def typed_answers(held: Held) -> dict[str, Any]:
    """What was typed; of the questions for which the stored answer was chosen, that one."""
    typed = raw_answers(request.form, held.specs, language=language())
    return typed | {key: held.values.get(key) for key in request.form.getlist(TAKE) if key in typed}


def seen_by_writer() -> dict[str, Seen]:
    """Which answers the writer had before their eyes when they typed, or chose their own."""
    return read_seen([*request.form.getlist("seen"), *request.form.getlist(MINE)])


def _errors(held: Held, kept: Kept, typed: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong, by question, in sentences; of a table with the row and the column."""
    form = form_for(held.specs, typed, kept.faults, language(), others=kept.values)
    told = {field.spec.key: [_line(field, mistake) for mistake in mistakes_of(field)] for field in form}
    return {key: lines for key, lines in told.items() if lines}


def _line(field: AnswerField, mistake: Mistake) -> str:
    return mistake.sentence if mistake.title == field.title else f"{mistake.title}: {mistake.sentence}"


def _conflicts(kept: Kept) -> dict[str, str]:
    """Both answers side by side, by question, as a part of the page."""
    names = names_of(db.session(), [conflict.edit for conflict in kept.conflicts])
    return {
        conflict.spec.key: render_template(
            "applications/draft_conflict.html", conflict=conflict, names=names, language=language()
        )
        for conflict in kept.conflicts
    }

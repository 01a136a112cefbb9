"""Checking the answers, confirming, sending; and the page that says it arrived."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from applications.drafting import shown_values
from applications.engine import fire
from applications.fields.types import Faults
from applications.forms import AnswerForm, form_for, raw_answers
from applications.forms.form import Mistake
from applications.operations.drafts import save_answers
from applications.packs.model import FieldSpec, Step
from applications.queries.certification import certification_standing
from applications.queries.drafts import DraftView, draft_view
from applications.queries.sent import sent_view
from applications.web.blueprint import blueprint
from applications.web.tracking import hand_over, keep_for_reader, take_from_reader
from applications.web.wording import language
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db, transaction
from foundation.errors import Blocked, Invalid, NotFound, Reason
from foundation.reasons import sentence_of

Answer = str | Response | tuple[str, int]
PREFIX = "step-"
"""Keeps the sending step's own questions apart from those of the dossier."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was typed on the page, and why it could not be sent."""

    declared: Mapping[str, Any]
    asked: Mapping[str, Any]
    faults: Faults
    reasons: tuple[Reason, ...]


@blueprint.get("/dossiers/<key>/check")
@access(SIGNED_IN)
def check(key: str) -> str:
    """All answers and documents, what is missing, and the button that sends."""
    return _page(draft_view(db.session(), key, actor=current_actor()))


@blueprint.post("/dossiers/<key>/check")
@access(SIGNED_IN)
def send_dossier(key: str) -> Answer:
    """Keep what is declared and hand the dossier over, both or neither."""
    actor = current_actor()
    view = draft_view(db.session(), key, actor=actor)
    if view.sending is None or not view.is_open:
        return _already_sent(view)
    declared = raw_answers(request.form, declaration_specs(view), language=language())
    asked = raw_answers(request.form, view.sending.asks, language=language(), prefix=PREFIX)
    try:
        with transaction(db.session()) as session:
            revision = request.form.get("revision", 0, type=int)
            save_answers(session, view.application, declared, actor=actor, expected_revision=revision)
            given = {name: value for name, value in asked.items() if value is not None}
            fire(session, view.application, view.sending.key, actor=actor, data=given)
            secret = hand_over(session, view.application, actor=actor)
    except (Blocked, Invalid) as refusal:
        return _refused(key, declared, asked, refusal)
    keep_for_reader(key, secret)
    return redirect(url_for("applications.submitted", key=key), 303)


def declaration_specs(view: DraftView) -> list[FieldSpec]:
    """What is to be confirmed before sending."""
    return [spec for part in view.declarations for spec in part.specs]


def _already_sent(view: DraftView) -> Response:
    """Whoever presses the button twice sees that it arrived."""
    if view.application.submitted_at is None:
        raise NotFound
    return redirect(url_for("applications.submitted", key=view.application.key), 303)


def _refused(key: str, declared: Mapping[str, Any], asked: Mapping[str, Any], refusal: Blocked | Invalid) -> Answer:
    view = draft_view(db.session(), key, actor=current_actor())
    if view.sending is None or not view.is_open:
        return _already_sent(view)
    faults = refusal.fields if isinstance(refusal, Invalid) else {}
    reasons = refusal.reasons if isinstance(refusal, Blocked) else ()
    return _page(view, Attempt(declared, asked, faults, reasons)), 422 if faults else 409


def _page(view: DraftView, attempt: Attempt | None = None) -> str:
    declarations, step_form = _forms(view, attempt)
    told = [
        sentence_of(reason)
        for reason in (attempt.reasons if attempt else ())
        if reason.code not in ("answers_incomplete", "documents_missing")
    ]
    return render_template(
        "applications/check.html",
        view=view,
        declarations=declarations,
        step_form=step_form,
        mistakes=list(_mistakes(view, [declarations, step_form] if attempt else [])),
        beside=_beside(view) if view.can_edit else {},
        is_asked=attempt is not None,
        told=told,
        standing=certification_standing(db.session(), view, actor=current_actor()) if view.can_edit else None,
        language=language(),
    )


def _beside(view: DraftView) -> dict[str, list[str]]:
    """What is wrong with each answer, by question; what is wrong within a table is told once."""
    found: dict[str, list[str]] = {}
    for part in view.questions:
        for path, reasons in part.faults.items():
            sentences = found.setdefault(path.partition(".")[0], [])
            sentences += [said for said in map(sentence_of, reasons) if said not in sentences]
    return found


def _forms(view: DraftView, attempt: Attempt | None) -> tuple[AnswerForm, AnswerForm]:
    specs = declaration_specs(view)
    asks: tuple[FieldSpec, ...] = _asks(view.sending)
    values = attempt.declared if attempt else view.application.answers
    unconfirmed: Faults = {
        spec.key: [Reason("must_be_declared")] for spec in specs if spec.required and values.get(spec.key) is not True
    }
    declarations = form_for(specs, values, unconfirmed if attempt else {}, language())
    asked = form_for(asks, attempt.asked if attempt else {}, attempt.faults if attempt else {}, language(), PREFIX)
    return declarations, asked


def _asks(step: Step | None) -> tuple[FieldSpec, ...]:
    return step.asks if step else ()


@dataclass(frozen=True, slots=True)
class Hint:
    """A line of the list of what is missing: what, why, and where it is put right."""

    address: str
    title: str
    sentence: str


def _mistakes(view: DraftView, forms: list[AnswerForm]) -> Iterator[Hint]:
    """What stands against sending, in the order of the dossier."""
    key = view.application.key
    values, answers = shown_values(view.application), view.application.answers
    for part in view.questions:
        form = form_for(part.section.fields, values, part.faults, language(), others=answers)
        for mistake in form.mistakes():
            address = url_for(
                "applications.draft_section", key=key, section=part.section.key, check=1, _anchor=mistake.anchor
            )
            yield Hint(address, mistake.title, mistake.sentence)
    for slot in view.missing_documents:
        address = url_for("applications.documents", key=key, _anchor=slot.spec.key)
        yield Hint(address, slot.spec.label[language()], sentence_of(Reason("document_missing")))
    for form in forms:
        yield from map(_here, form.mistakes())


def _here(mistake: Mistake) -> Hint:
    return Hint(f"#{mistake.anchor}", mistake.title, mistake.sentence)


@blueprint.get("/dossiers/<key>/submitted")
@access(SIGNED_IN)
def submitted(key: str) -> str:
    """That the dossier arrived, under which number, and what happens next."""
    view = sent_view(db.session(), key, actor=current_actor())
    secret = take_from_reader(key)
    return render_template("applications/submitted.html", view=view, secret=secret, language=language())

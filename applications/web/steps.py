"""Making a step: a page that says what follows and asks what the step asks, then the engine decides."""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, cast

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from applications.corrections import marks_of
from applications.engine import fire, lock
from applications.fields.types import Faults
from applications.forms import AnswerForm, arrived_files, changes_rows, form_for, raw_answers, tables_with_new_row
from applications.models import Case
from applications.operations.documents import Arrival, add_step_file, receive_file
from applications.packs.model import FieldSpec, Pack, Step
from applications.previewing import preview_letter
from applications.queries.steps import StepView, latest_happening, names_of_files, people_to_choose, step_view
from applications.suggestions import suggested_answers
from applications.web.blueprint import blueprint
from applications.web.letterpreviews import preview_page
from applications.web.marking import ADD_MARKS, groups_to_mark, with_marks
from applications.web.wording import ADDRESSEE_TITLES, basis_words, language, verb_words, who_words
from foundation.access import SIGNED_IN, accepts_files, access, current_actor
from foundation.actors import Actor
from foundation.database import db, transaction
from foundation.errors import Blocked, Invalid, NotAllowed, Reason
from foundation.reasons import register_reasons, sentence_of
from foundation.wording import in_language

Answer = str | Response | tuple[str, int]
CONFIRMED = "confirmed"
ALL_KINDS = ("pdf", "docx", "xlsx", "png", "jpeg")
LARGEST_MB = 50


@blueprint.get("/dossiers/<key>/steps/<step>")
@access(SIGNED_IN)
def step(key: str, step: str) -> Answer:
    """What the step asks and what will follow from it."""
    session, actor = db.session(), current_actor()
    try:
        view = step_view(session, key, step, actor=actor)
    except (Blocked, NotAllowed) as refusal:
        return _refused(key, refusal)
    return _page(view, with_marks(view, suggested_answers(session, view.case, view.pack, view.step)), {})


@blueprint.post("/dossiers/<key>/steps/<step>")
@access(SIGNED_IN)
@accepts_files
def make_step(key: str, step: str) -> Answer:
    """Make the step with what was typed and sent, or say beside the questions what is wrong."""
    actor = current_actor()
    try:
        view = step_view(db.session(), key, step, actor=actor)
        values = raw_answers(request.form, view.step.asks)
        if ADD_MARKS in request.form:
            return _page(view, with_marks(view, values), {})
        if changes_rows(request.form):
            return _page(view, values, {})
        return _attempt(view, values, actor)
    except (Blocked, NotAllowed) as refusal:
        return _refused(key, refusal)


@blueprint.post("/dossiers/<key>/steps/<step>/letter")
@access(SIGNED_IN)
@accepts_files
def preview_step_letter(key: str, step: str) -> Answer:
    """The letter that the step would write with what was typed; nothing is issued, and files are not kept."""
    session, actor = db.session(), current_actor()
    try:
        view = step_view(session, key, step, actor=actor)
        values = raw_answers(request.form, view.step.asks)
        case = _locked(session, view.case)
        letter = preview_letter(session, case, view.step, actor=actor, data=_applying(view.step, values))
    except (Blocked, NotAllowed) as refusal:
        return _refused(key, refusal)
    except Invalid as refusal:
        return _page(view, values, refusal.fields), 422
    return preview_page(key, view.pack, view.step, letter)


def _attempt(view: StepView, values: dict[str, Any], actor: Actor) -> Answer:
    db.session().rollback()  # looking at files takes time: no connection is held meanwhile
    arrivals, faults = _received(view.step)
    faults |= _confirmation_faults(view.step)
    try:
        if faults:
            raise Invalid(faults)
        with transaction(db.session()) as session:
            case = _locked(session, view.case)
            kept = _keep(session, case, view.step, arrivals, actor)
            fire(session, case, view.step.key, actor=actor, data=_applying(view.step, values | kept))
    except Invalid as refusal:
        return _again(view, values, arrivals, refusal, actor)
    flash(_("Done: %(step)s", step=in_language(view.step.title, language())), "success")
    return redirect(url_for("applications.dossier", key=view.case.key), 303)


def _received(step: Step) -> tuple[list[tuple[FieldSpec, Arrival]], dict[str, Any]]:
    """The files that came with the form, checked and stored, and what is wrong with the others."""
    arrivals, faults = [], {}
    for spec, upload in arrived_files(request.files, step.asks):
        accept, max_mb = spec.limits.get("accept", ALL_KINDS), spec.limits.get("max_mb", LARGEST_MB)
        try:
            stream = cast(BinaryIO, upload.stream)
            arrival = receive_file(stream, upload.filename or "", upload.mimetype, accept=accept, max_mb=max_mb)
        except Invalid as refusal:
            faults[spec.key] = refusal.fields["file"]
        else:
            arrivals.append((spec, arrival))
    return arrivals, faults


def _confirmation_faults(step: Step) -> dict[str, Any]:
    if step.style == "danger" and CONFIRMED not in request.form:
        return {CONFIRMED: [Reason("must_be_declared")]}
    return {}


def _locked(session: Session, case: Case) -> Case:
    """The case, if it is still the one that the page showed. Raises Blocked."""
    locked = lock(session, case)
    if request.form.get("revision", type=int) != locked.revision:
        raise Blocked("moved_meanwhile")
    return locked


def _keep(
    session: Session, case: Case, step: Step, arrivals: list[tuple[FieldSpec, Arrival]], actor: Actor
) -> dict[str, int]:
    return {
        spec.key: add_step_file(session, case, step.key, spec, arrival, actor=actor).id for spec, arrival in arrivals
    }


def _applying(step: Step, values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to the questions that apply."""
    return {
        spec.key: values[spec.key]
        for spec in step.asks
        if spec.key in values and (spec.when is None or spec.when.holds(values))
    }


def _again(
    view: StepView, values: dict[str, Any], arrivals: list[tuple[FieldSpec, Arrival]], refusal: Invalid, actor: Actor
) -> Answer:
    """The form once more with all that was typed; the files that came are kept, so that none is sent twice."""
    if arrivals:
        with transaction(db.session()) as session:
            values = values | _keep(session, lock(session, view.case), view.step, arrivals, actor)
    return _page(view, values, refusal.fields), 422


def _page(view: StepView, values: Mapping[str, Any], faults: Faults) -> str:
    session = db.session()
    form = form_for(
        view.step.asks,
        values,
        faults,
        language(),
        people=people_to_choose(session, view),
        files=names_of_files(session, view.case, values, view.step.asks),
        blank_rows=tables_with_new_row(request.form),
    )
    return render_template(
        "applications/step.html",
        view=view,
        form=form,
        confirm_errors=[sentence_of(reason) for reason in faults.get(CONFIRMED, [])],
        general_errors=list(_general(form, faults)),
        marking=groups_to_mark(view),
        marked=frozenset(mark.part for mark in marks_of(view.step, values)),
        language=language(),
        follows=list(_follows(view.pack, view.step)),
        who=who_words(view.step.who),
        basis=basis_words(view.pack, view.step.basis),
    )


def _general(form: AnswerForm, faults: Faults) -> Iterator[str]:
    """What is wrong with no question in particular."""
    for path, reasons in faults.items():
        if path.split(".")[0] not in form and path != CONFIRMED:
            yield from map(sentence_of, reasons)


def _follows(pack: Pack, step: Step) -> Iterator[str]:
    """What making the step brings about, in sentences."""
    if step.to is not None:
        yield _("The dossier moves to “%(state)s”.", state=in_language(pack.state_by_key[step.to].title, language()))
    for clock, verb in step.clocks.items():
        yield verb_words(pack, clock, verb)
    if step.letter is not None:
        yield _(
            "A letter is written: %(letter)s.", letter=in_language(pack.letter_by_key[step.letter].title, language())
        )
    told = list(dict.fromkeys(str(ADDRESSEE_TITLES[notice.to]) for notice in step.notices))
    if told:
        yield _("Told of it: %(people)s.", people=", ".join(told))


def _refused(key: str, refusal: Blocked | NotAllowed) -> tuple[str, int]:
    """Why the step cannot be made, in words, with what happened last and the way back."""
    session = db.session()
    session.rollback()
    page = render_template(
        "applications/refused.html",
        key=key,
        refusal=refusal,
        sentences=[sentence_of(reason) for reason in refusal.reasons],
        latest=latest_happening(session, key, actor=current_actor()) if isinstance(refusal, Blocked) else None,
    )
    return page, refusal.status


register_reasons(
    {
        "moved_meanwhile": lazy_gettext(
            "Somebody did something on this dossier after you opened the page. Look at it again before you go on."
        ),
    }
)

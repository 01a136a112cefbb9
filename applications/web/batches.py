"""One step on many dossiers: choose them in the queue, see what can be done with each, do it, see the outcomes."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID, uuid4

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from applications.batches import BATCH_ROLES, MOST, try_step
from applications.fields import check_answers, completeness_faults
from applications.fields.types import Faults
from applications.forms import form_for, raw_answers
from applications.operations.batches import (
    TRIED_AT_ONCE,
    cancel_batch,
    confirm_batch,
    make_items,
    start_batch,
    start_trial,
)
from applications.packs.model import Step
from applications.queries.batches import (
    BatchView,
    Chosen,
    StepForMany,
    batch_view,
    chosen_cases,
    keys_matching,
    people_for,
    steps_together,
)
from applications.queries.queue import filters_from, queue_choices
from applications.settings import setting_of
from applications.web.blueprint import blueprint
from applications.web.queue import FILTERS
from applications.web.wording import language
from foundation.access import access, current_actor, roles
from foundation.database import db, now, transaction
from foundation.errors import NotFound, Reason
from foundation.reasons import sentence_of

STAFF_WHO_WORK = roles(*BATCH_ROLES)
CONFIRMED = "confirmed"
Answer = str | Response | tuple[str, int]


@blueprint.get("/queue/batches/new")
@access(STAFF_WHO_WORK)
def new_batch() -> str:
    """What can be done with the chosen dossiers together."""
    chosen = chosen_cases(db.session(), _keys(), actor=current_actor())
    return _choosing(chosen)


def _keys() -> Sequence[str]:
    """The dossiers chosen one by one, all on the page, or all that the filters of the queue leave."""
    if "matching" in request.args:
        session, actor = db.session(), current_actor()
        return keys_matching(session, filters_from(_asked_of_queue(), queue_choices(session, actor=actor)), actor=actor)
    return request.args.getlist("shown" if "all" in request.args else "case")


@blueprint.post("/queue/batches/preview")
@access(STAFF_WHO_WORK)
def preview_batch() -> Answer:
    """For each chosen dossier, whether the step can be made and why not; nothing is made. Many are left to a job."""
    chosen, step = _asked()
    values = raw_answers(request.form, step.step.asks)
    if faults := _faults(step.step, values, chosen):
        return _choosing(chosen, step.step.key, values, faults), 422
    if len(chosen) > TRIED_AT_ONCE:
        return _tried_by_a_job(chosen, step, values)
    return _previewed(chosen, step, values)


def _tried_by_a_job(chosen: Sequence[Chosen], step: StepForMany, values: Mapping[str, Any]) -> Answer:
    data = {key: value for key, value in values.items() if value is not None}
    number = uuid4()
    with transaction(db.session()) as session:
        looked_at = [(one.row.id, 0) for one in chosen]
        start_trial(session, number, step.step.key, looked_at, data=data, actor=current_actor())
    return _to_batch(number)


@blueprint.post("/queue/batches")
@access(STAFF_WHO_WORK)
def make_batch() -> Answer:
    """Make the step on each dossier by itself; sent again, it changes nothing more."""
    actor, batch_id = current_actor(), _batch_id()
    step = request.form.get("step", "")
    specs = _asked_specs(step)
    data = {key: value for key, value in raw_answers(request.form, specs).items() if value is not None}
    if "is_danger" in request.form and CONFIRMED not in request.form:
        chosen, found = _asked()
        return _previewed(chosen, found, data, is_unconfirmed=True), 422
    with transaction(db.session()) as session:
        cases = chosen_cases(session, request.form.getlist("case"), actor=actor)
        looked_at = [(one.row.id, request.form.get(f"{one.row.key}-revision", 0, type=int)) for one in cases]
        start_batch(session, batch_id, step, looked_at, data=data, actor=actor)
    make_items(db.session(), batch_id, actor=actor)
    return _to_batch(batch_id)


@blueprint.post("/queue/batches/<uuid:batch_id>/make")
@access(STAFF_WHO_WORK)
def make_tried_batch(batch_id: UUID) -> Answer:
    """Make the step where the trial found it possible; sent again, it changes nothing more."""
    view = batch_view(db.session(), batch_id, actor=current_actor())
    if view.step is not None and view.step.style == "danger" and CONFIRMED not in request.form:
        return _batch_page(view, is_unconfirmed=True), 422
    with transaction(db.session()) as session:
        confirm_batch(session, batch_id, actor=current_actor())
    return _to_batch(batch_id)


@blueprint.post("/queue/batches/<uuid:batch_id>/cancel")
@access(STAFF_WHO_WORK)
def cancel_waiting_batch(batch_id: UUID) -> Answer:
    """Leave what nobody came to yet; what is made stays made."""
    with transaction(db.session()) as session:
        cancel_batch(session, batch_id, actor=current_actor())
    return _to_batch(batch_id)


@blueprint.get("/queue/batches/<uuid:batch_id>")
@access(STAFF_WHO_WORK)
def batch(batch_id: UUID) -> str:
    """What can be done with each dossier, and what became of it."""
    return _batch_page(batch_view(db.session(), batch_id, actor=current_actor()))


def _batch_page(view: BatchView, *, is_unconfirmed: bool = False) -> str:
    return render_template(
        "applications/batch.html",
        view=view,
        confirm_error=sentence_of(Reason("must_be_declared")) if is_unconfirmed else "",
        queue=_queue(),
        back=_back(),
    )


def _to_batch(batch_id: UUID) -> Response:
    return redirect(url_for("applications.batch", batch_id=batch_id, back=_back()), 303)


def _back() -> str:
    """The filters of the queue from which somebody came, as its address has them."""
    return request.values.get("back", "")[:1000]


def _queue() -> str:
    """Where the queue stands as it was."""
    asked = _asked_of_queue()
    return f"{url_for('applications.queue')}?{urlencode(asked or {'kind': 'open'})}"


def _asked_of_queue() -> dict[str, str]:
    return {name: value for name, value in parse_qsl(_back()) if name in FILTERS}


def _batch_id() -> UUID:
    try:
        return UUID(request.form.get("batch", ""))
    except ValueError:
        raise NotFound from None


def _asked() -> tuple[list[Chosen], StepForMany]:
    """The dossiers and the step of the form. Raises NotFound for a step that fits none of them."""
    actor = current_actor()
    chosen = chosen_cases(db.session(), request.form.getlist("case"), actor=actor)
    steps = {entry.step.key: entry for entry in steps_together(chosen, actor=actor)}
    if request.form.get("step") not in steps:
        raise NotFound
    return chosen, steps[request.form["step"]]


def _asked_specs(step: str) -> Sequence[Any]:
    """The questions of the step, in whichever pack of the chosen dossiers knows it."""
    chosen = chosen_cases(db.session(), request.form.getlist("case"), actor=current_actor())
    known = (one.pack.step_by_key.get(step) for one in chosen)
    return next((found.asks for found in known if found is not None), ())


def _faults(step: Step, values: Mapping[str, Any], chosen: Sequence[Chosen]) -> Faults:
    setting = setting_of(db.session(), step.asks, values, at=now(), case_id=chosen[0].row.id)
    cleaned, faults = check_answers(step.asks, values, setting)
    return {**completeness_faults(step.asks, cleaned), **faults}


def _choosing(
    chosen: Sequence[Chosen], wrong: str = "", values: Mapping[str, Any] | None = None, faults: Faults | None = None
) -> str:
    session = db.session()
    entries = []
    for entry in steps_together(chosen, actor=current_actor()):
        is_wrong = entry.step.key == wrong
        given = ((values or {}) if is_wrong else {}), ((faults or {}) if is_wrong else {})
        people = people_for(session, entry)
        entries.append((entry, form_for(entry.step.asks, *given, language(), people=people)))
    return render_template(
        "applications/batch_new.html",
        chosen=chosen,
        entries=entries,
        most=MOST,
        wrong=wrong,
        back=_back(),
        queue=_queue(),
    )


def _previewed(
    chosen: Sequence[Chosen], step: StepForMany, values: Mapping[str, Any], *, is_unconfirmed: bool = False
) -> str:
    data = {key: value for key, value in values.items() if value is not None}
    people = people_for(db.session(), step)
    tried = try_step(db.session(), [one.row.id for one in chosen], step.step.key, data, current_actor())
    found = {one.case_id: one for one in tried}
    return render_template(
        "applications/batch_preview.html",
        step=step.step,
        lines=[(one, found[one.row.id]) for one in chosen],
        possible=sum(not one.reasons for one in tried),
        given=[(spec, data[spec.key]) for spec in step.step.asks if spec.key in data],
        people={key: dict(named) for key, named in people.items()},
        batch_id=uuid4(),
        confirm_error=sentence_of(Reason("must_be_declared")) if is_unconfirmed else "",
        language=language(),
        back=_back(),
        queue=_queue(),
    )

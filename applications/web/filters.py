"""Saved filters of the queue: kept, renamed, shared, deleted, and one of them to begin with."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from applications.forms.filters import SavedFilterForm
from applications.operations.filters import begin_with, change_filter, delete_filter, save_filter
from applications.queries.filters import find_filter, saved_filters
from applications.queries.queue import QueueChoices, filters_from, queue_choices
from applications.web.blueprint import blueprint
from applications.web.queue import STAFF_WITH_CASES, asked_for
from applications.web.wording import language
from foundation.access import access, current_actor
from foundation.database import db, transaction
from foundation.errors import Invalid, NotFound
from foundation.reasons import sentence_of

Answer = str | Response | tuple[str, int]


@blueprint.get("/queue/filters")
@access(STAFF_WITH_CASES)
def queue_filters() -> str:
    """All saved filters, and a form for the one in the address."""
    asked = {name: value for name, value in asked_for().items() if value}
    choices = _choices()
    filters_from(asked, choices)
    return _page(choices, asked, SavedFilterForm() if asked else None)


@blueprint.post("/queue/filters")
@access(STAFF_WITH_CASES)
def save_queue_filter() -> Answer:
    """Keep the filter in the address under a name."""
    asked: dict[str, Any] = {name: value for name, value in asked_for().items() if value} or {"kind": "open"}
    choices = _choices()
    filters_from(asked, choices)
    form = SavedFilterForm().offer(choices.units, language())
    if form.validate() and _save(form, asked, choices):
        flash(_("The filter was saved."), "success")
        return redirect(url_for("applications.queue", **asked), 303)
    return _page(choices, asked, form), 422


def _save(form: SavedFilterForm, asked: Mapping[str, str], choices: QueueChoices) -> bool:
    actor, unit_id = current_actor(), form.unit_id(choices.units)
    try:
        with transaction(db.session()) as session:
            saved = save_filter(session, form.name.data, asked, unit_id=unit_id, actor=actor)
            if form.is_first.data:
                begin_with(session, saved.id, _ids(choices), actor=actor)
    except Invalid as refusal:
        return _say(form, refusal)
    return True


@blueprint.get("/queue/filters/<int:filter_id>")
@access(STAFF_WITH_CASES)
def queue_filter(filter_id: int) -> Response:
    """The queue with a saved filter as it is now: an address to pass on."""
    found = find_filter(db.session(), filter_id, _ids(_choices()), actor=current_actor())
    return redirect(url_for("applications.queue", **found.asked))


@blueprint.post("/queue/filters/<int:filter_id>")
@access(STAFF_WITH_CASES)
def change_queue_filter(filter_id: int) -> Answer:
    """Rename an own filter, or share it otherwise."""
    choices = _choices()
    if not find_filter(db.session(), filter_id, _ids(choices), actor=current_actor()).is_own:
        raise NotFound
    form = _form_of(filter_id).offer(choices.units, language())
    if not form.validate():
        return _page(choices, {}, None, changed=(filter_id, form)), 422
    try:
        with transaction(db.session()) as session:
            unit_id = form.unit_id(choices.units)
            change_filter(session, filter_id, form.name.data, unit_id=unit_id, actor=current_actor())
    except Invalid as refusal:
        _say(form, refusal)
        return _page(choices, {}, None, changed=(filter_id, form)), 422
    return _done(_("The filter was changed."))


@blueprint.post("/queue/filters/<int:filter_id>/delete")
@access(STAFF_WITH_CASES)
def delete_queue_filter(filter_id: int) -> Response:
    """Forget an own filter."""
    with transaction(db.session()) as session:
        delete_filter(session, filter_id, actor=current_actor())
    return _done(_("The filter was deleted."))


@blueprint.post("/queue/filters/<int:filter_id>/first")
@access(STAFF_WITH_CASES)
def begin_queue_with(filter_id: int) -> Response:
    """Open the queue with this filter from now on."""
    with transaction(db.session()) as session:
        begin_with(session, filter_id, _ids(_choices()), actor=current_actor())
    return _done(_("Your queue opens with this filter now."))


@blueprint.post("/queue/filters/none-first")
@access(STAFF_WITH_CASES)
def begin_queue_with_all() -> Response:
    """Open the queue with all open dossiers again."""
    with transaction(db.session()) as session:
        begin_with(session, None, (), actor=current_actor())
    return _done(_("Your queue opens with all open dossiers now."))


def _choices() -> QueueChoices:
    return queue_choices(db.session(), actor=current_actor())


def _ids(choices: QueueChoices) -> list[int]:
    return [unit.id for unit in choices.units]


def _form_of(filter_id: int, **data: Any) -> SavedFilterForm:
    return SavedFilterForm(prefix=f"filter-{filter_id}", **data)


def _say(form: SavedFilterForm, refusal: Invalid) -> bool:
    form.name.errors = [sentence_of(reason) for reason in refusal.fields["name"]]
    return False


def _done(words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("applications.queue_filters"), 303)


def _page(
    choices: QueueChoices,
    asked: Mapping[str, str],
    form: SavedFilterForm | None,
    *,
    changed: tuple[int, SavedFilterForm] | None = None,
) -> str:
    spoken = language()
    codes = {unit.id: unit.code for unit in choices.units}
    lines = []
    for row in saved_filters(db.session(), _ids(choices), actor=current_actor()):
        own = _form_of(row.id, formdata=None, name=row.name, unit=codes.get(row.unit_id, ""))
        own = changed[1] if changed and changed[0] == row.id else own
        lines.append((row, own.offer(choices.units, spoken)))
    return render_template(
        "applications/saved_filters.html",
        form=form.offer(choices.units, spoken) if form else None,
        asked=asked,
        lines=lines,
        units={unit.id: unit.title(spoken) for unit in choices.units},
        wrong=changed[1] if changed else form,
    )

"""Spaces merged and split on a page of their own, by those who run them."""

from typing import TypeVar

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from foundation.access import access, current_actor, roles
from foundation.database import db, transaction
from foundation.errors import Blocked, Invalid
from parks.forms.changes import MergeForm, SplitForm
from parks.forms.spaces import add_faults
from parks.operations.spacechanges import merge_spaces, split_space
from parks.queries.spaces import find_space
from parks.rules import PARK_ADMINISTRATOR, require_runner
from parks.web.blueprint import blueprint

RUNNERS = roles(PARK_ADMINISTRATOR)
Form = TypeVar("Form", MergeForm, SplitForm)
Page = str | tuple[str, int] | Response


def _page(code: str, *, merge: MergeForm | None = None, split: SplitForm | None = None, status: int = 200) -> Page:
    space = require_runner(current_actor(), find_space(db.session(), code))
    forms = {
        "merge": merge or MergeForm(formdata=None, prefix="merge"),
        "split": split or SplitForm(formdata=None, prefix="split"),
    }
    page = render_template("parks/change.html", space=space, **forms)
    return (page, status) if status != 200 else page


@blueprint.get("/spaces/<code>/change")
@access(RUNNERS)
def change_space(code: str) -> Page:
    """Where a space is merged or split."""
    return _page(code)


@blueprint.post("/spaces/<code>/merge")
@access(RUNNERS)
def merge_space(code: str) -> Page:
    """One space in place of this and others."""
    form = MergeForm(prefix="merge")
    if not form.validate():
        return _page(code, merge=form, status=422)
    try:
        with transaction(db.session()) as session:
            merge_spaces(session, [code, *form.codes()], form.into.data, form.change(), actor=current_actor())
    except (Invalid, Blocked) as refusal:
        return _page(code, merge=_blamed(form, refusal), status=refusal.status)
    flash(_("The spaces are merged."), "success")
    return redirect(url_for("parks.space", code=form.into.data), 303)


@blueprint.post("/spaces/<code>/split")
@access(RUNNERS)
def split_into(code: str) -> Page:
    """Several spaces in place of this one."""
    form = SplitForm(prefix="split")
    if not form.validate():
        return _page(code, split=form, status=422)
    try:
        with transaction(db.session()) as session:
            kind = find_space(session, code).kind
            split_space(session, code, form.stated(kind), form.change(), actor=current_actor())
    except (Invalid, Blocked) as refusal:
        return _page(code, split=_blamed(form, refusal), status=refusal.status)
    flash(_("The space is split."), "success")
    return redirect(url_for("parks.space", code=code), 303)


def _blamed(form: Form, refusal: Invalid | Blocked) -> Form:
    fields = refusal.fields if isinstance(refusal, Invalid) else {"": list(refusal.reasons)}
    add_faults(form, {"": [reason for reasons in fields.values() for reason in reasons]})
    return form

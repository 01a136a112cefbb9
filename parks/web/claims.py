"""What those who run a park do with a space on its page: hold, reserve, release, change its condition."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from foundation.access import access, current_actor, roles
from foundation.database import db, transaction
from foundation.errors import Blocked, Invalid
from foundation.reasons import sentence_of
from parks.forms.spaces import ConditionForm, DepositForm, HoldForm, add_faults
from parks.operations import allocations, passing, waiting
from parks.operations.spaces import set_condition
from parks.operations.waiting import join_queue
from parks.rules import PARK_ADMINISTRATOR
from parks.web import names
from parks.web.blueprint import blueprint
from parks.web.spaces import Page, space_page

RUNNERS = roles(PARK_ADMINISTRATOR)


@blueprint.post("/spaces/<code>/hold")
@access(RUNNERS)
def hold_space(code: str) -> Page | Response:
    """Hold a space for somebody."""
    form = HoldForm()
    if not form.validate():
        return space_page(code, hold=form, status=422)
    if "wait" in request.form:
        return _wait(code, form)
    try:
        with transaction(db.session()) as session:
            claim = allocations.hold_space(session, code, form.wanted(), actor=current_actor())
    except Invalid as refusal:
        add_faults(form, refusal.fields)
        return space_page(code, hold=form, status=422)
    except Blocked as refusal:
        add_faults(form, {"": list(refusal.reasons)})
        return space_page(code, hold=form, status=409)
    flash(_("The space is on hold under number %(key)s.", key=claim.key), "success")
    return redirect(url_for("parks.space", code=code), 303)


def _wait(code: str, form: HoldForm) -> Page | Response:
    try:
        with transaction(db.session()) as session:
            join_queue(session, code, form.wanted(), actor=current_actor())
    except (Invalid, Blocked) as refusal:
        reasons = refusal.fields if isinstance(refusal, Invalid) else {"": list(refusal.reasons)}
        add_faults(form, reasons)
        return space_page(code, hold=form, status=refusal.status)
    flash(_("They are on the waiting list, and get the space when it is free and nobody is before them."), "success")
    return redirect(url_for("parks.space", code=code), 303)


@blueprint.post("/spaces/<code>/queue/<int:waiter>/leave")
@access(RUNNERS)
def leave_queue(code: str, waiter: int) -> Response:
    """Take somebody out of the queue of a space."""
    with transaction(db.session()) as session:
        waiting.leave_queue(session, code, waiter, actor=current_actor())
    return redirect(url_for("parks.space", code=code), 303)


@blueprint.post("/allocations/<key>/reserve")
@access(RUNNERS)
def reserve_held(key: str) -> Response:
    """Turn a hold into a reservation; a deposit that is no amount leaves the hold as it is."""
    form, actor = DepositForm(), current_actor()
    with transaction(db.session()) as session:
        if form.validate():
            claim = allocations.reserve_held(session, key, deposit_vnd=form.deposit_vnd.data, actor=actor)
            flash(_("The space is reserved."), "success")
        else:
            claim = allocations.find_claim(session, key, actor=actor)
            flash(" ".join(str(text) for texts in form.errors.values() for text in texts), "danger")
    return redirect(url_for("parks.space", code=claim.space.code), 303)


@blueprint.post("/allocations/<key>/release")
@access(RUNNERS)
def release_claim(key: str) -> Response:
    """Let go of a hold or reservation."""
    with transaction(db.session()) as session:
        claim = passing.release_claim(session, key, reason="withdrawn", actor=current_actor())
    flash(_("The space is free again."), "success")
    return redirect(url_for("parks.space", code=claim.space.code), 303)


@blueprint.post("/spaces/<code>/condition")
@access(RUNNERS)
def change_condition(code: str) -> Response:
    """Say whether the space is planned, ready, being refurbished or blocked."""
    form = ConditionForm().offer(names.CONDITION_TITLES, "ready")
    try:
        with transaction(db.session()) as session:
            set_condition(session, code, form.condition.data or "", actor=current_actor())
    except Invalid as refusal:
        flash(" ".join(sentence_of(reason) for reasons in refusal.fields.values() for reason in reasons), "danger")
    return redirect(url_for("parks.space", code=code), 303)

"""Where an operator states the prices it registered, the account that tenants pay to, and its price index."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from foundation.access import access, current_actor, roles
from foundation.actors import Actor
from foundation.database import db, transaction
from foundation.errors import Invalid, NotFound
from foundation.forms import PageForm
from parks.forms.prices import AccountForm, FrameForm, IndexForm
from parks.forms.spaces import add_faults
from parks.leasefacts import frame_facts
from parks.models import ParkOperator
from parks.operations.frames import StatedFrame, account_of, find_operator, register_frame, set_account
from parks.operations.indices import enter_index_value
from parks.queries.indices import latest_frames, latest_values
from parks.queries.spaces import find_park
from parks.rules import PARK_ADMINISTRATOR
from parks.web import names
from parks.web.blueprint import blueprint

RUNNERS = roles(PARK_ADMINISTRATOR)
SHOWN = 24
FORMS: dict[str, type[PageForm]] = {"frame": FrameForm, "account": AccountForm, "index": IndexForm}
Page = str | tuple[str, int] | Response


@blueprint.get("/parks/<code>/prices")
@access(RUNNERS)
def prices(code: str) -> Page:
    """Price frames, the account and the price index of an operator of the park."""
    return _page(code)


def _page(code: str, *, wrong: dict[str, PageForm] | None = None) -> Page:
    session = db.session()
    park = find_park(session, code)
    operator = _operator(session, code)
    forms = {name: form(formdata=None, prefix=name) for name, form in FORMS.items()} | (wrong or {})
    _offer(forms["frame"])
    page = render_template(
        "parks/prices.html",
        park=park,
        operator=operator,
        frames=[frame_facts(frame) for frame in latest_frames(session, operator.id, SHOWN)],
        account=account_of(session, operator.id),
        values=latest_values(session, operator.id, SHOWN),
        uses=names.USE_TITLES,
        forms_of=forms,
    )
    return (page, 422) if wrong else page


def _operator(session: Session, code: str) -> ParkOperator:
    return operator_of(session, code, request.args.get("operator"), actor=current_actor())


def operator_of(session: Session, code: str, named: str | None, *, actor: Actor) -> ParkOperator:
    """The operator whose prices an address asks for. Raises NotFound or NotAllowed."""
    try:
        return find_operator(session, code, named, actor=actor)
    except Invalid as fault:
        raise NotFound from fault


def _offer(form: Any) -> None:
    form.use.choices = list(names.USE_TITLES.items())


@blueprint.post("/parks/<code>/prices/<what>")
@access(RUNNERS)
def state_price(code: str, what: str) -> Page:
    """Register a price frame, set the account, or enter a value of the index."""
    if what not in FORMS:
        raise NotFound
    form = FORMS[what](prefix=what)
    if what == "frame":
        _offer(form)
    if form.validate():
        try:
            with transaction(db.session()) as session:
                _state(session, _operator(session, code), what, form)
        except Invalid as refusal:
            add_faults(form, refusal.fields)
        else:
            flash(_("It is written down, with your name and the time."), "success")
            return redirect(url_for("parks.prices", code=code, operator=request.args.get("operator")), 303)
    return _page(code, wrong={what: form})


def _state(session: Session, operator: ParkOperator, what: str, form: Any) -> None:
    actor = current_actor()
    match what:
        case "frame":
            amounts = ("lowest_vnd_m2", "highest_vnd_m2", "service_highest_vnd_m2")
            stated = StatedFrame(
                form.use.data,
                **{name: form[name].amount for name in amounts},
                valid_from=form.valid_from.data,
                reference=form.reference.data,
                is_land_rent_exempt=form.is_land_rent_exempt.data,
            )
            register_frame(session, operator, stated, actor=actor)
        case "account":
            bank = (form.bank_bin.data, form.bank_name.data)
            set_account(session, operator, bank, form.account_number.data, form.account_name.data, actor=actor)
        case "index":
            value, source = form.value.data, form.source.data
            enter_index_value(session, operator, form.published_on.data, value, source=source, actor=actor)

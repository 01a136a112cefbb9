"""A payment request as a page: what it asks for and its code; its e-invoice noted and its amount put right."""

from io import BytesIO
from typing import Any

import segno
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from foundation.access import SIGNED_IN, access, current_actor, roles
from foundation.database import db, now, transaction
from foundation.errors import Blocked, Invalid, NotFound
from foundation.forms import PageForm
from foundation.workdays import local_date
from parks.forms.leases import CorrectionForm, EinvoiceForm
from parks.forms.spaces import add_faults
from parks.leasefacts import account_facts
from parks.operations import payments
from parks.operations.frames import account_of
from parks.queries.leases import account_of_lease, corrections_of, find_lease
from parks.rules import PARK_ADMINISTRATOR, may_run, scope_of_space
from parks.tenancyrules import rules_on
from parks.web.leases import blueprint

Page = str | tuple[str, int] | Response
STEPS: dict[str, type[PageForm]] = {"einvoice": EinvoiceForm, "correct": CorrectionForm}


@blueprint.get("/leases/<key>/requests/<request_key>")
@access(SIGNED_IN)
def payment_request(key: str, request_key: str) -> Page:
    """A payment request with the code that pays what is open of it."""
    return _page(key, request_key)


def _page(key: str, request_key: str, *, wrong: dict[str, PageForm] | None = None, status: int = 200) -> Page:
    session, actor = db.session(), current_actor()
    found = find_lease(session, key, actor=actor)
    bank = account_of(session, found.operator_id)
    facts = account_facts(found, account_of_lease(session, found), bank, local_date(now()))
    asked = next((one for one in facts["requests"] if one["key"] == request_key), None)
    if asked is None:
        raise NotFound
    corrections = corrections_of(session, found, request_key)
    is_stay = asked["is_hold_over"] or any(one.is_stay for one in corrections)
    page = render_template(
        "parks/paymentrequest.html",
        stay=rules_on(asked["from_on"]) if is_stay else None,
        lease=found,
        asked=asked,
        bank=bank,
        code=_drawn(asked["payment_code"]),
        corrections=corrections,
        may_run=may_run(actor, scope_of_space(found.space)),
        forms_of={name: form(formdata=None) for name, form in STEPS.items()} | (wrong or {}),
    )
    return (page, status) if status != 200 else page


@blueprint.post("/leases/<key>/requests/<request_key>/<step>")
@access(roles(PARK_ADMINISTRATOR))
def change_request(key: str, request_key: str, step: str) -> Page:
    """Note the number of the licensed e-invoice, or put the amount right with a written reason."""
    if step not in STEPS:
        raise NotFound
    form, status = STEPS[step](), 422
    if form.validate():
        try:
            with transaction(db.session()) as session:
                _change(session, (key, request_key), step, form)
        except Invalid as refusal:
            add_faults(form, refusal.fields)
        except Blocked as refusal:
            add_faults(form, {"amount_vnd": list(refusal.reasons)})
            status = 409
        else:
            flash(_("It is written down, with your name and the time."), "success")
            return redirect(url_for("leases.payment_request", key=key, request_key=request_key), 303)
    return _page(key, request_key, wrong={step: form}, status=status)


def _change(session: Session, keys: tuple[str, str], step: str, form: Any) -> None:
    actor = current_actor()
    if step == "einvoice":
        payments.note_einvoice(session, *keys, form.einvoice_number.data, actor=actor)
    else:
        amount = form.amount_vnd.amount if form.direction.data == "more" else -form.amount_vnd.amount
        payments.correct_request(session, *keys, amount, reason=form.reason.data, actor=actor)


def _drawn(code: str | None) -> Markup | None:
    """A payment code as a picture."""
    if code is None:
        return None
    out = BytesIO()
    segno.make(code, error="m", micro=False).save(out, kind="svg", xmldecl=False, svgns=False, scale=5, border=4)
    return Markup(out.getvalue().decode())  # noqa: S704 - drawn by us, from digits and capitals

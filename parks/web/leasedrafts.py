"""A lease drafted on a page: of a space, or after the hold or reservation that it is to follow."""

from decimal import Decimal
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from accounts.models import Organisation
from foundation.access import access, current_actor
from foundation.database import db, transaction
from foundation.errors import Blocked, Invalid, NotFound, Reason
from foundation.reasons import sentence_of
from parks.forms.leases import LeaseForm
from parks.operations import leases
from parks.operations.leases import StatedLease
from parks.queries.leases import find_held
from parks.terms import DAY
from parks.web.leases import RUNNERS, blueprint
from parks.web.placing import place_refusal

Page = str | tuple[str, int] | Response
MONTHS_A_YEAR = 12


@blueprint.get("/leases/new")
@access(RUNNERS)
def new_lease() -> str:
    """A lease to be drafted, of the space or after the hold that the address names."""
    claim = request.args.get("claim", "")
    known = _as_held(claim) if claim else {"space": request.args.get("space", "")}
    return render_template("parks/leasedraft.html", form=LeaseForm(formdata=None, **known))


def _as_held(key: str) -> dict[str, Any]:
    """What a hold or reservation says of the lease that is to follow it."""
    session = db.session()
    held = find_held(session, key, actor=current_actor())
    owner = session.get(Organisation, held.organisation_id) if held.organisation_id else None
    return {
        "space": held.space.code,
        "tenant": held.holder,
        "organisation": owner.code if owner else "",
        "starts_on": held.period.lower,
        "ends_on": held.period.upper - DAY if held.period.upper else None,
    }


@blueprint.post("/leases/new")
@access(RUNNERS)
def draft_lease() -> Page:
    """Write the lease down."""
    form, drafted = LeaseForm(), None
    if form.validate():
        try:
            with transaction(db.session()) as session:
                drafted = leases.draft_lease(session, form.space.data, _stated(form), actor=current_actor()).key
        except NotFound:
            form.space.errors = [sentence_of(Reason("does_not_exist"))]
        except (Invalid, Blocked) as refusal:
            place_refusal(form, refusal)
    if drafted:
        return redirect(url_for("leases.lease", key=drafted), 303)
    return render_template("parks/leasedraft.html", form=form), 422


def _stated(form: LeaseForm) -> StatedLease:
    rise, escalation = form.rise.data, None
    if form.follows_index.data:
        escalation = {"kind": "index", "every_months": MONTHS_A_YEAR}
    elif rise:
        escalation = {"kind": "percent", "rate": rise / 100, "every_months": MONTHS_A_YEAR}
    return StatedLease(
        tenant=form.tenant.data,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        base_vnd_m2=Decimal(form.base_vnd_m2.amount),
        organisation_id=_organisation_id(form.organisation.data.strip()),
        service_vnd_m2=Decimal(form.service_vnd_m2.amount),
        escalation=escalation,
        vat=_share(form.vat.data),
        late_rate=_share(form.late_rate.data),
        deposit_vnd=form.deposit_vnd.amount,
        permitted_use=form.permitted_use.data,
        sublet_rule=form.sublet_rule.data,
    )


def _share(percent: Decimal | None) -> Decimal:
    return Decimal(0) if percent is None else percent / 100


def _organisation_id(code: str) -> int | None:
    if not code:
        return None
    found = db.session().scalar(select(Organisation.id).where(Organisation.code == code))
    if found is None:
        raise Invalid({"organisation": ["does_not_exist"]})
    return found

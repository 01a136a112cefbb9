"""Leases as pages: an operator's list and desk of each lease, a tenant's contract, requests with codes, statement."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from applications.letters import render
from foundation.access import SIGNED_IN, access, current_actor, roles
from foundation.database import db, now, transaction
from foundation.errors import Blocked, Invalid, NotFound
from foundation.forms import PageForm
from foundation.wording import LANGUAGES
from foundation.workdays import local_date
from parks.contracts import TEMPLATE, contract_facts
from parks.forms.leases import (
    DEPOSIT_TITLES,
    RELIEF_TITLES,
    DepositForm,
    EndForm,
    HandBackForm,
    PaymentForm,
    ReliefForm,
    RenewalForm,
    SignForm,
)
from parks.leasefacts import account_facts, schedule_facts
from parks.operations import leases, payments
from parks.operations.frames import account_of
from parks.operations.leases import StatedRelief
from parks.priceindices import index_of_lease
from parks.queries.leases import account_of_lease, accounts_of, find_lease, held_of, leases_page
from parks.rules import PARK_ADMINISTRATOR, may_run, scope_of_space
from parks.tenancy import lines_of, renewal_clock, status_of
from parks.tenancyrules import rules_on
from parks.web.placing import place_refusal

Page = str | tuple[str, int] | Response
RUNNERS = roles(PARK_ADMINISTRATOR)
ROWS = 25
STATUS_TITLES = {
    "draft": _("Draft"),
    "signed": _("Signed"),
    "active": _("In effect"),
    "expiring": _("About to expire"),
    "holding_over": _("Term over, not handed back"),
    "ended": _("Ended"),
}
AGE_TITLES = {
    "to_30": _("Up to 30 days"),
    "to_60": _("31 to 60 days"),
    "to_90": _("61 to 90 days"),
    "above_90": _("More than 90 days"),
}

STEPS: dict[str, type[PageForm]] = {
    "sign": SignForm,
    "pay": PaymentForm,
    "deposit": DepositForm,
    "end": EndForm,
    "hand_back": HandBackForm,
    "renew": RenewalForm,
    "relieve": ReliefForm,
}
"""What is done with a lease on its page, by the end of its address."""

blueprint = Blueprint("leases", __name__)


def _today() -> date:
    return local_date(now())


@blueprint.get("/leases")
@access(SIGNED_IN)
def leases_list() -> str:
    """The leases that the reader may see, each with where it stands and what is open."""
    session, actor, on = db.session(), current_actor(), _today()
    page = leases_page(session, actor, after=request.args.get("after"), size=ROWS)
    accounts = accounts_of(session, [lease.id for lease in page.rows])
    rows = [
        {
            "lease": lease,
            "status": status_of(lease, on, rules_on(on)),
            "overdue": sum(accounts[lease.id].arrears(on).values()),
        }
        for lease in page.rows
    ]
    can_draft = actor.holds(PARK_ADMINISTRATOR)
    return render_template("parks/leases.html", page=page, rows=rows, statuses=STATUS_TITLES, can_draft=can_draft)


@blueprint.get("/leases/<key>")
@access(SIGNED_IN)
def lease(key: str) -> str:
    """A lease: its terms, what was asked and paid, its deposit, and what can be done with it."""
    return _shown(key)


def _shown(key: str, **forms: PageForm) -> str:
    session, actor, on = db.session(), current_actor(), _today()
    found = find_lease(session, key, actor=actor)
    rules = rules_on(on)
    account = account_of_lease(session, found)
    facts = account_facts(found, account, account_of(session, found.operator_id), on)
    forms_of = _forms(on, account.held_vnd if found.handed_back_on else 0) | forms
    sign = forms_of["sign"]
    if found.signed_on is None and isinstance(sign, SignForm):
        sign.offer(held_of(session, found.space_id), found.tenant)
    return render_template(
        "parks/lease.html",
        lease=found,
        status=status_of(found, on, rules),
        statuses=STATUS_TITLES,
        clock=renewal_clock(found, rules),
        account=facts,
        payments=account.payments,
        deposits=account.deposits,
        kinds=DEPOSIT_TITLES,
        relief_kinds=RELIEF_TITLES,
        ages=AGE_TITLES,
        first_line=lines_of(found, index=index_of_lease(session, found))[0],
        may_run=may_run(actor, scope_of_space(found.space)),
        forms_of=forms_of,
    )


def _forms(on: date, to_return_vnd: int) -> dict[str, PageForm]:
    """Filled in with today, and after the hand-back with the deposit that is still held."""
    days = {"sign": "signed_on", "pay": "received_on", "deposit": "entered_on", "hand_back": "on"}
    known: dict[str, dict[str, Any]] = {step: {name: on} for step, name in days.items()}
    if to_return_vnd:
        known["deposit"] |= {"kind": "returned", "amount_vnd": str(to_return_vnd)}
    return {step: form(formdata=None, **known.get(step, {})) for step, form in STEPS.items()}


@blueprint.get("/leases/<key>/schedule")
@access(SIGNED_IN)
def lease_schedule(key: str) -> str:
    """The rent of the whole term."""
    session = db.session()
    found = find_lease(session, key, actor=current_actor())
    answer = schedule_facts(found, index_of_lease(session, found))
    return render_template("parks/leaseschedule.html", lease=found, answer=answer)


@blueprint.get("/leases/<key>/contract/<language>.pdf")
@access(SIGNED_IN)
def contract(key: str, language: str) -> Response:
    """The contract of a signed lease, set in type."""
    session = db.session()
    found = find_lease(session, key, actor=current_actor())
    if found.signed_on is None or language not in LANGUAGES:
        raise NotFound
    facts = contract_facts(found, lines_of(found, index=index_of_lease(session, found))[0], language)
    answer = make_response(render(TEMPLATE, facts, language))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{key}-{language}.pdf"'
    return answer


@blueprint.post("/leases/<key>/steps/<step>")
@access(RUNNERS)
def change_lease(key: str, step: str) -> Page:
    """Sign, relieve, record a payment or an entry of the deposit, end early, take back, or offer a renewal."""
    if step not in STEPS:
        raise NotFound
    form = STEPS[step]()
    if form.validate():
        try:
            with transaction(db.session()) as session:
                followed = _changed(session, key, step, form)
        except (Invalid, Blocked) as refusal:
            place_refusal(form, refusal)
        else:
            return redirect(url_for("leases.lease", key=followed), 303)
    return _shown(key, **{step: form}), 422


def _relief(form: Any) -> StatedRelief:
    return StatedRelief(
        form.kind.data,
        form.rate.data / 100,
        form.from_on.data,
        form.to_on.data,
        evidence=form.evidence.data,
        source=form.source.data,
    )


def _changed(session: Any, key: str, step: str, form: Any) -> str:
    """Make the change; the key of the lease to be shown."""
    actor = current_actor()
    match step:
        case "sign":
            leases.sign_lease(session, key, signed_on=form.signed_on.data, claim=form.claim.data, actor=actor)
        case "pay":
            payments.record_payment(
                session,
                key,
                received_on=form.received_on.data,
                amount_vnd=form.amount_vnd.amount,
                reference=form.reference.data,
                actor=actor,
            )
        case "deposit":
            payments.enter_deposit(
                session,
                key,
                form.kind.data,
                form.amount_vnd.amount,
                entered_on=form.entered_on.data,
                reason=form.reason.data,
                actor=actor,
            )
        case "relieve":
            leases.grant_relief(session, key, _relief(form), actor=actor)
        case "end":
            leases.terminate_lease(session, key, last_on=form.last_on.data, actor=actor)
        case "hand_back":
            leases.hand_back(session, key, on=form.on.data, actor=actor)
        case "renew":
            price = Decimal(form.base_vnd_m2.amount)
            return leases.offer_renewal(session, key, ends_on=form.ends_on.data, base_vnd_m2=price, actor=actor).key
    return key

"""Endpoints of leases: drafted, signed, billed and paid; prices keep to the operator's registered frame."""

from datetime import date
from typing import Any

from sqlalchemy import select

from accounts.models import Organisation
from foundation.access import SIGNED_IN, access, current_actor, roles
from foundation.api import ApiBlueprint, page_answer
from foundation.database import db, now
from foundation.errors import Invalid
from foundation.workdays import local_date
from parks.leasefacts import account_facts, lease_facts, schedule_facts
from parks.models import Lease
from parks.operations import leases, payments
from parks.operations.frames import account_of
from parks.operations.leases import StatedLease, StatedRelief
from parks.priceindices import index_of_lease
from parks.queries.leases import account_of_lease, find_lease, leases_page
from parks.rules import PARK_ADMINISTRATOR
from parks.schemas.leases import (
    AccountShape,
    DepositStated,
    LeaseDrafted,
    LeasePage,
    LeaseQuery,
    LeaseSchedule,
    LeaseShape,
    PaymentStated,
    SignatureStated,
)

RUNNERS = roles(PARK_ADMINISTRATOR)
NOT_TERMS = ("space", "organisation", "reliefs", "signed_on", "claim")

blueprint = ApiBlueprint(
    "api_leases",
    __name__,
    tag="Leases",
    description="Leases of parks with their rent schedules, payment requests, payments and deposits.",
)


def _today() -> date:
    return local_date(now())


@blueprint.get("/leases")
@access(SIGNED_IN)
@blueprint.arguments(LeaseQuery, location="query")
@blueprint.response(200, LeasePage)
def list_leases(asked: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """List the leases that the caller may read: an operator's own, a tenant's own"""
    page = leases_page(
        db.session(), current_actor(), after=asked.get("cursor"), size=asked["limit"], park=asked.get("park", "")
    )
    return page_answer(page, [lease_facts(lease, _today()) for lease in page.rows])


@blueprint.post("/leases")
@access(RUNNERS)
@blueprint.arguments(LeaseDrafted)
@blueprint.response(201, LeaseShape)
def draft_lease(sent: dict[str, Any]) -> dict[str, Any]:
    """Draft a lease, and with `signed_on` sign it at once

    422 where prices lie outside the operator's registered frame, 409 where there is no frame in force or somebody has
    the space on one of the days.
    """
    session, actor = db.session(), current_actor()
    terms = {name: value for name, value in sent.items() if name not in NOT_TERMS}
    stated = StatedLease(**terms, organisation_id=_organisation_id(sent.get("organisation")))
    lease = leases.draft_lease(session, sent["space"], stated, actor=actor)
    for relief in sent.get("reliefs", ()):
        leases.grant_relief(session, lease.key, StatedRelief(**relief), actor=actor)
    if "signed_on" in sent:
        leases.sign_lease(session, lease.key, signed_on=sent["signed_on"], claim=sent.get("claim"), actor=actor)
    return _told(lease)


def _organisation_id(code: str | None) -> int | None:
    if code is None:
        return None
    found = db.session().scalar(select(Organisation.id).where(Organisation.code == code))
    if found is None:
        raise Invalid({"organisation": ["does_not_exist"]})
    return found


def _told(lease: Lease) -> dict[str, Any]:
    return lease_facts(find_lease(db.session(), lease.key, actor=current_actor()), _today())


@blueprint.get("/leases/<string:key>")
@access(SIGNED_IN)
@blueprint.response(200, LeaseShape)
def read_lease(key: str) -> dict[str, Any]:
    """Read a lease"""
    return lease_facts(find_lease(db.session(), key, actor=current_actor()), _today())


@blueprint.get("/leases/<string:key>/schedule")
@access(SIGNED_IN)
@blueprint.response(200, LeaseSchedule)
def read_schedule(key: str) -> dict[str, Any]:
    """Read the rent of the whole term, line by line"""
    session = db.session()
    lease = find_lease(session, key, actor=current_actor())
    return schedule_facts(lease, index_of_lease(session, lease))


@blueprint.get("/leases/<string:key>/account")
@access(SIGNED_IN)
@blueprint.response(200, AccountShape)
def read_account(key: str) -> dict[str, Any]:
    """Read what was asked, what is open, how old it is, and the deposit"""
    session = db.session()
    return _account(find_lease(session, key, actor=current_actor()))


def _account(lease: Lease) -> dict[str, Any]:
    session = db.session()
    return account_facts(lease, account_of_lease(session, lease), account_of(session, lease.operator_id), _today())


@blueprint.post("/leases/<string:key>/signature")
@access(RUNNERS)
@blueprint.arguments(SignatureStated)
@blueprint.response(200, LeaseShape)
def sign_lease(sent: dict[str, Any], key: str) -> dict[str, Any]:
    """Sign a drafted lease: its space is let"""
    lease = leases.sign_lease(
        db.session(), key, signed_on=sent["signed_on"], claim=sent.get("claim"), actor=current_actor()
    )
    return _told(lease)


@blueprint.post("/leases/<string:key>/payments")
@access(RUNNERS)
@blueprint.arguments(PaymentStated)
@blueprint.response(201, AccountShape)
def record_payment(sent: dict[str, Any], key: str) -> dict[str, Any]:
    """Record a payment: it settles the oldest request first"""
    session, actor = db.session(), current_actor()
    payments.record_payment(session, key, **sent, actor=actor)
    return _account(find_lease(session, key, actor=actor))


@blueprint.post("/leases/<string:key>/deposits")
@access(RUNNERS)
@blueprint.arguments(DepositStated)
@blueprint.response(201, AccountShape)
def enter_deposit(sent: dict[str, Any], key: str) -> dict[str, Any]:
    """Receive, draw on or return the deposit

    409 when more than is held would go.
    """
    session, actor = db.session(), current_actor()
    payments.enter_deposit(
        session,
        key,
        sent["kind"],
        sent["amount_vnd"],
        entered_on=sent["entered_on"],
        reason=sent["reason"],
        actor=actor,
    )
    return _account(find_lease(session, key, actor=actor))

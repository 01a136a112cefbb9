"""Endpoints of single payment requests: the number of the e-invoice noted, the amount put right with a reason."""

from typing import Any

from foundation.access import SIGNED_IN, access, current_actor, roles
from foundation.api import ApiBlueprint
from foundation.database import db, now
from foundation.errors import NotFound
from foundation.workdays import local_date
from parks.leasefacts import correction_facts, request_facts
from parks.operations import payments
from parks.operations.frames import account_of
from parks.queries.leases import account_of_lease, corrections_of, find_lease
from parks.rules import PARK_ADMINISTRATOR
from parks.schemas.leases import CorrectionList, CorrectionStated, EinvoiceStated, RequestShape

RUNNERS = roles(PARK_ADMINISTRATOR)
AT = "/leases/<string:key>/requests/<string:request_key>"

blueprint = ApiBlueprint(
    "api_payment_requests",
    __name__,
    tag="Payment requests",
    description="What a tenant is asked for a month: its e-invoice and what was put right of it.",
)


@blueprint.get(AT)
@access(SIGNED_IN)
@blueprint.response(200, RequestShape)
def read_request(key: str, request_key: str) -> dict[str, Any]:
    """Read a payment request with the code that pays what is open of it"""
    return _told(key, request_key)


def _told(key: str, request_key: str) -> dict[str, Any]:
    session = db.session()
    lease = find_lease(session, key, actor=current_actor())
    account, on = account_of_lease(session, lease), local_date(now())
    found = next((one for one in account.requests if one.key == request_key), None)
    if found is None:
        raise NotFound
    return request_facts(found, account.open_of(found, on), account_of(session, lease.operator_id))


@blueprint.post(f"{AT}/einvoice")
@access(RUNNERS)
@blueprint.arguments(EinvoiceStated)
@blueprint.response(200, RequestShape)
def note_einvoice(sent: dict[str, Any], key: str, request_key: str) -> dict[str, Any]:
    """Note the number of the licensed e-invoice"""
    payments.note_einvoice(db.session(), key, request_key, sent["einvoice_number"], actor=current_actor())
    return _told(key, request_key)


@blueprint.get(f"{AT}/corrections")
@access(SIGNED_IN)
@blueprint.response(200, CorrectionList)
def list_corrections(key: str, request_key: str) -> dict[str, Any]:
    """List what was put right of a request, each with its reason"""
    session = db.session()
    lease = find_lease(session, key, actor=current_actor())
    return {"items": [correction_facts(one) for one in corrections_of(session, lease, request_key)]}


@blueprint.post(f"{AT}/corrections")
@access(RUNNERS)
@blueprint.arguments(CorrectionStated)
@blueprint.response(201, RequestShape)
def correct_request(sent: dict[str, Any], key: str, request_key: str) -> dict[str, Any]:
    """Ask for more or less, with a reason

    409 where less than nothing would be asked for.
    """
    amount = sent["amount_vnd"] if sent["direction"] == "more" else -sent["amount_vnd"]
    payments.correct_request(db.session(), key, request_key, amount, reason=sent["reason"], actor=current_actor())
    return _told(key, request_key)

"""Endpoints of the workflow: what the caller may do now, doing it, and what happened."""

from typing import Any

from applications.api.facts import due_day, state_title
from applications.engine import Offer, fire, offers
from applications.firing import Event
from applications.models import Application
from applications.packs.catalogue import pack_of_version
from applications.packs.describing import described_field
from applications.queries.cases import find_application
from applications.queries.timeline import Happening, happenings
from applications.schemas.steps import EventList, MadeStep, OfferList, StepData
from applications.sensitive import masked
from applications.visibility import Reader, reader_of
from foundation.access import SIGNED_IN, access, current_actor
from foundation.api import ApiBlueprint, commit_early, faults_below, may_name_a_version, named_version, said
from foundation.database import db
from foundation.errors import Reason, Stale
from foundation.reasons import sentence_of

blueprint = ApiBlueprint(
    "api_steps",
    __name__,
    tag="Steps",
    description="The workflow of a dossier: the steps that the caller may make, and those that were made.",
)


@blueprint.get("/applications/<string:key>/steps")
@access(SIGNED_IN)
@blueprint.response(200, OfferList)
def list_steps(key: str) -> dict[str, Any]:
    """List the steps that the caller may make now, each with what still stands against it"""
    session, actor = db.session(), current_actor()
    application = find_application(session, key, actor=actor)
    return {"items": [_offer(offer) for offer in offers(session, application, actor=actor)], "next_cursor": None}


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "step": offer.step.key,
        "title": said(offer.step.title),
        "help": said(offer.step.help) or None,
        "to": offer.step.to,
        "is_possible": offer.is_possible,
        "reasons": [_reason(reason) for reason in offer.reasons],
        "asks": [described_field(spec) for spec in offer.step.asks],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "detail": sentence_of(reason), "facts": dict(reason.facts)}


@blueprint.post("/applications/<string:key>/steps/<string:step>")
@access(SIGNED_IN)
@blueprint.arguments(StepData, required=False)
@blueprint.response(200, MadeStep, headers={"ETag": "ETAG"})
@may_name_a_version
def make_step(sent: dict[str, Any], key: str, step: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Make a step

    Refused with 403 when it is not the caller's to make, with 409 and reasons when it cannot be made now, with 422
    when what the step asks is not answered. `If-Match` is honoured when sent.
    """
    session, actor = db.session(), current_actor()
    application = find_application(session, key, actor=actor, for_change=True)
    if named_version(application.revision) not in (None, application.revision):
        raise Stale(Reason("edited_meanwhile", {"revision": application.revision}))
    with faults_below("data"):
        event = fire(session, application, step, actor=actor, data=sent["data"], is_locked=True)
    commit_early()
    return _made(event, application), {"ETag": f'"{application.revision}"'}


def _made(event: Event, application: Application) -> dict[str, Any]:
    pack = pack_of_version(db.session(), application.version_id)
    reader = reader_of(application, pack.code, current_actor())
    return {
        "event": event.seq,
        "step": event.step,
        "at": event.at,
        "from_state": event.from_state,
        "key": application.key,
        "state": application.state,
        "state_kind": application.state_kind,
        "state_title": state_title(pack, application.state, is_staff=reader.is_staff),
        "code": application.code,
        "receipt_number": application.receipt_number,
        "due_on": due_day(application, is_staff=reader.is_staff),
        "revision": application.revision,
    }


@blueprint.get("/applications/<string:key>/events")
@access(SIGNED_IN)
@blueprint.response(200, EventList)
def list_events(key: str) -> dict[str, Any]:
    """List the steps that were made, oldest first; outside the authority only the public ones"""
    session, actor = db.session(), current_actor()
    application = find_application(session, key, actor=actor)
    reader = reader_of(application, pack_of_version(session, application.version_id).code, actor)
    told = happenings(session, application, reader)
    return {"items": [_event(happening, reader) for happening in told], "next_cursor": None}


def _event(happening: Happening, reader: Reader) -> dict[str, Any]:
    data = {answer.spec.key: answer.value for answer in happening.said}
    if not reader.is_applicant:
        data, _ = masked([answer.spec for answer in happening.said], data)
    return {
        "event": happening.seq,
        "step": happening.step,
        "title": said(happening.title),
        "at": happening.at,
        "from_state": happening.before.key,
        "to_state": happening.after.key,
        "role": happening.role,
        "person": happening.person,
        "basis": None if happening.basis is None else said(happening.basis.title),
        "data": data,
        "letters": [letter.id for letter in happening.letters],
    }

"""Endpoints of dossiers: open a draft, save answers, list, read, reveal."""

from typing import Any

from flask import url_for
from sqlalchemy import select

from accounts.models import Organisation
from applications.api.facts import listed_case, whole_case
from applications.models import Application, Procedure
from applications.operations.answers import keep_seen_answers
from applications.operations.drafts import create_draft, save_answers
from applications.operations.reveals import reveal_answer
from applications.queries.cases import application_view, find_application
from applications.queries.codes import codes_meant
from applications.queries.dossier import answers_for
from applications.queries.lists import Filters
from applications.queries.newest import listed
from applications.schemas.cases import (
    AskedField,
    CasePage,
    CaseQuery,
    CaseShape,
    ChangedAnswers,
    KeptAnswers,
    NewApplication,
    RevealedField,
    TypedAnswers,
)
from foundation.access import SIGNED_IN, access, current_actor
from foundation.api import (
    ApiBlueprint,
    changes_a_version,
    faults_below,
    named_version,
    page_answer,
    require_version,
)
from foundation.database import db
from foundation.errors import Invalid, NotFound

blueprint = ApiBlueprint(
    "api_applications",
    __name__,
    tag="Applications",
    description="Dossiers: drafts, answers, what stands in them. Who may see one is decided as on the pages.",
)

NOBODY = -1
"""No organisation has this id."""

Answered = tuple[dict[str, Any], dict[str, str]]


@blueprint.post("/applications")
@access(SIGNED_IN)
@blueprint.arguments(NewApplication)
@blueprint.response(201, CaseShape, headers={"Location": {"schema": {"type": "string"}}, "ETag": "ETAG"})
def create_application(sent: dict[str, Any]) -> Answered:
    """Open a draft

    For one's own organisation, or as an intake officer for one that applied by another channel.
    """
    session, actor = db.session(), current_actor()
    application = _draft(sent)
    if sent.get("answers"):
        with faults_below("answers"):
            save_answers(session, application, sent["answers"], actor=actor)
    body, headers = _answer(application)
    return body, headers | {"Location": url_for("api_applications.read_application", key=application.key)}


def _draft(sent: dict[str, Any]) -> Application:
    """A new draft. What does not exist, or is somebody else's, is told alike and beside its field."""
    session = db.session()
    if session.scalar(select(Procedure.id).where(Procedure.code == sent["procedure"])) is None:
        raise Invalid({"procedure": ["does_not_exist"]})
    organisation_id = session.scalar(select(Organisation.id).where(Organisation.code == sent["organisation"]))
    try:
        return create_draft(
            session,
            sent["procedure"],
            actor=current_actor(),
            organisation_id=organisation_id or NOBODY,
            channel=sent["channel"],
            external_code=sent.get("external_code"),
        )
    except NotFound as missing:
        raise Invalid({"organisation": ["does_not_exist"]}) from missing


def _answer(application: Application) -> Answered:
    view = application_view(db.session(), application, actor=current_actor())
    return whole_case(view), {"ETag": f'"{application.revision}"'}


@blueprint.get("/applications")
@access(SIGNED_IN)
@blueprint.arguments(CaseQuery, location="query")
@blueprint.response(200, CasePage, headers={"Link": {"schema": {"type": "string"}}})
def list_applications(asked: dict[str, Any]) -> Answered:
    """List the dossiers that the caller may see, newest first"""
    session, actor = db.session(), current_actor()
    filters = Filters(
        procedure=asked.get("procedure", ""),
        states=tuple(asked.get("state", ())),
        query=asked.get("q", ""),
        codes=codes_meant(session, asked.get("q", "")) if asked.get("q") else (),
        kind="",
    )
    page = listed(session, filters, actor=actor, cursor=asked.get("cursor"), size=asked["limit"])
    return page_answer(page, [listed_case(row, is_staff=actor.is_staff) for row in page.rows])


@blueprint.get("/applications/<string:key>")
@access(SIGNED_IN)
@blueprint.response(200, CaseShape, headers={"ETag": "ETAG"})
def read_application(key: str) -> Answered:
    """Read a dossier

    Protected answers are left out unless the caller belongs to the organisation that applies.
    """
    return _answer(find_application(db.session(), key, actor=current_actor()))


@blueprint.patch("/applications/<string:key>")
@access(SIGNED_IN)
@blueprint.arguments(ChangedAnswers)
@blueprint.response(200, CaseShape, headers={"ETag": "ETAG"})
@changes_a_version
def change_application(sent: dict[str, Any], key: str) -> Answered:
    """Save answers

    Incomplete is allowed, unsound is not. `If-Match` names the version (the `ETag`) that was read before.
    """
    session, actor = db.session(), current_actor()
    application = find_application(session, key, actor=actor)
    require_version()
    with faults_below("answers"):
        expected = named_version(application.revision)
        save_answers(session, application, sent["answers"], actor=actor, expected_revision=expected)
    return _answer(application)


@blueprint.patch("/applications/<string:key>/answers")
@access(SIGNED_IN)
@blueprint.arguments(TypedAnswers)
@blueprint.response(200, KeptAnswers, headers={"ETag": "ETAG"})
def keep_typed_answers(sent: dict[str, Any], key: str) -> Answered:
    """Save answers one by one

    For forms that save while somebody types: what others do elsewhere in the dossier does not matter, but an
    answer that somebody else changed since it was read is refused (409), and with it all others.
    """
    revisions = _revisions(sent)
    with faults_below("answers"):
        kept = keep_seen_answers(db.session(), key, sent["answers"], revisions, actor=current_actor())
    now_at = {name: kept.edits[name].revision for name in sent["answers"] if name in kept.edits}
    body = {"revision": kept.revision, "saved_at": kept.at, "answer_revisions": now_at}
    return body, {"ETag": f'"{kept.revision}"'}


def _revisions(sent: dict[str, Any]) -> dict[str, int]:
    """The changes that were read. Raises Invalid where one is no number or missing."""
    given = sent["revisions"]
    wrong = {name: ["not_a_number"] for name, value in given.items() if type(value) is not int}
    missing = {name: ["required"] for name in sent["answers"] if name not in given}
    if wrong or missing:
        raise Invalid({f"revisions.{name}": reasons for name, reasons in {**wrong, **missing}.items()})
    return dict(given)


@blueprint.post("/applications/<string:key>/reveal")
@access(SIGNED_IN)
@blueprint.arguments(AskedField)
@blueprint.response(200, RevealedField)
def reveal_field(sent: dict[str, Any], key: str) -> dict[str, Any]:
    """Reveal a protected answer; who did so, and when, is kept in the audit trail"""
    session, actor = db.session(), current_actor()
    view = application_view(session, find_application(session, key, actor=actor), actor=actor)
    try:
        spec = reveal_answer(session, view.application, sent["field"], actor=actor)
    except NotFound as missing:
        raise Invalid({"field": ["does_not_exist"]}) from missing
    return {"field": spec.key, "value": answers_for(view.application, view.reader).get(spec.key)}

"""Endpoints of people and organisations: who am I, and whom do I apply for."""

from typing import Any

from accounts.models import Organisation
from accounts.queries.directory import findable_organisation, findable_organisations
from accounts.queries.standing import Belonging, HeldRole, belongings, roles_held
from accounts.schemas import MeShape, OrganisationPage, OrganisationQuery, OrganisationShape
from foundation.access import SIGNED_IN, access, current_actor
from foundation.api import ApiBlueprint, page_answer, reader_language, said
from foundation.database import db
from foundation.register import ROLES

blueprint = ApiBlueprint(
    "api_accounts",
    __name__,
    tag="People and organisations",
    description="Whoever the token acts for, and organisations: one's own, or all for those who work on dossiers.",
)


@blueprint.get("/me")
@access(SIGNED_IN)
@blueprint.response(200, MeShape)
def read_me() -> dict[str, Any]:
    """Tell whom the token acts for, with organisations and roles"""
    session, actor = db.session(), current_actor()
    return {
        "id": actor.person_id,
        "name": actor.name,
        "email": actor.email,
        "language": actor.locale,
        "token_scopes": sorted(actor.token_scopes or ()),
        "organisations": [_belonging(row) for row in belongings(session, actor)],
        "roles": [_role(held) for held in roles_held(session, actor)],
    }


def _belonging(row: Belonging) -> dict[str, Any]:
    return {**_facts(row.organisation, "code", "name_vi", "name_en"), "role": row.role}


def _role(held: HeldRole) -> dict[str, Any]:
    same = ("role", "procedure", "unit", "park", "fund", "ends_on")
    title = said(ROLES[held.role].title) if held.role in ROLES else held.role
    return {**{name: getattr(held, name) for name in same}, "title": title}


@blueprint.get("/organisations")
@access(SIGNED_IN)
@blueprint.arguments(OrganisationQuery, location="query")
@blueprint.response(200, OrganisationPage, headers={"Link": {"schema": {"type": "string"}}})
def list_organisations(asked: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """List the organisations that the caller may find"""
    page = findable_organisations(
        db.session(), current_actor(), words=asked.get("q", ""), after=asked.get("cursor"), size=asked["limit"]
    )
    return page_answer(page, [_item(organisation) for organisation in page.rows])


@blueprint.get("/organisations/<string:code>")
@access(SIGNED_IN)
@blueprint.response(200, OrganisationShape)
def read_organisation(code: str) -> dict[str, Any]:
    """Read an organisation"""
    organisation = findable_organisation(db.session(), current_actor(), code)
    ward = organisation.ward
    name = None if ward is None else ward.title(reader_language())
    return {
        **_item(organisation),
        **_facts(organisation, "address", "email", "phone", "website", "founded_on"),
        "ward": None if ward is None else {"code": ward.code, "name": name},
    }


def _item(organisation: Organisation) -> dict[str, Any]:
    return _facts(organisation, "code", "name_vi", "name_en", "tax_code", "legal_form")


def _facts(organisation: Organisation, *names: str) -> dict[str, Any]:
    return {name: getattr(organisation, name) for name in names}

"""Endpoints on city money in funds for anybody, and on an investor's own places."""

from typing import Any

from foundation.access import EVERYONE, SIGNED_IN, access, current_actor
from foundation.api import ApiBlueprint, said
from foundation.database import db
from fund.api.funds import KEEPERS
from fund.capital import CHARTER, RECEIVABLE, UNCALLED
from fund.figures import results_facts
from fund.models import Fund
from fund.operations.investors import link_organisation
from fund.publication import Field, publication_rules
from fund.queries.investors import holding_of, own_places
from fund.queries.public import public_fund, public_funds
from fund.schemas.public import InvestmentList, LinkShape, LinkStated, PublicFundList, PublicFundShape

blueprint = ApiBlueprint(
    "api_state_capital",
    __name__,
    tag="City money in funds",
    description="What anybody may read of city money in venture funds, and what contributors see of their own.",
)


@blueprint.get("/state-capital")
@access(EVERYONE)
@blueprint.response(200, PublicFundList)
def list_state_capital() -> dict[str, Any]:
    """List the funds in which the city has money"""
    return {"items": [_item(fund) for fund in public_funds(db.session())]}


@blueprint.get("/state-capital/<string:code>")
@access(EVERYONE)
@blueprint.response(200, PublicFundShape)
def read_state_capital(code: str) -> dict[str, Any]:
    """Read what the public is told of one fund, and what is withheld as a business secret"""
    found, rules = public_fund(db.session(), code), publication_rules()
    return {
        **_item(found.fund),
        "valued_on": found.valued_on,
        "told": [_told(field, found.told[field.name]) for field in rules.fields if field.name in found.told],
        "withheld": [_named(field) for field in found.withheld],
        "basis": said(rules.basis),
    }


@blueprint.get("/investments")
@access(SIGNED_IN)
@blueprint.response(200, InvestmentList)
def list_investments() -> dict[str, Any]:
    """List where one's own organisations contribute, and how they stand there"""
    session = db.session()
    items = []
    for fund, one in own_places(session, current_actor()):
        holding = holding_of(session, fund, one)
        balances = {"committed": CHARTER, "uncalled": UNCALLED, "receivable": RECEIVABLE}
        figures = {name: str(holding.of(account)) for name, account in balances.items()}
        place = {"fund": fund.code, "contributor": one.code, "name": one.name}
        items.append({**results_facts(holding.results), **place, **figures})
    return {"items": items}


@blueprint.put("/funds/<string:code>/contributors/<string:contributor>/organisation")
@access(KEEPERS)
@blueprint.arguments(LinkStated)
@blueprint.response(200, LinkShape)
def link_contributor(sent: dict[str, Any], code: str, contributor: str) -> dict[str, Any]:
    """Link a contributor to its organisation, whose people then see its account"""
    found = link_organisation(db.session(), code, contributor, sent["organisation"], actor=current_actor())
    return {"contributor": found.code, "is_linked": found.organisation_id is not None}


def _item(fund: Fund) -> dict[str, Any]:
    return {
        "code": fund.code,
        "name": said(fund.name),
        "legal_form": fund.legal_form,
        "is_demonstration": fund.is_demonstration,
    }


def _named(field: Field) -> dict[str, Any]:
    return {"field": field.name, "title": said(field.title)}


def _told(field: Field, value: Any) -> dict[str, Any]:
    is_list = isinstance(value, list)
    return {**_named(field), "value": None if is_list else value, "values": value if is_list else []}

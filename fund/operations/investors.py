"""A contributor linked to the organisation of the platform that it is, whose people then see their own account."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Organisation
from foundation import audit
from foundation.actors import Actor
from foundation.errors import Invalid
from fund.models import Fund, FundContributor
from fund.rules import require_keeper


def link_organisation(
    session: Session, code: str, contributor: str, organisation: str, *, actor: Actor
) -> FundContributor:
    """``organisation`` is its code; an empty one ends the link. Raises NotFound, NotAllowed, or Invalid by field."""
    fund = require_keeper(actor, session.scalar(select(Fund).where(Fund.code == code)))
    found = session.scalar(
        select(FundContributor).where(FundContributor.fund_id == fund.id, FundContributor.code == contributor)
    )
    if found is None:
        raise Invalid({"contributor": ["does_not_exist"]})
    linked = session.scalar(select(Organisation.id).where(Organisation.code == organisation)) if organisation else None
    if organisation and linked is None:
        raise Invalid({"organisation": ["does_not_exist"]})
    found.organisation_id = linked
    session.flush()
    facts = {"contributor": found.id, "organisation": linked}
    subject = ("fund", fund.id)
    audit.append(session, f"fund:{fund.id}", actor=actor, action="fund:contributor:link", facts=facts, subject=subject)
    return found

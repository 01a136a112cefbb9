"""A field of a fund opened to the public or withheld from it, with a reason."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.actors import Actor
from foundation.errors import Invalid
from fund.models import Fund, FundPublication
from fund.publication import publication_rules
from fund.rules import require_keeper


def decide_publication(
    session: Session, code: str, field: str, *, is_published: bool, reason: str, actor: Actor
) -> FundPublication:
    """Raises NotFound or NotAllowed; Invalid for a field that nobody may decide on, or without a reason."""
    fund = require_keeper(actor, session.scalar(select(Fund).where(Fund.code == code)))
    known = publication_rules().field(field)
    if known is None or not known.is_by_choice:
        raise Invalid({"field": ["fund_field_not_by_choice"]})
    if not reason.strip():
        raise Invalid({"reason": ["required"]})
    decision = FundPublication(
        fund_id=fund.id, field=field, is_published=is_published, reason=reason.strip(), person_id=actor.person_id
    )
    session.add(decision)
    session.flush()
    facts = {"field": field, "is_published": is_published}
    subject = ("fund", fund.id)
    audit.append(
        session, f"fund:{fund.id}", actor=actor, action="fund:publication:decide", facts=facts, subject=subject
    )
    return decision

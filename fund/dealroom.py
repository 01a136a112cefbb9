"""The deal behind a dossier while a step is tried: its row, its votes, the books; each read once."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.conflicts import conflicted_people
from applications.correspondence import officers_of
from applications.firing import Firing
from applications.packs.model import Pack
from applications.visibility import BODY_ROLES
from applications.voting import Ballot, Tally, share_of, tally
from foundation.errors import Blocked, Reason
from fund.books import Books, books_of
from fund.limits import Finding
from fund.models import Deal, DealCondition, DealVote, Fund
from fund.standing import limits_of_deal

FUND = "fund"
"""Parameter of a pack: the code of the fund whose deals these are; empty where there is only one fund."""

Found = TypeVar("Found")


def fund_of_pack(session: Session, pack: Pack) -> Fund | None:
    """The fund that the procedure serves; none when it is not founded yet, or is left open among several."""
    code = pack.parameters.get(FUND)
    funds = session.scalars(select(Fund).where(Fund.code == code) if code else select(Fund).limit(2)).all()
    return funds[0] if len(funds) == 1 else None


def deal_of(firing: Firing) -> Deal:
    """Raises Blocked when the dossier has not become a deal."""
    deal = _once(firing, "deal", lambda: firing.session.scalar(select(Deal).where(Deal.case_id == firing.case.id)))
    if deal is None:
        raise Blocked("deal_missing")
    return deal


def books_of_deal(firing: Firing) -> Books:
    fund = firing.session.get_one(Fund, deal_of(firing).fund_id)
    return _once(firing, "books", lambda: books_of(firing.session, fund))


def findings_of(firing: Firing) -> list[Finding]:
    deal = deal_of(firing)
    return _once(firing, "limits", lambda: limits_of_deal(firing.session, deal, books_of_deal(firing)))


def conditions_of(firing: Firing) -> list[DealCondition]:
    query = select(DealCondition).where(DealCondition.deal_id == deal_of(firing).id).order_by(DealCondition.number)
    return _once(firing, "conditions", lambda: list(firing.session.scalars(query)))


def votes_of(firing: Firing) -> list[DealVote]:
    """The votes of the present round."""
    deal = deal_of(firing)
    query = select(DealVote).where(DealVote.deal_id == deal.id, DealVote.round == deal.round).order_by(DealVote.id)
    return _once(firing, "votes", lambda: list(firing.session.scalars(query)))


def tally_of(firing: Firing) -> Tally:
    """The present round as it stands, by the pack's ``quorum`` and ``majority``."""
    members = set(officers_of(firing.session, firing.unit, firing.pack.code, BODY_ROLES))
    conflicted = _once(firing, "conflicted", lambda: conflicted_people(firing.session, firing.case.organisation_id))
    return tally(
        [Ballot(one.person_id, one.vote, one.is_for_city) for one in votes_of(firing)],
        members,
        conflicted | set(firing.members),
        quorum=share_of(firing.pack, "quorum"),
        majority=share_of(firing.pack, "majority"),
    )


def require_limits(firing: Firing) -> None:
    """Look at the limits again behind the fund's lock: another deal may have taken the money meanwhile."""
    firing.session.scalar(select(Fund.id).where(Fund.id == deal_of(firing).fund_id).with_for_update())
    firing.known.found.pop("books", None)
    firing.known.found.pop("limits", None)
    reasons: list[Reason] = [one.reason for one in findings_of(firing) if not one.is_kept]
    if reasons:
        raise Blocked(*reasons)


def _once(firing: Firing, name: str, read: Callable[[], Found]) -> Found:
    if name not in firing.known.found:
        firing.known.found[name] = read()
    found: Found = firing.known.found[name]
    return found

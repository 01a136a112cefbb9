"""Offers of rounds: made, answered, lapsed, and moved on to the next in line."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM, Actor
from foundation.database import now
from foundation.errors import Blocked, NotFound
from parks.models import AllocationRound, RoundOffer
from parks.operations import allocations
from parks.operations.offering import lock_round_by_id, move_on, recorded
from parks.rules import may_run
from parks.telling import tell_lost


def answer_offer(session: Session, key: str, *, accepts: bool, actor: Actor) -> RoundOffer:
    """Accept an offer, or decline it, so that it moves on at once.

    Raises:
        NotFound: there is no such offer, or it is none of the actor's business.
        Blocked: it was answered or has lapsed.
    """
    contest = lock_round_by_id(session, _round_of(session, key))
    offer = next(one for one in contest.offers if one.key == key)
    if not (may_run(actor, contest.park.code) or actor.acts_for(offer.applicant.organisation_id)):
        raise NotFound
    if offer.answer is not None:
        raise Blocked("offer_moved_up" if offer.answer == "moved_up" else "offer_answered")
    if offer.expires_at <= now():
        raise Blocked("offer_lapsed")
    _answer(session, contest, offer, "accepted" if accepts else "declined", actor=actor)
    return offer


def _round_of(session: Session, offer_key: str) -> int:
    found = session.scalar(select(RoundOffer.round_id).where(RoundOffer.key == offer_key))
    if found is None:
        raise NotFound
    return found


def lapse_offers(session: Session, at: datetime) -> int:
    """Let what nobody answered in time lapse and move on, without a person acting; how many lapsed."""
    due = select(RoundOffer.key).where(RoundOffer.answer.is_(None), RoundOffer.expires_at <= at).order_by(RoundOffer.id)
    keys = session.scalars(due).all()
    lapsed = 0
    for key in keys:
        contest = lock_round_by_id(session, _round_of(session, key))
        offer = next(one for one in contest.offers if one.key == key)
        if offer.answer is None and offer.expires_at <= at:
            _answer(session, contest, offer, "lapsed", actor=SYSTEM)
            lapsed += 1
    return lapsed


def _answer(session: Session, contest: AllocationRound, offer: RoundOffer, answer: str, *, actor: Actor) -> None:
    """Note the answer; what is not accepted is released and moves on at once."""
    offer.answer, offer.answered_at = answer, now()
    session.flush()
    recorded(session, contest, f"parks:offer:{answer}", actor=actor, offer=offer.id)
    if answer == "accepted":
        allocations.hold_anew(session, offer.allocation.key, actor=SYSTEM)
        move_on(session, contest)
        return
    if offer.allocation.released_at is None:
        allocations.release(session, offer.allocation.key, reason="refused", actor=SYSTEM)
    served = move_on(session, contest)
    tell_lost(session, contest, offer, served.get(offer.space_id))


def forfeit(session: Session, allocation_id: int) -> None:
    """The hold of an offer is over without a contract: whoever had it loses it, and the space moves on."""
    number = session.scalar(select(RoundOffer.round_id).where(RoundOffer.allocation_id == allocation_id))
    if number is None:
        return
    contest = lock_round_by_id(session, number)
    offer = next(one for one in contest.offers if one.allocation_id == allocation_id)
    if offer.answer == "accepted":
        _answer(session, contest, offer, "forfeited", actor=SYSTEM)
    elif offer.answer is None:
        _answer(session, contest, offer, "lapsed", actor=SYSTEM)

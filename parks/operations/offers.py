"""Offers of rounds: made, answered, lapsed, and moved on to the next in line."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.actors import SYSTEM, Actor
from foundation.calendars import HANOI_CALENDAR, load_calendar
from foundation.database import now
from foundation.errors import Blocked, NotFound
from foundation.workdays import end_of_day, local_date
from parks.allocation import Wanted
from parks.contests import WHOLE, as_contest, current_places, next_in_line
from parks.models import (
    AllocationRound,
    RoundApplicant,
    RoundOffer,
    RoundSpace,
    Space,
)
from parks.operations import allocations
from parks.operations.waiting import serve_queue
from parks.placement import Round
from parks.rules import may_run
from parks.telling import tell_lost, tell_offered
from parks.tenancyrules import rules_on


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
        raise Blocked("offer_answered")
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


def move_on(session: Session, contest: AllocationRound) -> dict[int, str]:
    """Offer each space that is free to the next in line for it; where nobody is, the round leaves it to its queue.

    Who declined a space is not asked for it again; who let an offer lapse is not asked at all. Returns the names of
    those who got a space from its queue, by space.
    """
    served: dict[int, str] = {}
    pure, firms = as_contest(contest), {one.key: one for one in contest.applicants}
    for row in contest.offered:
        places = current_places(contest)
        if row.settled_at is not None or row.space.code in places.values():
            continue
        passed = [
            one.applicant.key
            for one in contest.offers
            if one.answer in ("lapsed", "forfeited") or (one.answer == "declined" and one.space_id == row.space_id)
        ]
        following = next_in_line(pure, row.space.code, places=places, passed=passed)
        if following is not None and _offered(session, contest, firms[following.code], row.space):
            recorded(session, contest, "parks:offer:move_on", actor=SYSTEM, applicant=firms[following.code].id)
        elif following is None and _is_exhausted(contest, pure, row, passed):
            row.settled_at = now()
            session.flush()
            if waiter := serve_queue(session, row.space.code):
                served[row.space_id] = waiter.holder
    return served


def _is_exhausted(contest: AllocationRound, pure: Round, row: RoundSpace, passed: Sequence[str]) -> bool:
    """Whether nobody in the round may still come to the space: who has not answered yet may."""
    accepted = {one.applicant.key: one.space.code for one in contest.offers if one.answer == "accepted"}
    return next_in_line(pure, row.space.code, places=accepted, passed=passed) is None


def _offered(session: Session, contest: AllocationRound, firm: RoundApplicant, space: Space) -> bool:
    """Whether the space could be offered: somebody may have been given it outside the round."""
    try:
        with session.begin_nested():
            make_offer(session, contest, firm, space)
    except Blocked:
        session.refresh(contest, ["offers"])
        return False
    return True


def make_offer(session: Session, contest: AllocationRound, firm: RoundApplicant, space: Space) -> RoundOffer:
    """Hold the space for the firm while it thinks."""
    wanted = Wanted(
        contest.starts_on,
        contest.ends_on,
        firm.name,
        organisation_id=firm.organisation_id,
        admission_id=firm.admission_id,
        round_id=contest.id,
    )
    held = allocations.hold_space(session, space.code, wanted, actor=SYSTEM)
    days = rules_on(local_date(now())).offer_working_days
    calendar = load_calendar(session, HANOI_CALENDAR)
    offer = RoundOffer(
        applicant=firm,
        space=space,
        allocation=held,
        expires_at=end_of_day(calendar.add_working_days(local_date(now()), days)),
    )
    contest.offers.append(offer)
    session.flush()
    tell_offered(session, contest, offer)
    return offer


def lock_round(session: Session, key: str) -> AllocationRound:
    """The round with all that belongs to it, locked. Raises NotFound."""
    number = session.scalar(select(AllocationRound.id).where(AllocationRound.key == key))
    if number is None:
        raise NotFound
    return lock_round_by_id(session, number)


def lock_round_by_id(session: Session, number: int) -> AllocationRound:
    """As :func:`lock_round`, of a round that is there."""
    found = select(AllocationRound).options(*WHOLE).where(AllocationRound.id == number)
    found = found.with_for_update(of=AllocationRound).execution_options(populate_existing=True)
    return session.scalars(found).one()


def recorded(session: Session, contest: AllocationRound, action: str, *, actor: Actor, **facts: Any) -> AllocationRound:
    """The round, with what was done to it in its trail."""
    session.flush()
    subject = ("allocation_round", contest.id)
    audit.append(session, f"round:{contest.id}", actor=actor, action=action, facts=facts, subject=subject)
    return contest

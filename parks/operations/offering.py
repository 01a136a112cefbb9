"""Spaces of a decided round offered: to those whom the decision names, then to whoever is next when one falls free."""

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
from parks.contests import WHOLE, as_contest, current_places, gone_from, line_of, refusals_of
from parks.models import AllocationRound, RoundApplicant, RoundOffer, RoundSpace, Space
from parks.movingup import next_in_line, next_move
from parks.operations import allocations
from parks.operations.waiting import serve_queue
from parks.placement import Round
from parks.telling import tell_moved_up, tell_offered
from parks.tenancyrules import rules_on


def move_on(session: Session, contest: AllocationRound) -> dict[int, str]:
    """Offer each space that is free to the best ranked that wants it more than what it has; the rest to its queue.

    Whoever has not answered yet is moved up: that offer is withdrawn, and its space moves on in turn (ADR 32). Who
    declined a space is not asked for it again; who let an offer lapse is not asked at all. Returns the names of those
    who got a space from its queue, by space.
    """
    pure, barred = as_contest(contest), set[tuple[str, str]]()
    while (move := next_move(line_of(contest, pure, barred))) is not None:
        firm, code = move
        if not _moved(session, contest, firm.code, code):
            barred.add((firm.code, code))
    return _leave_to_queues(session, contest, pure)


def _moved(session: Session, contest: AllocationRound, firm_key: str, code: str) -> bool:
    """Whether the firm could be offered the space: it may lack an admission, or the space be blocked meanwhile."""
    firm = next(one for one in contest.applicants if one.key == firm_key)
    space = next(one.space for one in contest.offered if one.space.code == code)
    try:
        with session.begin_nested():
            former = _withdraw_for_better(session, contest, firm)
            offer = make_offer(session, contest, firm, space)
    except Blocked:
        lock_round_by_id(session, contest.id)
        return False
    recorded(session, contest, "parks:offer:move_on", actor=SYSTEM, applicant=firm.id)
    if former is None:
        tell_offered(session, contest, offer)
    else:
        tell_moved_up(session, contest, offer, former)
    return True


def _withdraw_for_better(session: Session, contest: AllocationRound, firm: RoundApplicant) -> RoundOffer | None:
    """The unanswered offer of a firm, taken back because a space that it wanted more is offered instead."""
    former = next((one for one in contest.offers if one.applicant_id == firm.id and one.answer is None), None)
    if former is None:
        return None
    former.answer, former.answered_at = "moved_up", now()
    if former.allocation.released_at is None:
        allocations.release(session, former.allocation.key, reason="withdrawn", actor=SYSTEM)
    recorded(session, contest, "parks:offer:moved_up", actor=SYSTEM, offer=former.id)
    return former


def _leave_to_queues(session: Session, contest: AllocationRound, pure: Round) -> dict[int, str]:
    """Settle each free space to which nobody of the round can come any more; the first in its queue gets it."""
    served: dict[int, str] = {}
    taken = set(current_places(contest).values())
    for row in contest.offered:
        if row.settled_at is None and row.space.code not in taken and _is_exhausted(contest, pure, row):
            row.settled_at = now()
            session.flush()
            if waiters := serve_queue(session, row.space.code):
                served[row.space_id] = waiters[0].holder
    return served


def _is_exhausted(contest: AllocationRound, pure: Round, row: RoundSpace) -> bool:
    """Whether nobody in the round may still come to the space: who has not answered yet may."""
    accepted = {one.applicant.key: one.space.code for one in contest.offers if one.answer == "accepted"}
    refused = {firm for firm, code in refusals_of(contest) if code == row.space.code}
    return next_in_line(pure, row.space.code, places=accepted, passed=refused | gone_from(contest)) is None


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

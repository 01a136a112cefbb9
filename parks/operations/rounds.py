"""Rounds published, entered, scored and decided; offers answered, lapsed, and moved on to the next in line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.actors import SYSTEM, Actor
from foundation.calendars import HANOI_CALENDAR, load_calendar
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotAllowed, NotFound, Reason
from foundation.jobs import task
from foundation.wording import Trilingual
from foundation.workdays import end_of_day, local_date
from parks.allocation import Wanted
from parks.contests import WHOLE, as_contest, criteria_of, current_places, next_in_line
from parks.models import AllocationRound, Park, RoundApplicant, RoundOffer, RoundSpace, Space
from parks.models.rounds import SIZES
from parks.operations import allocations
from parks.placement import propose
from parks.rules import may_run, require_park_runner
from parks.scoring import score_of
from parks.telling import tell_lapsed, tell_offered
from parks.tenancyrules import rules_on
from parks.whatif import OBJECTIVES, alternative, sum_up


@dataclass(frozen=True, slots=True)
class StatedRound:
    """A round as it is published; ``spaces`` by code with the size of firm that each is kept for, if any."""

    title: Trilingual
    criteria: Sequence[Mapping[str, Any]]
    spaces: Mapping[str, str | None]
    closes_on: date
    starts_on: date
    ends_on: date
    quotas: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class StatedApplicant:
    """A firm as it applied, with the moment in which its dossier was complete."""

    name: str
    size: str
    sector: str
    preferences: Sequence[str]
    need: Mapping[str, str]
    complete_at: datetime
    organisation_id: int | None = None
    points: Mapping[str, int] = field(default_factory=dict)


def publish_round(session: Session, park_code: str, stated: StatedRound, *, actor: Actor) -> AllocationRound:
    """Publish criteria, weights, quotas and spaces; none of them changes afterwards.

    Raises:
        NotFound, NotAllowed: there is no such park, or the actor does not run it.
        Invalid: criteria have no weight, days do not follow, or a space is not let in this park.
    """
    park = require_park_runner(actor, session.scalar(select(Park).where(Park.code == park_code)))
    _require_sound(stated)
    spaces = _spaces(session, park, stated.spaces)
    contest = AllocationRound(
        park=park,
        title=dict(stated.title),
        criteria=[dict(row) for row in stated.criteria],
        quotas=[dict(row) for row in stated.quotas],
        closes_on=stated.closes_on,
        starts_on=stated.starts_on,
        ends_on=stated.ends_on,
        person_id=actor.person_id,
        offered=[RoundSpace(space=space, kept_for=stated.spaces[space.code]) for space in spaces],
    )
    session.add(contest)
    return _recorded(session, contest, "parks:round:publish", actor=actor)


def _require_sound(stated: StatedRound) -> None:
    faults: dict[str, list[Reason]] = {}
    if sum(row["weight"] for row in stated.criteria) <= 0:
        faults["criteria"] = [Reason("criteria_without_weight")]
    if len({row["code"] for row in stated.criteria}) < len(stated.criteria):
        faults["criteria"] = [Reason("criteria_twice")]
    if stated.ends_on < stated.starts_on:
        faults["ends_on"] = [Reason("ends_before_start")]
    if stated.closes_on >= stated.starts_on:
        faults["closes_on"] = [Reason("round_closes_late")]
    if faults:
        raise Invalid(faults)


def _spaces(session: Session, park: Park, codes: Mapping[str, str | None]) -> list[Space]:
    found = select(Space).where(Space.park_id == park.id, Space.code.in_(codes), Space.usable_m2.is_not(None))
    spaces = list(session.scalars(found.order_by(Space.code)))
    if not spaces or len(spaces) < len(codes):
        missing = ", ".join(sorted(set(codes) - {space.code for space in spaces}))
        raise Invalid({"spaces": [Reason("round_spaces_unknown", {"codes": missing})]})
    return spaces


def enter_applicant(session: Session, key: str, stated: StatedApplicant, *, actor: Actor) -> RoundApplicant:
    """Enter a firm. Raises NotFound, NotAllowed, Invalid, or Blocked once the round is decided."""
    contest = find_open_round(session, key, actor=actor)
    known = {one.space.code for one in contest.offered}
    faults: dict[str, list[Reason]] = {}
    unknown = [code for code in stated.preferences if code not in known]
    if unknown or not stated.preferences:
        faults["preferences"] = [Reason("round_spaces_unknown", {"codes": ", ".join(unknown) or "–"})]
    if stated.size not in SIZES:
        faults["size"] = [Reason("not_a_choice")]
    if any(one.name == stated.name for one in contest.applicants):
        faults["name"] = [Reason("round_entered_before")]
    if faults:
        raise Invalid(faults)
    _require_points(contest, stated.points)
    firm = RoundApplicant(
        round_id=contest.id,
        organisation_id=stated.organisation_id,
        name=stated.name,
        size=stated.size,
        sector=stated.sector,
        need=dict(stated.need),
        preferences=list(stated.preferences),
        points=dict(stated.points),
        complete_at=stated.complete_at,
    )
    contest.applicants.append(firm)
    _recorded(session, contest, "parks:round:enter", actor=actor)
    return firm


def score_applicant(
    session: Session, key: str, applicant_key: str, points: Mapping[str, int], *, actor: Actor
) -> RoundApplicant:
    """Give a firm its points. Raises NotFound, NotAllowed, Invalid, or Blocked once the round is decided."""
    contest = find_open_round(session, key, actor=actor)
    firm = next((one for one in contest.applicants if one.key == applicant_key), None)
    if firm is None:
        raise NotFound
    _require_points(contest, points)
    firm.points = dict(points)
    _recorded(session, contest, "parks:round:score", actor=actor, applicant=firm.id)
    return firm


def _require_points(contest: AllocationRound, points: Mapping[str, int]) -> None:
    try:
        score_of(points, criteria_of(contest))
    except ValueError as fault:
        raise Invalid({"points": ["points_outside_criteria"]}) from fault


def decide_round(session: Session, key: str, *, actor: Actor) -> AllocationRound:
    """Take the stable proposal as the decision: each firm with a place is offered it.

    Raises:
        NotFound, NotAllowed: see :func:`find_open_round`.
        Blocked: it was decided before, applications may still come, or a space was given to somebody meanwhile.
    """
    contest = find_open_round(session, key, actor=actor)
    if local_date(now()) <= contest.closes_on:
        raise Blocked(Reason("round_still_open", {"closes_on": contest.closes_on}))
    places = propose(as_contest(contest)).places
    contest.decided_at, contest.decided_by = now(), actor.person_id
    firms = {one.key: one for one in contest.applicants}
    spaces = {one.space.code: one.space for one in contest.offered}
    for firm, space in places.items():
        _offer(session, contest, firms[firm], spaces[space])
    return _recorded(session, contest, "parks:round:decide", actor=actor, places=len(places))


def _offer(session: Session, contest: AllocationRound, firm: RoundApplicant, space: Space) -> RoundOffer:
    """Hold the space for the firm while it thinks."""
    wanted = Wanted(contest.starts_on, contest.ends_on, firm.name, organisation_id=firm.organisation_id)
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


def ask_for_alternatives(session: Session, key: str, *, actor: Actor) -> AllocationRound:
    """The round whose other outcomes are to be worked out. Raises NotFound, NotAllowed or Blocked."""
    contest = find_open_round(session, key, actor=actor)
    return _recorded(session, contest, "parks:round:compare", actor=actor)


def keep_alternatives(session: Session, number: int) -> None:
    """Work out what other aims would yield, and keep it beside the proposal."""
    contest = _lock(session, number)
    pure = as_contest(contest)
    outcomes = {"stable": sum_up(pure, propose(pure).places)}
    outcomes |= {objective: alternative(pure, objective) for objective in OBJECTIVES}
    contest.alternatives = {
        aim: {"firms": one.firms, "score": one.score, "area_m2": str(one.area_m2), "complaints": one.complaints}
        for aim, one in outcomes.items()
    }
    session.flush()


@task("parks:round:compare")
def compare_outcomes(session: Session, *, number: int) -> None:
    """Work out what a round would yield if other aims counted."""
    keep_alternatives(session, number)


def answer_offer(session: Session, key: str, *, accepts: bool, actor: Actor) -> RoundOffer:
    """Accept an offer, or decline it, so that it moves on at once.

    Raises:
        NotFound: there is no such offer, or it is none of the actor's business.
        Blocked: it was answered or has lapsed.
    """
    contest = _lock(session, _round_of(session, key))
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
        contest = _lock(session, _round_of(session, key))
        offer = next(one for one in contest.offers if one.key == key)
        if offer.answer is None and offer.expires_at <= at:
            _answer(session, contest, offer, "lapsed", actor=SYSTEM)
            lapsed += 1
    return lapsed


def _answer(session: Session, contest: AllocationRound, offer: RoundOffer, answer: str, *, actor: Actor) -> None:
    """Note the answer; what is not accepted is released and moves on at once."""
    offer.answer, offer.answered_at = answer, now()
    session.flush()
    _recorded(session, contest, f"parks:offer:{answer}", actor=actor, offer=offer.id)
    if answer == "accepted":
        return
    if offer.allocation.released_at is None:
        allocations.release(session, offer.allocation.key, reason="refused", actor=SYSTEM)
    _move_on(session, contest)
    if answer == "lapsed":
        tell_lapsed(session, contest, offer)


def _move_on(session: Session, contest: AllocationRound) -> None:
    """Offer each space that is free to the next in line for it.

    Who declined a space is not asked for it again; who let an offer lapse is not asked at all.
    """
    pure, firms = as_contest(contest), {one.key: one for one in contest.applicants}
    for row in contest.offered:
        places = current_places(contest)
        if row.space.code in places.values():
            continue
        passed = [
            one.applicant.key
            for one in contest.offers
            if one.answer == "lapsed" or (one.answer == "declined" and one.space_id == row.space_id)
        ]
        following = next_in_line(pure, row.space.code, places=places, passed=passed)
        if following is not None and _offered(session, contest, firms[following.code], row.space):
            _recorded(session, contest, "parks:offer:move_on", actor=SYSTEM, applicant=firms[following.code].id)


def _offered(session: Session, contest: AllocationRound, firm: RoundApplicant, space: Space) -> bool:
    """Whether the space could be offered: somebody may have been given it outside the round."""
    try:
        with session.begin_nested():
            _offer(session, contest, firm, space)
    except Blocked:
        session.refresh(contest, ["offers"])
        return False
    return True


def find_open_round(session: Session, key: str, *, actor: Actor) -> AllocationRound:
    """The round, locked. Raises NotFound, NotAllowed, or Blocked once it is decided."""
    number = session.scalar(select(AllocationRound.id).where(AllocationRound.key == key))
    if number is None:
        raise NotFound
    contest = _lock(session, number)
    if not may_run(actor, contest.park.code):
        raise NotAllowed
    if contest.decided_at is not None:
        raise Blocked("round_decided")
    return contest


def _lock(session: Session, number: int) -> AllocationRound:
    found = select(AllocationRound).options(*WHOLE).where(AllocationRound.id == number)
    found = found.with_for_update(of=AllocationRound).execution_options(populate_existing=True)
    return session.scalars(found).one()


def _recorded(
    session: Session, contest: AllocationRound, action: str, *, actor: Actor, **facts: Any
) -> AllocationRound:
    session.flush()
    subject = ("allocation_round", contest.id)
    audit.append(session, f"round:{contest.id}", actor=actor, action=action, facts=facts, subject=subject)
    return contest

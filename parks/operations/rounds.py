"""Rounds published, entered, scored and decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotAllowed, NotFound, Reason
from foundation.jobs import task
from foundation.wording import Trilingual
from foundation.workdays import local_date
from parks.contests import as_contest, criteria_of
from parks.models import (
    AllocationRound,
    Park,
    ParkAdmission,
    RoundApplicant,
    RoundSpace,
    Space,
    SpaceAllocation,
)
from parks.models.allocations import is_live
from parks.models.rounds import SIZES
from parks.operations.offering import lock_round, lock_round_by_id, make_offer, move_on, recorded
from parks.placement import propose
from parks.rules import may_run, require_park_runner
from parks.scoring import score_of
from parks.stability import complaints
from parks.telling import tell_not_placed, tell_offered, tell_waiting
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
    needs_admission: bool = False


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
    admission_id: int | None = None


def publish_round(session: Session, park_code: str, stated: StatedRound, *, actor: Actor) -> AllocationRound:
    """Publish criteria, weights, quotas and spaces; none of them changes afterwards.

    Raises:
        NotFound, NotAllowed: there is no such park, or the actor does not run it.
        Invalid: criteria have no weight, days do not follow, or a space is not let in this park.
        Blocked: a space is given, or in another round, on days of this one.
    """
    park = require_park_runner(actor, session.scalar(select(Park).where(Park.code == park_code)))
    _require_sound(stated)
    spaces = _spaces(session, park, stated.spaces)
    _require_free(session, spaces, stated)
    contest = AllocationRound(
        park=park,
        title=dict(stated.title),
        criteria=[dict(row) for row in stated.criteria],
        quotas=[dict(row) for row in stated.quotas],
        closes_on=stated.closes_on,
        starts_on=stated.starts_on,
        ends_on=stated.ends_on,
        needs_admission=stated.needs_admission,
        person_id=actor.person_id,
        offered=[RoundSpace(space=space, kept_for=stated.spaces[space.code]) for space in spaces],
    )
    session.add(contest)
    recorded(session, contest, "parks:round:publish", actor=actor)
    tell_waiting(session, contest, spaces)
    return contest


def _require_free(session: Session, spaces: Sequence[Space], stated: StatedRound) -> None:
    """A round promises what it has: a space that nobody was given on its days, and that no other round offers."""
    ids, days = [space.id for space in spaces], Range(stated.starts_on, stated.ends_on, bounds="[]")
    session.scalars(select(Space.id).where(Space.id.in_(ids)).order_by(Space.id).with_for_update()).all()
    given = select(SpaceAllocation.space_id).where(
        SpaceAllocation.space_id.in_(ids), is_live(now()), SpaceAllocation.period.overlaps(days)
    )
    offered = select(RoundSpace.space_id).where(
        RoundSpace.space_id.in_(ids), RoundSpace.settled_at.is_(None), RoundSpace.period.overlaps(days)
    )
    taken = set(session.scalars(given)) | set(session.scalars(offered))
    if taken:
        codes = ", ".join(space.code for space in spaces if space.id in taken)
        raise Blocked(Reason("round_spaces_taken", {"codes": codes}))


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
    require_admitted(session, contest, stated.organisation_id, stated.admission_id)
    firm = RoundApplicant(
        round_id=contest.id,
        organisation_id=stated.organisation_id,
        admission_id=stated.admission_id,
        name=stated.name,
        size=stated.size,
        sector=stated.sector,
        need=dict(stated.need),
        preferences=list(stated.preferences),
        points=dict(stated.points),
        complete_at=stated.complete_at,
    )
    contest.applicants.append(firm)
    recorded(session, contest, "parks:round:enter", actor=actor)
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
    recorded(session, contest, "parks:round:score", actor=actor, applicant=firm.id)
    return firm


def _require_points(contest: AllocationRound, points: Mapping[str, int]) -> None:
    try:
        score_of(points, criteria_of(contest))
    except ValueError as fault:
        raise Invalid({"points": ["points_outside_criteria"]}) from fault


def require_admitted(session: Session, contest: AllocationRound, firm_id: int | None, admission_id: int | None) -> None:
    """A firm stands on an admission of its own to the park, where the round asks for one. Raises Blocked."""
    if admission_id is None:
        if contest.needs_admission:
            raise Blocked("round_needs_admission")
        return
    ground = session.get_one(ParkAdmission, admission_id)
    if ground.park_id != contest.park_id or ground.organisation_id != firm_id:
        raise Blocked("admission_not_ones_own")
    if ground.ended_at is not None:
        raise Blocked("admission_over")


def decide_round(session: Session, key: str, *, actor: Actor, complaints_seen: int = 0) -> AllocationRound:
    """Take the proposal, with what people decided otherwise, as the decision: each firm with a place is offered it.

    ``complaints_seen`` is how many rightful complaints whoever decides was shown.

    Raises:
        NotFound, NotAllowed: see :func:`find_open_round`.
        Blocked: it was decided before, applications may still come, or the decision costs others what was not shown.
    """
    contest = find_open_round(session, key, actor=actor)
    if local_date(now()) <= contest.closes_on:
        raise Blocked(Reason("round_still_open", {"closes_on": contest.closes_on}))
    pure = as_contest(contest)
    places = propose(pure).places
    breach = complaints(pure, places)
    if len(breach) != complaints_seen:
        raise Blocked(Reason("round_breach_unseen", {"count": len(breach)}))
    contest.decided_at, contest.decided_by = now(), actor.person_id
    firms = {one.key: one for one in contest.applicants}
    spaces = {one.space.code: one.space for one in contest.offered}
    for firm, space in places.items():
        tell_offered(session, contest, make_offer(session, contest, firms[firm], spaces[space]))
    recorded(session, contest, "parks:round:decide", actor=actor, places=len(places), complaints=len(breach))
    tell_not_placed(session, contest)
    move_on(session, contest)
    return contest


def ask_for_alternatives(session: Session, key: str, *, actor: Actor) -> AllocationRound:
    """The round whose other outcomes are to be worked out. Raises NotFound, NotAllowed or Blocked."""
    contest = find_open_round(session, key, actor=actor)
    return recorded(session, contest, "parks:round:compare", actor=actor)


def keep_alternatives(session: Session, number: int) -> None:
    """Work out what other aims would yield, and keep it beside the proposal."""
    contest = lock_round_by_id(session, number)
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


def find_open_round(session: Session, key: str, *, actor: Actor) -> AllocationRound:
    """The round, locked. Raises NotFound, Blocked once it is decided, or NotAllowed, also to people of its firms."""
    contest = lock_round(session, key)
    if not may_run(actor, contest.park.code):
        raise NotAllowed
    if any(one.organisation_id in actor.organisation_ids for one in contest.applicants if one.organisation_id):
        raise NotAllowed
    if contest.decided_at is not None:
        raise Blocked("round_decided")
    return contest

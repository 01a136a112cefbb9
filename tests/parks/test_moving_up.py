"""A space that falls free goes to the best ranked that wants it more than what it is offered and has not answered."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import as_of, now
from foundation.errors import Blocked
from foundation.notices import notices_of
from foundation.workdays import local_date
from parks.models import AllocationRound, RoundSpace, SpaceAllocation
from parks.movingup import Line, next_move
from parks.operations import offers, rounds
from parks.placement import Round, propose
from parks.queries.rounds import find_round
from parks.roundfacts import standings
from tests.accounts.factories import make_organisation, make_person
from tests.databases import FreshDatabase
from tests.parks.grounds import make_park
from tests.parks.test_placement import random_round
from tests.parks.test_rounds import enter, offered, stated

TODAY = local_date(now())
OPEN: dict[str, Any] = {
    "closes_on": TODAY + timedelta(days=5),
    "starts_on": TODAY + timedelta(days=60),
    "ends_on": TODAY + timedelta(days=400),
}
AFTER = now() + timedelta(days=6)
UNITS = {"P1-U1": None, "P1-U2": None, "P1-U3": None}


def decided(session: Session, owner: int | None = None) -> AllocationRound:
    """A has U1, B has U2 and wanted U1 more, C has U3 and wanted both more; D waits."""
    make_park(session)
    made = rounds.publish_round(session, "P1", stated(**OPEN, spaces=UNITS), actor=SYSTEM)
    for name, points, wanted in (("A", 9, 1), ("B", 8, 2), ("C", 7, 3), ("D", 6, 3)):
        enter(session, made, name, points, 1, list(UNITS)[:wanted], owner if name == "B" else None)
    with as_of(AFTER):
        rounds.decide_round(session, made.key, actor=SYSTEM)
    return made


def answer(session: Session, made: AllocationRound, name: str, *, accepts: bool) -> None:
    standing = [one for one in find_round(session, made.key).offers if one.answer is None]
    offer = next(one for one in standing if one.applicant.name == name)
    with as_of(AFTER):
        offers.answer_offer(session, offer.key, accepts=accepts, actor=SYSTEM)


def test_all_who_have_not_answered_move_up_one_after_the_other(session: Session) -> None:
    firm = make_organisation(session)
    person = make_person(session, organisation=firm)
    made = decided(session, firm.id)
    answer(session, made, "A", accepts=False)

    assert offered(session, made.key) == [
        ("A", "P1-U1", "declined"),
        ("B", "P1-U2", "moved_up"),
        ("C", "P1-U3", "moved_up"),
        ("B", "P1-U1", None),
        ("C", "P1-U2", None),
        ("D", "P1-U3", None),
    ]
    told = notices_of(session, person.id).rows[0]
    assert (told.kind, told.facts["space"], told.facts["former"]) == ("space_offer_moved_up", "P1-U1", "P1-U2")
    live = select(SpaceAllocation.holder).where(SpaceAllocation.released_at.is_(None)).order_by(SpaceAllocation.holder)
    assert list(session.scalars(live)) == ["B", "C", "D"]
    rows = {row.firm.name: row.moved_from for row in standings(find_round(session, made.key)).rows}
    assert rows == {"A": None, "B": "P1-U2", "C": "P1-U3", "D": None}


def test_who_said_yes_stays_and_an_offer_replaced_is_not_answered(session: Session) -> None:
    made = decided(session)
    replaced = next(one for one in find_round(session, made.key).offers if one.applicant.name == "C")
    answer(session, made, "B", accepts=True)
    answer(session, made, "A", accepts=False)

    assert offered(session, made.key)[3:] == [("C", "P1-U1", None), ("D", "P1-U3", None)]
    with pytest.raises(Blocked) as refusal, as_of(AFTER):
        offers.answer_offer(session, replaced.key, accepts=True, actor=SYSTEM)
    assert refusal.value.reasons[0].code == "offer_moved_up"


def test_a_yes_leaves_to_the_queue_what_nobody_else_of_the_round_can_come_to(session: Session) -> None:
    """U3 is wanted by C and D alone: D declines it, C says yes to another."""
    made = decided(session)
    answer(session, made, "A", accepts=False)
    answer(session, made, "D", accepts=False)
    open_still = select(RoundSpace.id).where(RoundSpace.settled_at.is_(None))
    assert len(session.scalars(open_still).all()) == 3
    answer(session, made, "C", accepts=True)

    assert len(session.scalars(open_still).all()) == 2


def test_after_any_lapses_and_answers_the_line_stands_at_the_stable_outcome() -> None:
    """300 random rounds: firms lapse or say yes in any order; who is left has what a round among them would give."""
    for seed in range(300):
        chance = random.Random(seed)  # noqa: S311 - a round that can be made again
        contest = Round(**{name: getattr(random_round(chance, 12, 8), name) for name in ("spaces", "applicants")})
        places, bound, out = dict(propose(contest).places), set[str](), set[str]()
        for code in chance.sample([one.code for one in contest.applicants], 8):
            if code in places and chance.random() < 0.4:
                bound.add(code)
                continue
            places.pop(code, None)
            out.add(code)
            _settle(contest, places, bound, out)

            left = [one for one in contest.applicants if one.code not in out]
            fixed = {firm: places[firm] for firm in bound}
            assert places == propose(Round(contest.spaces, left, (), fixed)).places


def _settle(contest: Round, places: dict[str, str], bound: set[str], out: set[str]) -> None:
    while move := next_move(
        Line(contest, places, free=set(contest.spaces) - set(places.values()), bound=bound, out=out, refused=set())
    ):
        places[move[0].code] = move[1]


def test_a_quota_is_kept_when_firms_move_up() -> None:
    """Random rounds with quotas: whoever leaves, no quota is ever broken, and nobody is worse off than before."""
    for seed in range(100):
        contest = random_round(random.Random(seed), 12, 8)  # noqa: S311 - a round that can be made again
        places, out = dict(propose(contest).places), set[str]()
        for code in list(places)[:4]:
            before = dict(places)
            places.pop(code, None)
            out.add(code)
            _settle(contest, places, set(), out)
            _require_no_worse(contest, before, places, out)
            for quota in contest.quotas:
                of_it = [one.code for one in contest.applicants if quota.covers(one) and one.code in places]
                area = sum(contest.spaces[places[firm]].area_m2 for firm in of_it)
                assert quota.most_spaces is None or len(of_it) <= quota.most_spaces
                assert quota.most_m2 is None or area <= quota.most_m2


def _require_no_worse(contest: Round, before: dict[str, str], after: dict[str, str], out: set[str]) -> None:
    wishes = {one.code: list(one.preferences) for one in contest.applicants}
    for firm, space in before.items():
        assert firm in out or wishes[firm].index(after[firm]) <= wishes[firm].index(space)


def test_of_a_yes_and_a_better_offer_at_once_one_counts(fresh_database: FreshDatabase) -> None:
    """Ten times B says yes while A declines what B wanted more: B has one space, and its other offer is answered."""
    with Session(fresh_database.engine) as session:
        make_park(session)
        session.commit()

    def say(key: str, *, accepts: bool) -> None:
        with Session(fresh_database.engine) as session, as_of(AFTER):
            try:
                offers.answer_offer(session, key, accepts=accepts, actor=SYSTEM)
            except Blocked as refusal:
                assert refusal.reasons[0].code == "offer_moved_up"  # noqa: PT017 - whichever comes first is right
            session.commit()

    with fresh_database.app.app_context(), ThreadPoolExecutor(2) as threads:
        for number in range(10):
            first, second = _offers_of_two(fresh_database, number)
            work = [threads.submit(say, first, accepts=False), threads.submit(say, second, accepts=True)]
            for one in work:
                one.result()
            assert _live_of_the_second(fresh_database) in (("P1-U1", None), ("P1-U2", "accepted"))


def _offers_of_two(database: FreshDatabase, number: int) -> tuple[str, str]:
    first = TODAY + timedelta(days=60 + 100 * number)
    term = {"closes_on": TODAY + timedelta(days=5), "starts_on": first, "ends_on": first + timedelta(days=99)}
    with Session(database.engine) as session:
        two = {"P1-U1": None, "P1-U2": None}
        made = rounds.publish_round(session, "P1", stated(**term, spaces=two), actor=SYSTEM)
        enter(session, made, "A", 9, 1, ["P1-U1"])
        enter(session, made, "B", 8, 1, ["P1-U1", "P1-U2"])
        with as_of(AFTER):
            rounds.decide_round(session, made.key, actor=SYSTEM)
        keys = [one.key for one in find_round(session, made.key).offers]
        session.commit()
    return keys[0], keys[1]


def _live_of_the_second(database: FreshDatabase) -> tuple[str, str | None]:
    with Session(database.engine) as session:
        made = session.scalars(select(AllocationRound).order_by(AllocationRound.id.desc()).limit(1)).one()
        live = [one for one in find_round(session, made.key).offers if one.answer in (None, "accepted")]
        held = select(SpaceAllocation.holder).where(
            SpaceAllocation.round_id == made.id, SpaceAllocation.released_at.is_(None)
        )
        assert list(session.scalars(held)) == ["B"]
        (offer,) = live
        return offer.space.code, offer.answer

"""Spaces held, reserved, let, merged and split by those who run them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM, Actor, Grant
from foundation.database import as_of, now
from foundation.errors import Blocked, Invalid, NotAllowed, NotFound
from foundation.workdays import end_of_day, local_date
from parks.models import Park, SpaceAllocation, SpaceChangePart
from parks.operations.allocations import hold_space, let_claimed, let_space, move_end, release, reserve_held
from parks.operations.spacechanges import Change, merge_spaces, split_space
from parks.operations.spaces import StatedSpace, add_operator, add_spaces, set_condition
from parks.roles import park_choices
from parks.rules import PARK_ADMINISTRATOR
from tests.parks.grounds import OPENED_ON, UNIT_M2, make_park, wanted


@pytest.fixture
def park(session: Session) -> Park:
    return make_park(session)


def codes_of(refusal: pytest.ExceptionInfo[Blocked]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def runner(scope: str) -> Actor:
    return Actor("person", grants=frozenset({Grant(PARK_ADMINISTRATOR, park=scope)}))


def test_a_hold_lasts_ten_working_days_and_then_releases_itself(session: Session, park: Park) -> None:
    with as_of(end_of_day(date(2026, 3, 2))):
        held = hold_space(session, "P1-U1", wanted("2026-04-01", "2027-03-31"), actor=SYSTEM)
    assert held.expires_at == end_of_day(date(2026, 3, 16))
    with as_of(end_of_day(date(2026, 3, 16)) - timedelta(minutes=1)), pytest.raises(Blocked) as refusal:
        hold_space(session, "P1-U1", wanted("2027-03-31", "2027-12-31"), actor=SYSTEM)
    assert codes_of(refusal) == ["space_taken"]
    with as_of(end_of_day(date(2026, 3, 16))):
        let_space(session, "P1-U1", wanted("2026-04-01", "2027-03-31"), actor=SYSTEM)
    session.refresh(held)
    assert (held.release_reason, held.released_at) == ("lapsed", held.expires_at)


def test_a_deposit_turns_a_hold_into_a_reservation_of_thirty_days(session: Session, park: Park) -> None:
    held = hold_space(session, "P1-U1", wanted("2090-04-01", "2091-03-31"), actor=SYSTEM)
    reserved = reserve_held(session, held.key, deposit_vnd=50_000_000, actor=SYSTEM)
    assert (reserved.id, reserved.kind) == (held.id, "reservation")
    assert reserved.expires_at == end_of_day(local_date(now()) + timedelta(days=30))
    let = let_claimed(session, held.key, actor=SYSTEM)
    assert (let.kind, let.expires_at) == ("lease", None)


def test_what_lapsed_cannot_be_reserved_let_or_moved(session: Session, park: Park) -> None:
    held = hold_space(session, "P1-U1", wanted("2090-04-01", "2091-03-31"), actor=SYSTEM)
    with as_of(now() + timedelta(days=60)):
        for act in (
            lambda: reserve_held(session, held.key, deposit_vnd=1, actor=SYSTEM),
            lambda: let_claimed(session, held.key, actor=SYSTEM),
            lambda: move_end(session, held.key, date(2091, 4, 1), actor=SYSTEM),
        ):
            with pytest.raises(Blocked) as refusal:
                act()
            assert codes_of(refusal) == ["allocation_lapsed"]


def test_an_end_moves_as_far_as_there_is_room(session: Session, park: Park) -> None:
    first = let_space(session, "P1-L", wanted("2090-01-01", "2090-12-31", 700), actor=SYSTEM)
    let_space(session, "P1-L", wanted("2091-01-01", "2091-12-31", 400), actor=SYSTEM)
    with pytest.raises(Blocked) as refusal:
        move_end(session, first.key, date(2091, 1, 1), actor=SYSTEM)
    assert refusal.value.reasons[0].facts == {"free_m2": "600.00", "full_on": date(2091, 1, 1)}
    move_end(session, first.key, date(2090, 6, 30), actor=SYSTEM)
    let_space(session, "P1-L", wanted("2090-07-01", "2090-12-31", 1000), actor=SYSTEM)


def test_what_was_released_is_over(session: Session, park: Park) -> None:
    held = hold_space(session, "P1-U1", wanted("2090-04-01", "2091-03-31"), actor=SYSTEM)
    release(session, held.key, reason="withdrawn", actor=SYSTEM)
    with pytest.raises(Blocked) as refusal:
        let_claimed(session, held.key, actor=SYSTEM)
    assert codes_of(refusal) == ["allocation_released"]
    hold_space(session, "P1-U1", wanted("2090-04-01", "2091-03-31"), actor=SYSTEM)


@pytest.mark.parametrize("condition", ["planned", "refurbishing", "blocked"])
def test_only_what_is_ready_is_given(session: Session, park: Park, condition: str) -> None:
    set_condition(session, "P1-U1", condition, actor=SYSTEM)
    with pytest.raises(Blocked) as refusal:
        hold_space(session, "P1-U1", wanted("2090-04-01", "2091-03-31"), actor=SYSTEM)
    assert codes_of(refusal) == [f"space_{condition}"]


def test_nobody_gives_what_another_runs(session: Session, park: Park) -> None:
    make_park(session, "P2")
    asked = wanted("2090-04-01", "2091-03-31")
    with pytest.raises(NotAllowed):
        hold_space(session, "P2-U1", asked, actor=runner("P1"))
    with pytest.raises(NotFound):
        hold_space(session, "P3-U1", asked, actor=runner("P1"))
    held = hold_space(session, "P1-U1", asked, actor=replace(runner("P1"), person_id=None))
    with pytest.raises(NotAllowed):
        release(session, held.key, reason="withdrawn", actor=runner("P2"))


def test_another_operator_in_a_park_has_a_scope_of_its_own(session: Session, park: Park) -> None:
    add_operator(session, "devco", {"vi": "A", "en": "A", "fr": "A"}, kind="private_owner", actor=SYSTEM)
    stated = StatedSpace("P1-X", "plot", "P1-Z", operator="devco", usable_m2=Decimal(10))
    add_spaces(session, park, [stated], opened_on=OPENED_ON, actor=SYSTEM)
    asked = wanted("2090-04-01", "2091-03-31")
    with pytest.raises(NotAllowed):
        hold_space(session, "P1-X", asked, actor=runner("P1"))
    hold_space(session, "P1-X", asked, actor=runner("P1/devco"))
    assert park_choices(session, "en") == [("P1", "Park P1"), ("P1/devco", "Park P1 · A")]


def test_merged_spaces_become_one_from_a_day_on_and_stay_on_record(session: Session, park: Park) -> None:
    day = date(2090, 1, 1)
    past = let_space(session, "P1-U1", wanted("2089-01-01", "2089-12-31"), actor=SYSTEM)
    merged = merge_spaces(session, ["P1-U1", "P1-U2"], "P1-U12", Change(day, "Một hộ thuê"), actor=SYSTEM)
    assert (merged.usable_m2, merged.opened_on, merged.kind) == (2 * UNIT_M2, day, "unit")
    with pytest.raises(Blocked) as refusal:
        let_space(session, "P1-U2", wanted("2089-12-31", "2090-01-01"), actor=SYSTEM)
    assert codes_of(refusal) == ["space_not_there"]
    let_space(session, "P1-U12", wanted("2090-01-01", "2090-12-31"), actor=SYSTEM)
    sides = session.scalars(select(SpaceChangePart.is_before).order_by(SpaceChangePart.space_id)).all()
    assert sides == [True, True, False]
    assert session.get_one(SpaceAllocation, past.id).released_at is None


def test_a_space_is_split_into_no_more_than_it_holds(session: Session, park: Park) -> None:
    day = Change(date(2090, 1, 1), "Chia nhỏ")
    halves = [StatedSpace(code, "unit", usable_m2=Decimal(61)) for code in ("P1-U1a", "P1-U1b")]
    with pytest.raises(Blocked) as refusal:
        split_space(session, "P1-U1", halves, day, actor=SYSTEM)
    assert codes_of(refusal) == ["space_split_area"]
    fitting = [replace(half, usable_m2=Decimal(60)) for half in halves]
    parts = split_space(session, "P1-U1", fitting, day, actor=SYSTEM)
    assert [(part.code, part.net_m2, part.kind) for part in parts] == [("P1-U1a", 60, "unit"), ("P1-U1b", 60, "unit")]


def test_neither_claimed_nor_distant_spaces_are_merged(session: Session, park: Park) -> None:
    day = Change(date(2090, 1, 1), "Gộp")
    let_space(session, "P1-U1", wanted("2089-01-01", "2090-01-01"), actor=SYSTEM)
    with pytest.raises(Blocked) as refusal:
        merge_spaces(session, ["P1-U1", "P1-U2"], "P1-U12", day, actor=SYSTEM)
    assert codes_of(refusal) == ["space_claimed"]
    with pytest.raises(Blocked) as refusal:
        merge_spaces(session, ["P1-U2", "P1-U3"], "P1-U23", day, actor=SYSTEM)
    assert codes_of(refusal) == ["space_not_siblings"]


@pytest.mark.parametrize(
    "stated",
    [
        StatedSpace("P1-L", "plot", "P1-Z"),
        StatedSpace("P1-N", "plot", "P1-nowhere"),
        StatedSpace("P1-N", "plot", "P1-Z", operator="nobody"),
    ],
)
def test_a_space_needs_a_code_of_its_own_and_a_place(session: Session, park: Park, stated: StatedSpace) -> None:
    with pytest.raises(Invalid) as refusal:
        add_spaces(session, park, [stated], actor=SYSTEM)
    assert list(refusal.value.fields) == [stated.code]


def test_a_hold_costs_four_statements(park: Park, session: Session) -> None:
    hold_space(session, "P1-U1", wanted("2026-04-01", "2027-03-31"), actor=SYSTEM)
    seen: list[str] = []
    event.listen(bind := session.get_bind(), "before_cursor_execute", note := lambda *told: seen.append(told[2]))

    hold_space(session, "P1-U2", wanted("2026-04-01", "2027-03-31"), actor=SYSTEM)

    event.remove(bind, "before_cursor_execute", note)
    tables = [next(name for name in ("spaces s", "space_allocations", "audit_heads") if name in one) for one in seen]
    assert tables == ["spaces s", "space_allocations", "audit_heads", "audit_heads"]

"""The pure count of what is taken, against counting day by day."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.errors import Blocked, Invalid
from parks.allocation import Claim, Fullest, Room, admit, fullest_day
from parks.models import Space, SpaceAllocation
from parks.operations.allocations import hold_space, let_claimed, let_space, move_end, release, reserve_held
from tests.parks.grounds import PLOT_M2, make_park, wanted

FIRST = date(2026, 1, 1)
START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 12

Asked = tuple[int, int, int, int | None, int]
"""First day, days, hundreds of square metres, days until it lapses, and days after which the next one comes."""


def ask(chance: Random) -> Asked:
    lapses = chance.choice([None, None, 1, 2, 3, 4])
    return chance.randrange(DAYS), chance.randint(1, 5), chance.randint(1, 10), lapses, chance.randrange(4)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def taken_day_by_day(claims: list[Claim]) -> list[Decimal]:
    """What is taken on each day, the plainest way."""
    taken = [0] * (DAYS + 8)
    for one in claims:
        for number in range((one.starts_on - FIRST).days, (one.until - FIRST).days):
            taken[number] += int(one.area_m2)
    return [Decimal(area) for area in taken]


def claim_of(one: Asked, at: datetime) -> Claim:
    first, length, hundreds, lapses, _ = one
    expires_at = None if lapses is None else at + timedelta(days=lapses)
    return Claim(day(first), day(first + length), Decimal(hundreds * 100), expires_at)


def test_in_10_000_random_sequences_no_day_holds_more_than_the_space() -> None:
    chance = Random(20260322)  # noqa: S311 - sequences that are the same in each run
    for _ in range(10_000):
        admit_in_turn(Room(PLOT_M2, chance.random() < 0.8), [ask(chance) for _ in range(chance.randint(2, 6))])


def admit_in_turn(room: Room, sequence: list[Asked]) -> None:
    claims: list[Claim] = []
    at = START
    for one in sequence:
        asked = claim_of(one, at)
        live = [known for known in claims if known.is_live(at)]
        is_part = asked.area_m2 != PLOT_M2 and not room.is_divisible
        is_too_much = max(taken_day_by_day([*live, asked])) > PLOT_M2
        try:
            claims = admit(room, claims, asked, at=at)
        except Blocked:
            assert is_part or is_too_much
        else:
            assert not is_part
            assert not is_too_much
        at += timedelta(days=one[4])


def test_the_fullest_day_is_the_first_of_the_most() -> None:
    claims = [
        Claim(day(0), day(5), Decimal(300)),
        Claim(day(3), day(4), Decimal(200)),
        Claim(day(4), day(9), Decimal(200)),
    ]
    assert fullest_day(claims, day(0), day(9)) == Fullest(Decimal(500), day(3))
    assert fullest_day(claims, day(5), day(9)) == Fullest(Decimal(200), day(5))
    assert fullest_day(claims, day(9), day(12)) == Fullest(Decimal(0))


def test_who_is_refused_is_told_how_much_is_free_and_on_which_day() -> None:
    claims = [Claim(day(2), day(4), Decimal(700))]
    with pytest.raises(Blocked) as refusal:
        admit(Room(PLOT_M2, True), claims, Claim(day(0), day(9), Decimal(400)), at=START)
    assert refusal.value.reasons[0].facts == {"free_m2": "300", "full_on": day(2)}


STEPS = ["hold", "let", "reserve", "sign", "release", "end", "sql", "sql", "sql"]


def test_in_300_random_sequences_the_database_holds_no_more_than_the_space(session: Session) -> None:
    make_park(session)
    chance = Random(20260323)  # noqa: S311 - the same
    refused = 0
    for _ in range(300):
        with session.begin_nested() as undone:
            refused += play_sequence(session, chance)
            live = session.scalars(select(SpaceAllocation).where(SpaceAllocation.released_at.is_(None)))
            claims = [Claim(row.period.lower, row.period.upper, row.area_m2) for row in live]  # type: ignore[arg-type]
            assert max(taken_day_by_day(claims)) <= PLOT_M2
            undone.rollback()
    assert refused > 100


def play_sequence(session: Session, chance: Random) -> int:
    keys: list[str] = []
    refused = 0
    for _ in range(3):
        try:
            with session.begin_nested():
                play(session, chance.choice(STEPS), ask(chance), keys, chance.randrange(4))
        except (Blocked, Invalid, IntegrityError):
            refused += 1
    return refused


def play(session: Session, step: str, one: Asked, keys: list[str], which: int) -> None:
    first, length, hundreds = one[0], one[1], one[2]
    who = wanted(day(first).isoformat(), day(first + length - 1).isoformat(), hundreds * 100)
    if step == "sql":
        place = session.query(Space).filter_by(code="P1-L").one()
        row = SpaceAllocation(
            space_id=place.id, kind="lease", area_m2=who.area_m2, holder="X", period=Range(who.starts_on, who.until)
        )
        session.add(row)
        session.flush()
    elif step in ("hold", "let") or not keys:
        make = let_space if step == "let" else hold_space
        keys.append(make(session, "P1-L", who, actor=SYSTEM).key)
    elif step == "reserve":
        reserve_held(session, keys[which % len(keys)], deposit_vnd=1, actor=SYSTEM)
    elif step == "sign":
        let_claimed(session, keys[which % len(keys)], actor=SYSTEM)
    elif step == "release":
        release(session, keys[which % len(keys)], reason="ended", actor=SYSTEM)
    else:
        move_end(session, keys[which % len(keys)], day(first + length), actor=SYSTEM)

"""The order of the queue is that of the dates, over all units, states and pages."""

from datetime import timedelta

import pytest

from accounts.models import Unit
from applications.queries.lists import Filters
from applications.queries.urgency import most_urgent
from foundation.actors import Actor, Grant
from foundation.database import now
from tests.accounts.factories import make_unit
from tests.applications.small_pack import World
from tests.applications.visits import accepted, submitted


def everything(world: World, actor: Actor, filters: Filters) -> list[str]:
    """The keys of all pages, in order."""
    keys: list[str] = []
    cursor: str | None = None
    while True:
        page = most_urgent(world.session, filters, actor=actor, cursor=cursor)
        keys += [row.key for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            return keys


@pytest.fixture
def other(world: World) -> Unit:
    return make_unit(world.session)


@pytest.fixture
def scattered(world: World, other: Unit) -> list[str]:
    """Dossiers in two units and two states, due one day after the other; the last has no date."""
    keys = []
    for number in range(6):
        case = (accepted if number % 2 else submitted)(world)
        case.unit_id = other.id if number % 3 else case.unit_id
        case.due_at = now() + timedelta(days=number) if number < 5 else None
        keys.append(case.key)
    world.session.commit()
    return keys


@pytest.mark.parametrize("size", [1, 2, 30])
@pytest.mark.parametrize("scope", ["every unit", "the two units"])
def test_dossiers_come_by_their_dates(
    world: World, other: Unit, scattered: list[str], scope: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("applications.queries.urgency.PAGE_SIZE", size)
    units = None if scope == "every unit" else frozenset({world.unit.id, other.id})

    assert everything(world, reader(units, person_id=size), Filters()) == scattered


def test_a_state_narrows_without_changing_the_order(world: World, scattered: list[str]) -> None:
    states = ("checking",)

    assert everything(world, reader(None), Filters(states=states)) == scattered[0::2]


def test_another_unit_stays_out_of_sight(world: World, scattered: list[str]) -> None:
    here = reader(frozenset({world.unit.id}))

    assert everything(world, here, Filters()) == scattered[0::3]


def reader(units: frozenset[int] | None, person_id: int = 1) -> Actor:
    return Actor(kind="person", person_id=person_id, grants=frozenset({Grant("case_officer", units=units)}))

"""The parks of the demonstration: whole, drawn as large as they are said to be, and marked as invented."""

from collections.abc import Iterator

import pytest
from shapely.geometry import shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from parks.models import Park, Space
from parks.queries.spaces import Sought, present, spaces_page
from tests.databases import FreshDatabase


@pytest.fixture
def session(demo_database: FreshDatabase) -> Iterator[Session]:
    with demo_database.session() as session:
        yield session


@pytest.fixture
def parks(session: Session) -> dict[str, Park]:
    return {park.code: park for park in session.scalars(select(Park))}


def test_every_space_lies_within_what_holds_it_beside_its_siblings(session: Session, parks: dict[str, Park]) -> None:
    spaces = {space.id: space for space in session.scalars(select(Space))}
    outlines = {key: shape(space.geometry) for key, space in spaces.items()}
    seen: dict[int | None, list[int]] = {}
    for key, space in spaces.items():
        park = next(park for park in parks.values() if park.id == space.park_id)
        above = outlines[space.parent_id] if space.parent_id else shape(park.geometry)
        assert above.buffer(1e-7).contains(outlines[key]), space.code
        beside = () if space.kind == "floor" else seen.get(space.parent_id, ())
        assert all(outlines[other].intersection(outlines[key]).area < 1e-12 for other in beside), space.code
        seen.setdefault(space.parent_id, []).append(key)


def test_there_is_some_of_everything_and_all_is_marked(session: Session, parks: dict[str, Park]) -> None:
    assert all(park.is_demonstration for park in parks.values())
    rows = [
        row
        for park in parks.values()
        for row in spaces_page(session, park, Sought(), present(), after=None, size=1000).rows
    ]
    assert {row.status for row in rows} == {"available", "held", "reserved", "leased", "planned"}
    assert {row.Space.kind for row in rows} == {"plot", "unit", "desk"}
    assert any(row.Space.is_divisible and 0 < row.free_m2 < row.Space.usable_m2 for row in rows)

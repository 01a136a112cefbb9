"""A large park for measurements: 20,000 units in 40 buildings, looked at on the map and held one after the other."""

import json
from collections.abc import Iterator

import psycopg

from bench.load import Journey

CODE = "BENCH"
HOLD, PARK = "hold of a space", "park of 20,000 units"
MAP, STACKING = "map of units in view", "stacking plan of 500 units"
SLOWEST = {HOLD: 50, MAP: 1000, STACKING: 1000, PARK: 1000}
"""Milliseconds that 19 of 20 stay below."""

BUILDINGS, FLOORS, UNITS = 40, 10, 50
WEST, SOUTH, STEP = 105.6, 21.0, 0.0001
OPENED_ON = "2020-01-01"
NAME = json.dumps({"vi": "Đo lường", "en": "Measurement", "fr": "Mesure"})

Row = tuple[object, ...]
COLUMNS = (
    "id, park_id, parent_id, path, code, kind, name, level, use, operator_id, usable_m2, geometry, west, south, east, "
    "north, opened_on, created_at"
)


def journeys(connection: psycopg.Connection, *, bearer: str) -> list[Journey]:
    """Lay out the park, and what is asked of it by everybody and by its administrator."""
    lay_out_park(connection)
    wanted = json.dumps({"starts_on": "2090-01-01", "ends_on": "2090-12-31", "holder": "measured"})
    codes = [f"{CODE}-{number}" for number in unit_numbers()]
    view = f"box={WEST},{SOUTH},{WEST + 8 * STEP},{SOUTH + 8 * STEP}&kinds=zone,plot,building,unit&level=1"
    return [
        Journey(PARK, [f"GET\t/parks/{CODE}", f"GET\t/parks/{CODE}?status=leased"], connections=1),
        Journey(MAP, [f"GET\t/parks/{CODE}/map.json?{view}"], connections=1),
        Journey(STACKING, [f"GET\t/spaces/{CODE}-b{number}" for number in range(BUILDINGS)], connections=1),
        Journey(HOLD, [f"POST\t/api/v1/spaces/{code}/holds\t{wanted}" for code in codes], bearer=bearer, is_once=True),
    ]


def unit_numbers() -> range:
    return range(BUILDINGS * FLOORS * UNITS)


def lay_out_park(connection: psycopg.Connection) -> None:
    """Copied in with triggers at rest; paths are what the triggers would have written."""
    connection.execute("SET session_replication_role = replica")
    operator = _inserted(
        connection,
        "INSERT INTO park_operators (code, name, kind, is_demonstration) VALUES (%s, %s, 'company', true) RETURNING id",
        [CODE, NAME],
    )
    park = _inserted(
        connection,
        "INSERT INTO parks (code, name, place, operator_id, gross_m2, is_demonstration, created_at,"
        " geometry, west, south, east, north)"
        " VALUES (%s, %s, %s, %s, 9000000, true, now(), %s, %s, %s, %s, %s) RETURNING id",
        [CODE, NAME, NAME, operator, *_drawn(WEST, SOUTH, 60 * STEP)],
    )
    first = _inserted(connection, "SELECT coalesce(max(id), 0) + 1 FROM spaces", [])
    with connection.cursor().copy(f"COPY spaces ({COLUMNS}) FROM STDIN") as copy:
        for row in _spaces(first, park, operator):
            copy.write_row(row)
    connection.execute("SELECT setval(pg_get_serial_sequence('spaces', 'id'), (SELECT max(id) FROM spaces))")
    connection.execute("SET session_replication_role = DEFAULT")
    connection.commit()
    connection.autocommit = True
    connection.execute("ANALYZE spaces")
    connection.autocommit = False


def _inserted(connection: psycopg.Connection, statement: str, values: list[object]) -> int:
    row = connection.execute(statement, values).fetchone()
    assert row is not None
    return int(row[0])


def _spaces(first: int, park: int, operator: int) -> Iterator[Row]:
    """A zone, and in it plots with a building each, floors and units."""
    number, zone = first, first
    yield _row((number, None, "z", "zone"), (park, operator), f"/{zone}/", (WEST, SOUTH, 60 * STEP))
    unit = 0
    for building in range(BUILDINGS):
        east, north = WEST + building % 8 * 6 * STEP, SOUTH + building // 8 * 6 * STEP
        plot, house = number + 1, number + 2
        number += 2
        yield _row((plot, zone, f"p{building}", "plot"), (park, operator), f"/{zone}/{plot}/", (east, north, 6 * STEP))
        path = f"/{zone}/{plot}/{house}/"
        yield _row((house, plot, f"b{building}", "building"), (park, operator), path, (east, north, 5 * STEP))
        for level in range(1, FLOORS + 1):
            floor = number = number + 1
            box = (east, north, 5 * STEP)
            key = (floor, house, f"f{building}-{level}", "floor")
            yield _row(key, (park, operator), f"{path}{floor}/", box, level)
            for place in range(UNITS):
                number += 1
                corner = (east + place % 10 * STEP / 2, north + place // 10 * STEP / 2, STEP / 2)
                yield _row(
                    (number, floor, str(unit), "unit"), (park, operator), f"{path}{floor}/{number}/", corner, level
                )
                unit += 1


def _row(
    key: tuple[int, int | None, str, str],
    owners: tuple[int, int],
    path: str,
    corner: tuple[float, float, float],
    level: int | None = None,
) -> Row:
    (own, parent, code, kind), (park, operator) = key, owners
    usable = 50 if kind == "unit" else None
    named = (own, park, parent, path, f"{CODE}-{code}", kind, code, level, "research", operator, usable)
    return (*named, *_drawn(*corner), OPENED_ON, "2026-01-01T00:00:00Z")


def _drawn(west: float, south: float, size: float) -> Row:
    """A square as outline with its sides."""
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return (json.dumps({"type": "Polygon", "coordinates": [ring]}), west, south, east, north)

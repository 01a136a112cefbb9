"""Plans of parks: every fault at once, nothing half-written, and what is taken over stands as drawn."""

import json
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.errors import Blocked, Invalid
from parks.models import Park, Space, SpacePlan
from parks.operations.allocations import let_space
from parks.operations.plans import apply_plan, examine_plan, keep_plan, read_plan
from parks.plans import PlanRow
from tests.accounts.factories import make_person, sign_in
from tests.parks.grounds import make_park, wanted

EAST, NORTH = 1 / 103_930, 1 / 111_320
"""A metre near Hanoi, in degrees."""


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return {"type": "Polygon", "coordinates": [[[105.5 + x * EAST, 21.0 + y * NORTH] for x, y in corners]]}


def drawn(code: str, kind: str, outline: dict[str, Any] | None, **stated: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": outline, "properties": {"code": code, "kind": kind, **stated}}


def geojson(*features: dict[str, Any]) -> BytesIO:
    return BytesIO(json.dumps({"type": "FeatureCollection", "features": features}).encode())


def sheet(*rows: tuple[Any, ...]) -> BytesIO:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    target = BytesIO()
    book.save(target)
    target.seek(0)
    return target


def faults_of(rows: list[PlanRow]) -> dict[str, dict[str, list[str]]]:
    """Of several rows with one code the second is marked."""
    known: set[str] = set()
    return {
        _named(row, known): {column: [reason.code for reason in reasons] for column, reasons in row.faults.items()}
        for row in rows
        if row.faults
    }


def _named(row: PlanRow, known: set[str]) -> str:
    name = f"{row.code} again" if row.code in known else row.code
    known.add(row.code)
    return name


@pytest.fixture
def park(session: Session) -> Park:
    return make_park(session)


def examined(session: Session, park: Park, stream: BytesIO, name: str) -> dict[str, dict[str, list[str]]]:
    rows = read_plan(stream, name)
    examine_plan(session, park, rows, actor=SYSTEM)
    return faults_of(rows)


GOOD = (
    drawn("N", "zone", box(0, 0, 100, 100), use="research", gross_m2=10000),
    drawn("N1", "plot", box(0, 0, 50, 100), parent="N", gross_m2="5000", usable_m2=5000, is_divisible=True),
    drawn("N2", "plot", box(50, 0, 100, 100), parent="N", gross_m2=5000, usable_m2=5000),
)


def test_a_sound_plan_is_taken_over_whole_and_once(session: Session, park: Park) -> None:
    rows = read_plan(geojson(*GOOD), "plan.geojson")
    examine_plan(session, park, rows, actor=SYSTEM)
    plan = keep_plan(session, park, rows, "plan.geojson", actor=SYSTEM)

    assert apply_plan(session, park, plan.id, actor=SYSTEM) == 3

    plot = session.scalars(select(Space).where(Space.code == "N1")).one()
    assert (plot.usable_m2, plot.is_divisible, plot.use, plot.geometry) == (5000, True, "research", GOOD[1]["geometry"])
    with pytest.raises(Blocked):
        apply_plan(session, park, plan.id, actor=SYSTEM)


def test_every_fault_of_every_row_is_told_at_once(session: Session, park: Park) -> None:
    bad = sheet(
        ("code", "kind", "parent", "use", "gross_m2", "usable_m2", "level", "operator"),
        ("A", "zone", None, "space", 600, None, "one", None),
        ("A", "zone", None, "research", 10, None, None, None),
        (None, "plot", "A", None, None, None, None, None),
        ("B", "plot", "nowhere", None, "much", -1, None, "nobody"),
        ("C", "zone", "B", None, None, None, None, None),
        ("D", "plot", None, None, 100, 200, None, None),
        ("E", "plot", "P1-L", None, None, 5, None, None),
        ("P1-L", "unit", "P1-B", None, None, None, None, None),
    )
    assert examined(session, park, bad, "plan.xlsx") == {
        "A": {"use": ["not_a_choice"], "level": ["not_a_number"]},
        "A again": {"code": ["plan_code_twice"]},
        "": {"code": ["required"]},
        "B": {
            "parent": ["does_not_exist"],
            "gross_m2": ["not_a_number"],
            "usable_m2": ["area_not_positive"],
            "operator": ["does_not_exist"],
        },
        "C": {"parent": ["plan_parent_kind"]},
        "D": {"parent": ["required"], "usable_m2": ["space_smaller"]},
        "E": {"parent": ["plan_parent_kind"], "usable_m2": ["plan_let_twice"]},
        "P1-L": {"kind": ["plan_fixed"], "parent": ["plan_fixed"]},
    }


@pytest.mark.parametrize(
    ("changed", "code", "reason"),
    [
        (drawn("N2", "plot", box(49, 0, 99, 100), parent="N", gross_m2=5000), "N2", "outline_overlaps"),
        (drawn("N2", "plot", box(60, 0, 110, 100), parent="N", gross_m2=5000), "N2", "outline_outside"),
        (drawn("N2", "plot", box(50, 0, 90, 100), parent="N", gross_m2=5000), "N2", "outline_area"),
        (drawn("N2", "plot", {"type": "Point", "coordinates": [1, 2]}, parent="N"), "N2", "outline_not_polygon"),
        (drawn("N2", "plot", {"type": "Polygon", "coordinates": "x"}, parent="N"), "N2", "outline_not_polygon"),
    ],
)
def test_outlines_are_held_against_parent_siblings_and_area(
    session: Session, park: Park, changed: dict[str, Any], code: str, reason: str
) -> None:
    found = examined(session, park, geojson(*GOOD[:2], changed), "plan.geojson")
    assert reason in found[code]["geometry"]


def test_an_outline_that_crosses_itself_is_no_outline(session: Session, park: Park) -> None:
    eight = box(50, 0, 100, 100)
    ring = eight["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]
    found = examined(session, park, geojson(*GOOD[:2], drawn("N2", "plot", eight, parent="N")), "plan.geojson")
    assert "outline_unsound" in found["N2"]["geometry"]


def test_parts_come_to_no_more_than_the_whole(session: Session, park: Park) -> None:
    table = sheet(
        ("code", "kind", "parent", "gfa_m2", "net_m2"),
        ("F", "floor", "P1-H", 1, None),
        ("U", "unit", "P1-H1", None, 261),
    )
    found = examined(session, park, table, "plan.xlsx")
    assert found == {"F": {"gfa_m2": ["plan_area_above"]}, "U": {"net_m2": ["plan_area_above"]}}


def test_what_is_claimed_keeps_its_area_and_may_be_drawn(session: Session, park: Park) -> None:
    let_space(session, "P1-L", wanted("2020-01-01", "2090-01-01", 10), actor=SYSTEM)
    assert examined(session, park, sheet(("code", "usable_m2"), ("P1-L", 900)), "x.xlsx") == {
        "P1-L": {"usable_m2": ["space_claimed"]}
    }
    rows = read_plan(geojson(drawn("P1-L", "plot", box(0, 0, 10, 10), name="Lô vẽ")), "x.geojson")
    examine_plan(session, park, rows, actor=SYSTEM)
    assert faults_of(rows) == {}
    apply_plan(session, park, keep_plan(session, park, rows, "x", actor=SYSTEM).id, actor=SYSTEM)
    land = session.scalars(select(Space).where(Space.code == "P1-L")).one()
    assert (land.name, land.usable_m2, land.west) == ("Lô vẽ", 1000, 105.5)


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"{", "x.geojson", "plan_unreadable"),
        (b"[]", "x.geojson", "plan_unreadable"),
        (b'{"features": [1]}', "x.geojson", "plan_unreadable"),
        (b'{"features": []}', "x.geojson", "plan_empty"),
        (b"code,colour\nA,red\n", "x.csv", "plan_columns"),
        (b"code,kind\n", "x.csv", "plan_empty"),
        (b"", "x.csv", "file_empty"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(content: bytes, name: str, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_plan(BytesIO(content), name)
    assert [one.code for one in refusal.value.fields["file"]] == [reason]


def test_a_plan_that_no_longer_fits_changes_nothing(session: Session, park: Park) -> None:
    rows = read_plan(geojson(*GOOD), "plan.geojson")
    plan = keep_plan(session, park, rows, "plan.geojson", actor=SYSTEM)
    other = keep_plan(session, park, rows, "plan.geojson", actor=SYSTEM)
    other.rows = [{"number": 1, "values": {"code": "X", "kind": "zone", "gross_m2": "45000"}, "geometry": None}]
    apply_plan(session, park, other.id, actor=SYSTEM)
    before = session.scalar(select(func.count()).select_from(Space))
    with pytest.raises(Blocked) as refusal:
        apply_plan(session, park, plan.id, actor=SYSTEM)
    assert refusal.value.reasons[0].code == "plan_outdated"
    assert session.scalar(select(func.count()).select_from(Space)) == before


def test_in_the_browser_a_plan_is_seen_before_it_is_written(client: FlaskClient, session: Session, park: Park) -> None:
    sign_in(client, session, make_person(session, grants=[{"role": "park_administrator", "scope_park": "P1"}]))

    def send(content: BytesIO, name: str) -> Any:
        return client.post("/parks/P1/plan", data={"file": (content, name)}, content_type="multipart/form-data")

    wrong = send(geojson(*GOOD, drawn("N3", "plot", None, parent="?")), "plan.geojson")
    assert (wrong.status_code, "N3" in wrong.text) == (422, True)
    assert session.scalar(select(func.count()).select_from(SpacePlan)) == 0
    right = send(geojson(*GOOD), "plan.geojson")
    assert right.status_code == 303
    assert "N2" in client.get(right.location).text
    assert session.scalar(select(Space.id).where(Space.code == "N2")) is None
    assert client.post(right.location).status_code == 303
    assert client.post(right.location).status_code == 409
    session.expire_all()
    assert session.scalar(select(Space.id).where(Space.code == "N2"))
    again = client.get("/parks/P1/plan.geojson")
    assert send(BytesIO(again.data), "again.geojson").status_code == 303
    with client.get("/parks/P1/plan.xlsx") as file:
        assert file.data[:2] == b"PK"


def test_only_its_operator_brings_a_plan(client: FlaskClient, session: Session, park: Park) -> None:
    sign_in(client, session, make_person(session, grants=[{"role": "park_administrator", "scope_park": "P2"}]))
    assert [client.get(path).status_code for path in ("/parks/P1/plan", "/parks/P1/plan.geojson")] == [403, 403]

"""Vacant spaces for anybody: what is free and nothing else, as page, CSV and GeoJSON, with their day and terms."""

import csv
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import now
from foundation.workdays import local_date
from parks.models import Space
from parks.operations.allocations import let_space
from tests.applications.visits import queries_of
from tests.pages import open_page
from tests.parks.grounds import make_park, wanted
from tests.parks.leases import make_lease

CANARY, PRICE = "ZZCANARY", Decimal(123_457)
SQUARE = {"type": "Polygon", "coordinates": [[[105.7, 21], [105.701, 21], [105.701, 21.001], [105.7, 21]]]}


@pytest.fixture
def park(client: FlaskClient, session: Session) -> FlaskClient:
    """One unit and 400 of 1,000 m² of land are let; one unit that is free is drawn, another has a name to beware of."""
    make_park(session)
    make_lease(session, "P1-U1", first="2026-03-17", last="2090-01-01", tenant=CANARY, base_vnd_m2=PRICE)
    let_space(session, "P1-L", wanted("2026-01-01", "2090-01-01", 400, holder=CANARY), actor=SYSTEM)
    drawn = {"geometry": SQUARE, "west": 105.7, "south": 21, "east": 105.701, "north": 21.001}
    session.execute(update(Space).where(Space.code == "P1-U2").values(**drawn))
    session.execute(update(Space).where(Space.code == "P1-U3").values(name="=1+1"))
    session.commit()
    client.set_cookie("language", "en")
    return client


def lines(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/vacancies.csv{query}")
    return list(csv.DictReader(answer.data.decode("utf-8-sig").splitlines()))


def features(client: FlaskClient, query: str = "") -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/vacancies.geojson{query}").get_json()
    return found


def test_the_files_hold_what_is_free_with_their_day_and_terms(park: FlaskClient) -> None:
    rows, drawn = lines(park), features(park)

    assert [(row["code"], row["area_m2"], row["free_m2"]) for row in rows] == [
        ("P1-L", "1000", "600"),
        ("P1-U2", "120", "120"),
        ("P1-U3", "120", "120"),
        ("P1-U4", "120", "120"),
    ]
    assert rows[2]["name"] == "'=1+1"
    assert {row["as_of"] for row in rows} == {drawn["as_of"]} == {str(local_date(now()))}
    assert "47/2020" in rows[0]["licence"]
    assert set(drawn["licence"]) == {"vi", "en", "fr"}
    by_code = {feature["id"]: feature for feature in drawn["features"]}
    assert by_code["P1-U2"]["geometry"] == SQUARE
    assert by_code["P1-U2"]["properties"]["longitude"] == "105.700500"


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("?min_m2=500", ["P1-L"]),
        ("?kind=unit", ["P1-U2", "P1-U3", "P1-U4"]),
        ("?use=production", ["P1-L"]),
        ("?park=P2", []),
        ("?min_m2=600.01", []),
    ],
)
def test_page_and_files_look_for_the_same(park: FlaskClient, query: str, codes: list[str]) -> None:
    page = open_page(park, f"/vacancies{query}")

    assert [row["code"] for row in lines(park, query)] == codes
    assert [feature["id"] for feature in features(park, query)["features"]] == codes
    assert [title for title in page.links if title.startswith("P1-")] == codes


def test_no_tenant_and_no_price_is_told(park: FlaskClient) -> None:
    for address in ("/vacancies", "/vacancies.csv", "/vacancies.geojson", "/vacancies?park=P1"):
        answer = park.get(address)

        assert answer.status_code == 200
        assert CANARY not in answer.text
        assert "123457" not in answer.text


def test_more_spaces_cost_no_more_queries(park: FlaskClient, session: Session) -> None:
    few = queries_of(session, lambda: park.get("/vacancies"))
    make_park(session, "P2")
    session.commit()

    assert queries_of(session, lambda: park.get("/vacancies")) == few

"""The pages of parks: what everybody sees, what only those see who run one, and what they can do there."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from parks.models import Park, Space, SpaceAllocation
from parks.operations.allocations import hold_space, let_space
from parks.operations.spacechanges import Change, merge_spaces
from parks.operations.spaces import StatedSpace, add_spaces
from tests.accounts.factories import make_person, sign_in
from tests.parks.grounds import OPENED_ON, make_park, wanted

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[105.5, 21.0], [105.6, 21.0], [105.6, 21.1], [105.5, 21.1], [105.5, 21.0]]],
}


@pytest.fixture
def park(session: Session, client: FlaskClient) -> Park:
    park = make_park(session)
    let_space(session, "P1-U1", wanted("2020-01-01", "2090-03-31", holder="Bên thuê kín"), actor=SYSTEM)
    session.commit()
    return park


def signed_in(client: FlaskClient, session: Session, scope: str = "P1") -> None:
    sign_in(client, session, make_person(session, grants=[{"role": "park_administrator", "scope_park": scope}]))


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.text)


def test_everybody_finds_free_spaces_and_no_tenants(client: FlaskClient, park: Park) -> None:
    listed = text_of(client, "/parks")
    found = text_of(client, "/parks/P1?status=available&min_m2=100,5")
    page = text_of(client, "/spaces/P1-U1")

    assert "/parks/P1" in listed
    assert ("/spaces/P1-U2" in found, "/spaces/P1-U1" in found) == (True, False)
    assert "Bên thuê kín" not in listed + found + page


@pytest.mark.parametrize("query", ["?status=x&use=y&kind=z&min_m2=many", "?min_m2=-1", "?min_m2=NaN"])
def test_a_search_that_means_nothing_shows_all(client: FlaskClient, park: Park, query: str) -> None:
    assert text_of(client, f"/parks/P1{query}").count("data-code=") == 5


def test_every_page_tells_the_last_day_of_what_is_given(client: FlaskClient, session: Session, park: Park) -> None:
    unit = session.scalars(select(Space).where(Space.code == "P1-U1")).one()
    unit.geometry = SQUARE
    unit.west, unit.south, unit.east, unit.north = 105.5, 21.0, 105.6, 21.1
    session.commit()

    drawn = client.get("/parks/P1/map.json?box=105,20,106,22&kinds=unit&level=1").get_json()["features"][1:]

    assert [one["properties"]["until"] for one in drawn] == ["2090-03-31"]
    for path in ("/parks/P1", "/spaces/P1-H", "/spaces/P1-U1"):
        shown = text_of(client, path)
        assert "31/03/2090" in shown, path
        assert "01/04/2090" not in shown, path


def test_the_operator_sees_who_has_a_space(client: FlaskClient, session: Session, park: Park) -> None:
    signed_in(client, session)
    assert "Bên thuê kín" in text_of(client, "/spaces/P1-U1")
    session.execute(update(SpaceAllocation).values(period=Range(date(2020, 1, 1), date(2021, 1, 1))))
    session.commit()
    assert "Đã kết thúc" in text_of(client, "/spaces/P1-U1")
    signed_in(client, session, "P2")
    assert "Bên thuê kín" not in text_of(client, "/spaces/P1-U1")


def test_a_space_is_held_reserved_and_released_in_the_browser(
    client: FlaskClient, session: Session, park: Park
) -> None:
    signed_in(client, session)
    sent = {"holder": "Công ty B", "starts_on": "2090-01-01", "ends_on": "2090-12-31"}

    assert client.post("/spaces/P1-U2/hold", data=sent).status_code == 303
    held = session.scalars(select(SpaceAllocation).where(SpaceAllocation.holder == "Công ty B")).one()
    assert client.post("/spaces/P1-U2/hold", data=sent).status_code == 409
    client.post(f"/allocations/{held.key}/reserve", data={"deposit_vnd": "many"})
    session.refresh(held)
    assert held.kind == "hold"
    client.post(f"/allocations/{held.key}/reserve", data={"deposit_vnd": "5000000"})
    session.refresh(held)
    assert (held.kind, held.deposit_vnd) == ("reservation", 5_000_000)
    client.post(f"/allocations/{held.key}/release")
    session.refresh(held)
    assert held.release_reason == "withdrawn"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"holder": "", "starts_on": "2090-01-01", "ends_on": "2090-12-31"}, 422),
        ({"holder": "B", "starts_on": "never", "ends_on": "2090-12-31"}, 422),
        ({"holder": "B", "starts_on": "2090-01-01", "ends_on": "2089-12-31"}, 422),
        ({"holder": "B", "starts_on": "2090-01-01", "ends_on": "2090-12-31", "area_m2": "900"}, 409),
    ],
)
def test_what_is_wrong_with_a_hold_stands_on_the_page(
    client: FlaskClient, session: Session, park: Park, sent: dict[str, str], status: int
) -> None:
    signed_in(client, session)
    hold_space(session, "P1-L", wanted("2090-01-01", "2090-12-31", 200), actor=SYSTEM)
    session.commit()
    answer = client.post("/spaces/P1-L/hold", data=sent)
    assert (answer.status_code, 'class="error-summary"' in answer.text) == (status, True)


def test_only_its_operator_changes_a_space(client: FlaskClient, session: Session, park: Park) -> None:
    signed_in(client, session, "P2")
    assert client.post("/spaces/P1-U2/condition", data={"condition": "blocked"}).status_code == 403
    signed_in(client, session)
    assert client.post("/spaces/P1-U2/condition", data={"condition": "gone"}).status_code == 303
    assert client.post("/spaces/P1-U2/condition", data={"condition": "blocked"}).status_code == 303
    session.expire_all()
    assert session.scalars(select(Space.condition).where(Space.code == "P1-U2")).one() == "blocked"


def test_history_leads_from_the_old_to_the_new_space(client: FlaskClient, session: Session, park: Park) -> None:
    merge_spaces(session, ["P1-U3", "P1-U4"], "P1-U34", Change(date(2020, 2, 1), "Gộp"), actor=SYSTEM)
    session.commit()
    assert "/spaces/P1-U34" in text_of(client, "/spaces/P1-U3")
    assert "/spaces/P1-U4" in text_of(client, "/spaces/P1-U34")
    assert '/spaces/P1-U3"' not in text_of(client, "/parks/P1")


def test_the_map_shows_what_lies_in_view(client: FlaskClient, session: Session, park: Park) -> None:
    drawn = StatedSpace("P1-Y", "zone", name="Y", geometry=SQUARE)
    add_spaces(session, park, [drawn], opened_on=OPENED_ON, actor=SYSTEM)
    session.commit()

    def codes(box: str, kinds: str = "zone") -> list[str]:
        features = client.get(f"/parks/P1/map.json?box={box}&kinds={kinds}").get_json()["features"]
        return [one["properties"]["code"] for one in features[1:]]

    assert codes("105.55,21.05,105.56,21.06") == ["P1-Y"]
    assert codes("105.61,21.05,105.7,21.06") == []
    assert codes("105,20,106,22", "plot") == []
    assert client.get("/parks/P1/map.json?box=1,2,3").status_code == 422


@pytest.mark.parametrize("path", ["/parks", "/parks/P1", "/spaces/P1-H", "/spaces/P1-H1"])
def test_a_page_asks_the_same_number_of_questions_however_much_there_is(
    client: FlaskClient, session: Session, connection: Connection, park: Park, path: str
) -> None:
    def questions() -> int:
        asked: list[str] = []

        def note(*told: object) -> None:
            asked.append(str(told[2]))

        event.listen(connection, "before_cursor_execute", note)
        assert client.get(path).status_code == 200
        event.remove(connection, "before_cursor_execute", note)
        return len(asked)

    client.get(path)
    before = questions()
    make_park(session, "P2")
    more = [StatedSpace(f"P1-W{number}", "unit", "P1-H1", usable_m2=park.gross_m2) for number in range(4)]
    add_spaces(session, park, more, opened_on=OPENED_ON, actor=SYSTEM)
    session.commit()
    assert questions() == before


def test_spaces_are_merged_and_split_in_the_browser(client: FlaskClient, session: Session, park: Park) -> None:
    signed_in(client, session)
    when = {"holds_from": "2089-01-01", "reason": "Một hộ thuê"}
    merge = {f"merge-{name}": text for name, text in {**when, "others": "P1-U4", "into": "P1-U34"}.items()}
    split = {f"split-{name}": text for name, text in {**when, "parts": "P1-U2a 60\nP1-U2b 59,5"}.items()}

    assert client.get("/spaces/P1-U3/change").status_code == 200
    assert client.post("/spaces/P1-U3/merge", data=merge).status_code == 303
    assert client.post("/spaces/P1-U3/merge", data=merge).status_code == 409
    assert client.post("/spaces/P1-U2/split", data={**split, "split-parts": "P1-U2a 60"}).status_code == 422
    assert client.post("/spaces/P1-U2/split", data=split).status_code == 303
    found = select(Space.code, Space.usable_m2).where(Space.opened_on == date(2089, 1, 1)).order_by(Space.code)
    areas = [(code, float(area)) for code, area in session.execute(found)]
    assert areas == [("P1-U2a", 60), ("P1-U2b", 59.5), ("P1-U34", 240)]
    signed_in(client, session, "P2")
    assert client.get("/spaces/P1-U3/change").status_code == 403

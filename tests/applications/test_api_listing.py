"""Lists of dossiers by program: what one may see, narrowed, a page at a time."""

import pytest

from applications.engine import fire
from tests.applications.programs import Program, codes, found
from tests.applications.small_pack import World
from tests.applications.visits import queries_of


def test_the_list_holds_what_one_may_see_newest_first(
    applicant: Program, officer: Program, stranger: Program, world: World
) -> None:
    draft, sent = world.draft(), world.draft()
    fire(world.session, sent, "submit", actor=world.applicant)
    world.session.commit()

    assert found(applicant.get("/applications")) == [sent.key, draft.key]
    assert found(officer.get("/applications")) == [sent.key]
    assert found(stranger.get("/applications")) == []


def test_the_list_is_narrowed(applicant: Program, world: World) -> None:
    drone, boat = world.draft(name="Máy bay giao hàng"), world.draft(name="Thuyền điện")
    fire(world.session, boat, "submit", actor=world.applicant)
    world.session.commit()

    assert found(applicant.get("/applications?state=checking")) == [boat.key]
    assert found(applicant.get("/applications?state=checking&state=draft")) == [boat.key, drone.key]
    assert found(applicant.get("/applications?procedure=small-test&q=giao")) == [drone.key]
    assert found(applicant.get(f"/applications?q={boat.key.lower()}")) == [boat.key]
    assert found(applicant.get("/applications?procedure=other")) == []
    assert found(applicant.get("/applications?q=%25")) == []


def test_the_list_is_read_a_page_at_a_time(applicant: Program, world: World) -> None:
    keys = [world.draft().key for _ in range(5)]
    world.session.commit()

    first = applicant.get("/applications?limit=2&state=draft")
    link = first.headers["Link"].removeprefix("<").partition(">")[0]
    second = applicant.get(link)
    assert second.json is not None
    last = applicant.get(f"/applications?limit=2&cursor={second.json['next_cursor']}")

    assert first.headers["Link"].endswith('; rel="next"')
    assert "state=draft" in link
    assert [*found(first), *found(second), *found(last)] == keys[::-1]
    assert last.json is not None
    assert last.json["next_cursor"] is None
    assert "Link" not in last.headers


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("cursor=nonsense", "cursor"),
        ("cursor=WzFd%00", "cursor"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("q=%00", "q"),
        ("state=%00", "state.0"),
        ("colour=red", "colour"),
    ],
)
def test_a_wrong_question_is_refused(applicant: Program, query: str, field: str) -> None:
    answer = applicant.get(f"/applications?{query}")

    assert answer.status_code == 422
    assert set(codes(answer)) == {field}


@pytest.mark.parametrize("who", ["applicant", "officer"])
def test_a_list_costs_as_many_queries_for_one_row_as_for_three(
    applicant: Program, officer: Program, world: World, who: str
) -> None:
    program = {"applicant": applicant, "officer": officer}[who]
    counts = []
    for more in (1, 2):
        for _ in range(more):
            fire(world.session, world.draft(), "submit", actor=world.applicant)
        world.session.commit()
        counts.append(queries_of(world.session, lambda: program.get("/applications")))

    assert counts[0] == counts[1]

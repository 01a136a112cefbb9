"""What lapses goes to the next in the queue whom it fits, and everybody concerned is told who and why."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import as_of, now
from foundation.errors import Blocked
from foundation.notices import Notice
from parks.models import SpaceAllocation, SpaceWaiter
from parks.operations.allocations import hold_space, let_space
from parks.operations.waiting import join_queue, leave_queue, pass_on_lapsed
from tests.accounts.factories import make_organisation, make_person, sign_in
from tests.parks.grounds import make_park, wanted

LATER = timedelta(days=40)


@pytest.fixture
def park(session: Session) -> None:
    make_park(session)


def holders(session: Session) -> list[tuple[str, str | None]]:
    rows = session.execute(select(SpaceAllocation.holder, SpaceAllocation.release_reason).order_by(SpaceAllocation.id))
    return [(holder, reason) for holder, reason in rows]


def test_the_first_whom_it_fits_get_what_lapsed(session: Session, park: None) -> None:
    hold_space(session, "P1-L", wanted("2090-01-01", "2090-12-31", 600, holder="A"), actor=SYSTEM)
    let_space(session, "P1-L", wanted("2090-01-01", "2090-12-31", 400, holder="B"), actor=SYSTEM)
    for who, area in (("C", 700), ("D", 500), ("E", 100)):
        join_queue(session, "P1-L", wanted("2090-03-01", "2090-06-30", area, holder=who), actor=SYSTEM)

    assert pass_on_lapsed(session) == 0
    with as_of(now() + LATER):
        assert pass_on_lapsed(session) == 1
        assert pass_on_lapsed(session) == 0

    assert holders(session) == [("A", "lapsed"), ("B", None), ("D", None), ("E", None)]
    waiting = session.scalars(select(SpaceWaiter.holder).where(SpaceWaiter.left_at.is_(None))).all()
    assert sorted(waiting) == ["C"]


def test_what_lapsed_and_was_taken_meanwhile_is_told_all_the_same(session: Session, park: None) -> None:
    hold_space(session, "P1-U1", wanted("2090-01-01", "2090-12-31", holder="A"), actor=SYSTEM)
    join_queue(session, "P1-U1", wanted("2090-01-01", "2090-12-31", holder="C"), actor=SYSTEM)
    with as_of(now() + LATER):
        let_space(session, "P1-U1", wanted("2090-01-01", "2090-12-31", holder="B"), actor=SYSTEM)
        assert pass_on_lapsed(session) == 1
    assert holders(session) == [("A", "lapsed"), ("B", None)]


def test_everybody_concerned_is_told_who_is_next_and_why(session: Session, park: None) -> None:
    loser, winner = make_organisation(session), make_organisation(session)
    lost = make_person(session, organisation=loser)
    won = make_person(session, organisation=winner)
    runner = make_person(session, grants=[{"role": "park_administrator", "scope_park": "P1"}])
    make_person(session, grants=[{"role": "park_administrator", "scope_park": "P2"}])

    asked = wanted("2090-01-01", "2090-12-31", holder="Bên mất")
    hold_space(session, "P1-U1", replace(asked, organisation_id=loser.id), actor=SYSTEM)
    next_one = replace(asked, holder="Bên kế", organisation_id=winner.id)
    join_queue(session, "P1-U1", next_one, actor=SYSTEM)
    with as_of(now() + LATER):
        pass_on_lapsed(session)

    told = {notice.person_id: notice for notice in session.scalars(select(Notice))}
    assert {key: notice.kind for key, notice in told.items()} == {
        lost.id: "space_passed_on",
        runner.id: "space_passed_on",
        won.id: "space_held_for_you",
    }
    assert "Bên kế" in told[lost.id].in_language(session, "en")[1]


def test_who_left_the_queue_gets_nothing(session: Session, park: None) -> None:
    hold_space(session, "P1-U1", wanted("2090-01-01", "2090-12-31", holder="A"), actor=SYSTEM)
    waiter = join_queue(session, "P1-U1", wanted("2090-01-01", "2090-12-31", holder="C"), actor=SYSTEM)
    leave_queue(session, "P1-U1", waiter.id, actor=SYSTEM)
    with pytest.raises(Blocked):
        leave_queue(session, "P1-U1", waiter.id, actor=SYSTEM)
    with as_of(now() + LATER):
        pass_on_lapsed(session)
    assert holders(session) == [("A", "lapsed")]


def test_the_queue_is_kept_in_the_browser(client: FlaskClient, session: Session, park: None) -> None:
    sign_in(client, session, make_person(session, grants=[{"role": "park_administrator", "scope_park": "P1"}]))
    sent = {"holder": "Người chờ", "starts_on": "2090-01-01", "ends_on": "2090-12-31", "wait": "1"}
    assert client.post("/spaces/P1-U1/hold", data=sent).status_code == 303
    assert "Người chờ" in client.get("/spaces/P1-U1").text
    waiter = session.scalars(select(SpaceWaiter)).one()
    assert client.post("/spaces/P1-H/hold", data=sent).status_code == 409
    assert client.post(f"/spaces/P1-U1/queue/{waiter.id}/leave").status_code == 303
    assert "Người chờ" not in client.get("/spaces/P1-U1").text

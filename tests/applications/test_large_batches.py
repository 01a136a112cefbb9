"""One step on many dossiers is left to a job: tried, made once whatever dies or is cancelled, its progress shown."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from applications.engine import fire, fire_together
from applications.models import Application, BatchItem, CaseEvent
from applications.operations.batches import (
    make_item,
    make_waiting_items,
    note_failure,
    try_untried_items,
)
from tests.accounts.factories import make_person
from tests.applications.batching import choosing, made, previewed, states, step_form
from tests.applications.small_pack import World
from tests.applications.visits import accepted, submitted, visiting
from tests.pages import Page, follow


def test_many_dossiers_are_left_to_a_job_whose_progress_is_shown(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("applications.operations.batches.AT_ONCE", 1)
    cases = [submitted(world), submitted(world)]
    visit = visiting(world, client, "intake_officer")

    waiting = made(visit, previewed(visit, "accept", *cases))
    before = states(world, *cases)
    batch = world.session.scalars(select(BatchItem.batch_id).distinct()).one()
    asked = {"batch_id": str(batch), "person_id": world.people["intake_officer"].id}
    make_waiting_items.work(world.session, **asked)
    done = Page(visit.get(waiting.address))

    assert before == ["checking", "checking"]
    assert waiting.root.one("progress").attributes["max"] == "2"
    assert "2 hồ sơ đang chờ đến lượt" in waiting.text
    assert states(world, *cases) == ["working", "working"]
    assert done.root.all("progress") == []
    assert "data-reload-while-waiting" not in visit.get(waiting.address).text


def test_what_a_job_did_not_come_to_is_not_left_waiting(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("applications.operations.batches.AT_ONCE", 1)
    cases = [submitted(world), submitted(world)]
    visit = visiting(world, client, "intake_officer")
    waiting = made(visit, previewed(visit, "accept", *cases))
    batch = world.session.scalars(select(BatchItem.batch_id).distinct()).one()
    make_item(world.session, batch, cases[0].id, actor=world.officer("intake_officer"))

    note_failure(world.session, batch_id=str(batch), person_id=0, error=RuntimeError())
    world.session.commit()

    words = Page(visit.get(waiting.address)).text
    assert "Lỗi của hệ thống" in words
    assert states(world, *cases) == ["working", "checking"]
    assert sorted(world.session.scalars(select(BatchItem.outcome))) == ["made", "refused"]


@pytest.fixture
def many(world: World, monkeypatch: pytest.MonkeyPatch) -> list[Application]:
    """More dossiers than one request tries, the last of them moved on already."""
    monkeypatch.setattr("applications.web.batches.TRIED_AT_ONCE", 1)
    return [submitted(world), submitted(world), accepted(world)]


def asked_of(world: World) -> dict[str, Any]:
    """What the jobs of the only batch are called with."""
    return {"batch_id": str(one_batch(world)), "person_id": world.people["intake_officer"].id}


def one_batch(world: World) -> Any:
    return world.session.scalars(select(BatchItem.batch_id)).first()


def outcomes(world: World) -> list[str]:
    world.session.expire_all()
    return list(world.session.scalars(select(BatchItem.outcome).order_by(BatchItem.case_id)))


def tried_page(world: World, visit: FlaskClient, cases: list[Application]) -> Page:
    """The batch's page after the job has tried the step on each."""
    answer = step_form(choosing(visit, *cases), "accept").send(visit)
    try_untried_items.work(world.session, **asked_of(world))
    return Page(visit.get(answer.location))


def test_many_dossiers_are_tried_by_a_job_whose_progress_is_shown(
    world: World, client: FlaskClient, many: list[Application]
) -> None:
    visit = visiting(world, client, "intake_officer")

    waiting = follow(visit, step_form(choosing(visit, *many), "accept").send(visit))
    try_untried_items.work(world.session, **asked_of(world))
    tried = Page(visit.get(waiting.address))

    assert waiting.root.one("progress").attributes["max"] == "3"
    assert "Chưa có gì thay đổi" in waiting.text
    assert (outcomes(world), states(world, *many)) == (
        ["possible", "possible", "impossible"],
        ["checking", "checking", "working"],
    )
    assert tried.root.all("progress") == []
    assert "Không" in tried.root.all("tr")[1].text
    assert "Thực hiện được với 2 trong 3 hồ sơ" in tried.text


def test_what_was_tried_is_made_once_where_it_can_be(
    world: World, client: FlaskClient, many: list[Application]
) -> None:
    visit = visiting(world, client, "intake_officer")
    form = tried_page(world, visit, many).form_to(f"/queue/batches/{one_batch(world)}/make")
    fire(world.session, many[1], "accept", actor=world.officer("intake_officer"))
    world.session.commit()

    for _ in range(2):
        form.send(visit)
        make_waiting_items.work(world.session, **asked_of(world))

    assert outcomes(world) == ["made", "refused", "impossible"]
    steps = select(func.count()).select_from(CaseEvent).where(CaseEvent.step == "accept")
    assert world.session.scalar(steps) == 3
    assert "Đã thực hiện: 1. Không thực hiện: 2." in Page(visit.get(f"/queue/batches/{one_batch(world)}")).text


def test_a_batch_is_not_made_before_each_was_tried(world: World, client: FlaskClient, many: list[Application]) -> None:
    visit = visiting(world, client, "intake_officer")
    follow(visit, step_form(choosing(visit, *many), "accept").send(visit))

    refused = tried_form(visit, world, "make")

    assert refused.status_code == 409
    assert outcomes(world) == ["untried"] * 3


def tried_form(visit: FlaskClient, world: World, action: str) -> Any:
    """Press a button of the batch as a page that was open before would."""
    page = Page(visit.get(f"/queue/batches/{one_batch(world)}"))
    form = page.form_to(f"/queue/batches/{one_batch(world)}/cancel")
    return visit.post(f"/queue/batches/{one_batch(world)}/{action}", data=form.values)


def test_a_cancelled_batch_leaves_what_nobody_came_to(
    world: World, client: FlaskClient, many: list[Application]
) -> None:
    visit = visiting(world, client, "intake_officer")
    tried_page(world, visit, many).form_to(f"/queue/batches/{one_batch(world)}/make").send(visit)
    make_item(world.session, one_batch(world), many[0].id, actor=world.officer("intake_officer"))
    world.session.commit()

    cancelled = follow(visit, tried_form(visit, world, "cancel"))
    make_waiting_items.work(world.session, **asked_of(world))

    assert outcomes(world) == ["made", "left", "impossible"]
    assert states(world, *many) == ["working", "checking", "working"]
    assert "1 hồ sơ được giữ nguyên" in cancelled.text


def test_a_batch_of_somebody_else_is_neither_made_nor_cancelled(
    world: World, client: FlaskClient, many: list[Application]
) -> None:
    tried_page(world, visiting(world, client, "intake_officer"), many)
    other = visiting(world, client, make_person(world.session, grants=["intake_officer"]))
    sent = {"csrf_token": Page(other.get("/account")).root.all("input", name="csrf_token")[0].attributes["value"]}

    answers = [other.post(f"/queue/batches/{one_batch(world)}/{what}", data=sent).status_code for what in PRESSES]

    assert answers == [404, 404]
    assert outcomes(world) == ["possible", "possible", "impossible"]


PRESSES = ("make", "cancel")


@pytest.mark.parametrize("killed_at", [1, 2])
def test_a_worker_that_dies_goes_on_without_making_a_step_twice(
    world: World, client: FlaskClient, many: list[Application], monkeypatch: pytest.MonkeyPatch, killed_at: int
) -> None:
    visit = visiting(world, client, "intake_officer")
    tried_page(world, visit, many).form_to(f"/queue/batches/{one_batch(world)}/make").send(visit)
    world.session.commit()
    steps = iter(range(1, 10))

    def dying(*given: Any, **named: Any) -> Any:
        outcomes = fire_together(*given, **named)
        if next(steps) == killed_at:
            raise SystemExit
        return outcomes

    monkeypatch.setattr("applications.operations.batches.TOGETHER", 1)
    monkeypatch.setattr("applications.operations.batches.fire_together", dying)
    with pytest.raises(SystemExit):
        make_waiting_items.work(world.session, **asked_of(world))
    world.session.rollback()
    between = outcomes(world)
    make_waiting_items.work(world.session, **asked_of(world))

    assert between == [*["made"] * (killed_at - 1), *["waiting"] * (3 - killed_at), "impossible"]
    assert outcomes(world) == ["made", "made", "impossible"]
    fired = select(CaseEvent.case_id).where(CaseEvent.step == "accept")
    assert sorted(world.session.scalars(fired)) == sorted(case.id for case in many)


def test_all_that_the_filters_leave_are_chosen_by_a_button(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("applications.queries.urgency.PAGE_SIZE", 1)
    waiting = [submitted(world), submitted(world)]
    accepted(world)
    visit = visiting(world, client, "intake_officer")
    queue = Page(visit.get("/queue?state=checking"))
    (back,) = [node.attributes["value"] for node in queue.root.all("input", name="back")]

    chosen = Page(visit.get("/queue/batches/new", query_string={"matching": 1, "back": back}))

    assert "Tất cả 2 hồ sơ trong danh sách này" in queue.text
    assert sorted(step_form(chosen, "accept").values.getlist("case")) == sorted(case.key for case in waiting)

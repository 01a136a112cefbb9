"""One step on many dossiers over HTTP: chosen, tried, made one by one, each with its outcome and its trail."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from applications.engine import fire
from applications.models import Application, BatchItem, Case, CaseEvent, Letter
from applications.operations.batches import (
    make_item,
    start_batch,
)
from applications.operations.drafts import create_draft, save_answers
from applications.packs.catalogue import publish
from foundation.actors import SYSTEM
from foundation.audit import AuditEntry
from tests.accounts.factories import make_person, make_unit
from tests.applications.batching import _posts, choosing, made, previewed, states, step_form
from tests.applications.small_pack import PACK, World, make_world, small_pack, words
from tests.applications.visits import accepted, queries_of, submitted, visiting
from tests.databases import FreshDatabase
from tests.pages import Page, follow

ASSIGN = {
    "key": "assign_holder",
    "title": words("Assign"),
    "from": ["checking", "working"],
    "who": "case_officer",
    "basis": "internal",
    "effects": ["assign_holder"],
    "asks": [
        {"key": "holder", "type": "person", "role": "case_officer", "required": True, "label": words("Person")},
        {"key": "reason", "type": "long_text", "label": words("Reason"), "max_length": 200},
    ],
}


@pytest.fixture
def assignable(world: World) -> list[Application]:
    """Two dossiers of a procedure in which somebody is put in charge by a step."""
    pack = small_pack(code="assign-test", key_prefix="AT", steps=[*PACK["steps"], ASSIGN])
    publish(world.session, pack, actor=SYSTEM)
    made = []
    for _ in range(2):
        draft = create_draft(world.session, "assign-test", actor=world.applicant, organisation_id=world.organisation.id)
        save_answers(world.session, draft, {"name": "Đèn"}, actor=world.applicant)
        fire(world.session, draft, "submit", actor=world.applicant)
        made.append(draft)
    world.session.commit()
    return made


def test_the_preview_says_for_each_whether_and_why_not_and_changes_nothing(world: World, client: FlaskClient) -> None:
    waiting, done = submitted(world), accepted(world)
    visit = visiting(world, client, "intake_officer")

    page = previewed(visit, "accept", waiting, done)

    lines = [row.text for row in page.root.all("tr")[1:]]
    assert page.status == 200
    assert len(lines) == 2
    assert len([line for line in lines if "Có" in line.split()]) == 1
    assert page.form_to("/queue/batches").values.getlist("case") == [waiting.key]
    assert states(world, waiting, done) == ["checking", "working"]
    assert world.session.get_one(Case, waiting.id).code is None


def test_each_is_made_by_itself_with_its_own_trail_and_outcome(world: World, client: FlaskClient) -> None:
    first, second, moved = submitted(world), submitted(world), submitted(world)
    visit = visiting(world, client, "intake_officer")
    page = previewed(visit, "accept", first, second, moved)
    fire(world.session, moved, "accept", actor=world.officer("intake_officer"))
    world.session.commit()

    result = made(visit, page)

    assert states(world, first, second, moved) == ["working"] * 3
    outcomes = {item.case_id: item.outcome for item in world.session.scalars(select(BatchItem))}
    assert outcomes == {first.id: "made", second.id: "made", moved.id: "refused"}
    assert "Đã thực hiện: 2. Không thực hiện: 1." in result.text
    for case in (first, second):
        trail = select(AuditEntry.action).where(AuditEntry.stream == case.stream)
        assert "applications:case:move" in world.session.scalars(trail).all()


def test_sent_twice_it_is_made_once(world: World, client: FlaskClient) -> None:
    case = submitted(world)
    visit = visiting(world, client, "intake_officer")
    form = previewed(visit, "accept", case).form_to("/queue/batches")

    first, second = form.send(visit), form.send(visit)

    assert (first.status_code, second.location) == (303, first.location)
    steps = select(func.count()).select_from(CaseEvent).where(CaseEvent.step == "accept")
    assert world.session.scalar(steps) == 1
    assert Page(visit.get(first.location)).text.count("Không thực hiện: 0") == 1


def test_somebody_is_put_in_charge_of_all(world: World, client: FlaskClient, assignable: list[Application]) -> None:
    visit = visiting(world, client, "case_officer")
    chosen = str(world.officer("case_officer").person_id)

    page = previewed(visit, "assign_holder", *assignable, holder=chosen)
    made(visit, page)

    world.session.expire_all()
    holders = [world.session.get_one(Case, case.id).holder_id for case in assignable]
    assert holders == [world.officer("case_officer").person_id] * 2


def test_taking_a_dossier_from_a_colleague_needs_a_reason_which_the_preview_asks_for(
    world: World, client: FlaskClient, assignable: list[Application]
) -> None:
    other = make_person(world.session, grants=["case_officer"])
    assignable[0].holder_id = other.id
    world.session.commit()
    visit = visiting(world, client, "case_officer")
    chosen = str(world.officer("case_officer").person_id)

    without = previewed(visit, "assign_holder", *assignable, holder=chosen)
    given = previewed(visit, "assign_holder", *assignable, holder=chosen, reason="Nghỉ phép")

    assert without.form_to("/queue/batches").values.getlist("case") == [assignable[1].key]
    assert len(given.form_to("/queue/batches").values.getlist("case")) == 2


def test_who_is_to_be_in_charge_has_to_be_said(
    world: World, client: FlaskClient, assignable: list[Application]
) -> None:
    page = previewed(visiting(world, client, "case_officer"), "assign_holder", *assignable)

    assert page.status == 422
    assert page.root.all("div", class_="error-summary")


def test_steps_that_ask_something_of_each_are_not_offered(world: World, client: FlaskClient) -> None:
    case = submitted(world)

    page = choosing(visiting(world, client, "intake_officer"), case)

    steps = [page.form(number).values.get("step") for number in range(_forms(page))]
    assert [step for step in steps if step] == ["accept"]


def _forms(page: Page) -> int:
    return len([form for form in page.root.all("form") if _posts(form)])


def test_what_is_out_of_reach_is_left_out_and_never_moved(world: World, client: FlaskClient) -> None:
    mine, hidden = submitted(world), submitted(world)
    hidden.unit_id = make_unit(world.session).id
    world.session.commit()
    officer = make_person(world.session, grants=[{"role": "intake_officer", "scope_unit_id": world.unit.id}])
    visit = visiting(world, client, officer)

    page = previewed(visit, "accept", mine, hidden)
    form = page.form_to("/queue/batches")
    form.values.add("case", hidden.key)
    form.values.add(f"{hidden.key}-revision", "1")
    follow(visit, form.send(visit))

    assert hidden.key not in page.text
    assert states(world, mine, hidden) == ["working", "checking"]


def test_who_may_not_make_the_step_is_refused_on_each(world: World, client: FlaskClient) -> None:
    case = submitted(world)
    visit = visiting(world, client, "case_officer")
    sent = {"batch": str(uuid4()), "step": "accept", "case": case.key, f"{case.key}-revision": str(case.revision)}

    follow(visit, visit.post("/queue/batches", data=sent))

    assert states(world, case) == ["checking"]
    assert world.session.scalars(select(BatchItem.outcome)).all() == ["refused"]


@pytest.mark.parametrize("who", ["applicant", "auditor"])
def test_batches_are_for_those_who_work_on_dossiers(world: World, client: FlaskClient, who: str) -> None:
    assert visiting(world, client, who).get("/queue/batches/new").status_code == 403


def test_a_batch_is_shown_to_who_asked_for_it_alone(world: World, client: FlaskClient) -> None:
    case = submitted(world)
    visit = visiting(world, client, "intake_officer")
    answer = previewed(visit, "accept", case).form_to("/queue/batches").send(visit)

    other = visiting(world, client, make_person(world.session, grants=["intake_officer"]))

    assert other.get(answer.location).status_code == 404


def test_all_on_the_page_are_chosen_by_a_button(world: World, client: FlaskClient) -> None:
    cases = [submitted(world), submitted(world)]
    visit = visiting(world, client, "intake_officer")
    page = Page(visit.get("/queue"))
    shown = [node.attributes["value"] for node in page.root.all("input", name="shown")]

    chosen = Page(visit.get("/queue/batches/new?all=1&" + "&".join(f"shown={key}" for key in shown)))

    assert sorted(shown) == sorted(case.key for case in cases)
    assert sorted(step_form(chosen, "accept").values.getlist("case")) == sorted(shown)


def test_nothing_chosen_is_said(world: World, client: FlaskClient) -> None:
    assert choosing(visiting(world, client, "intake_officer")).root.all("div", class_="error-summary")


def test_a_preview_leaves_no_letter_behind(world: World, client: FlaskClient) -> None:
    case = submitted(world)
    before = world.session.scalar(select(func.count()).select_from(Letter))

    previewed(visiting(world, client, "intake_officer"), "accept", case)

    assert world.session.scalar(select(func.count()).select_from(Letter)) == before


def test_the_outcomes_cost_the_same_for_one_and_three(world: World, client: FlaskClient) -> None:
    visit = visiting(world, client, "intake_officer")
    costs = []
    for number in (1, 3):
        answer = previewed(visit, "accept", *[submitted(world) for _ in range(number)])
        location = answer.form_to("/queue/batches").send(visit).location
        costs.append(queries_of(world.session, lambda address=location: visit.get(address)))  # type: ignore[misc]  # bound now

    assert costs[0] == costs[1]


def test_two_who_press_at_once_make_each_step_once(fresh_database: FreshDatabase) -> None:
    with fresh_database.app.app_context(), Session(fresh_database.engine, expire_on_commit=False) as session:
        world = make_world(session)
        case = submitted(world)
        actor, batch_id = world.officer("intake_officer"), uuid4()
        start_batch(session, batch_id, "accept", [(case.id, case.revision)], data={}, actor=actor)
        session.commit()
    together = Barrier(5)

    def press(_: int) -> None:
        with fresh_database.app.app_context(), Session(fresh_database.engine, expire_on_commit=False) as session:
            together.wait()
            make_item(session, batch_id, case.id, actor=actor)
            session.commit()

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(press, range(5)))

    with Session(fresh_database.engine) as session:
        accepted_once = select(func.count()).select_from(CaseEvent).where(CaseEvent.step == "accept")
        assert session.scalar(accepted_once) == 1
        assert session.scalars(select(BatchItem.outcome)).all() == ["made"]


def test_the_way_back_leads_to_the_queue_as_it_was_and_nowhere_else(world: World, client: FlaskClient) -> None:
    case = submitted(world)
    visit = visiting(world, client, "intake_officer")
    queue = Page(visit.get("/queue?state=checking&holder=nobody"))
    (back,) = [node.attributes["value"] for node in queue.root.all("input", name="back")]

    page = Page(visit.get("/queue/batches/new", query_string={"case": case.key, "back": back + "&next=//elsewhere"}))
    result = made(visit, Page(step_form(page, "accept").send(visit)))

    for shown in (page, result):
        (address,) = {link.attributes["href"] for link in shown.root.all("a", class_="back-link")}
        assert address == "/queue?state=checking&holder=nobody"

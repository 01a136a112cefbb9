"""Numbers beside the filters: equal to the rows that the filters leave, whoever looks and whatever happened."""

import random
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from applications.counting import count_anew, count_differences, fold_some
from applications.models import Case, CaseCount, CaseCountChange
from applications.queries.facets import Facets, facets_of
from applications.queries.lists import Filters
from applications.queries.queue import queue_choices, queue_lines
from foundation.actors import Actor
from foundation.database import now
from tests.accounts.factories import actor_for, make_person, make_unit
from tests.applications.small_pack import World, make_world
from tests.applications.visits import accepted, queries_of, submitted
from tests.databases import FreshDatabase


@pytest.fixture
def scattered(world: World) -> list[Case]:
    """Dossiers in two units, two states and the hands of two people; two are late."""
    other, officer = make_unit(world.session), world.officer("case_officer")
    cases: list[Case] = []
    for number in range(7):
        case = (accepted if number % 2 else submitted)(world)
        case.unit_id = other.id if number % 3 == 0 else case.unit_id
        case.holder_id = (None, officer.person_id, world.officer("intake_officer").person_id)[number % 3]
        case.original_due_at = now() + timedelta(days=number - 2) if number < 5 else None
        cases.append(case)
    world.draft()
    world.session.commit()
    return cases


def seen(world: World, actor: Actor, **filters: object) -> Facets:
    facets = facets_of(world.session, Filters(**filters), queue_choices(world.session, actor=actor), actor=actor)  # type: ignore[arg-type]  # tests name them
    assert facets is not None
    return facets


def listed(world: World, actor: Actor, **filters: object) -> int:
    return len(queue_lines(world.session, Filters(**filters), actor=actor, cursor=None, size=100).rows)  # type: ignore[arg-type]  # tests name them


SETTINGS: list[dict[str, object]] = [
    {},
    {"kind": ""},
    {"kind": "final"},
    {"states": ("checking",)},
    {"procedure": "small-test"},
    {"holder": "me"},
    {"holder": "nobody", "states": ("checking",)},
    {"lateness": "late"},
    {"lateness": "on_time"},
    {"lateness": "on_time", "holder": "me"},
    {"query": "máy bay"},
    {"query": "nothing of the kind"},
]


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("chosen", SETTINGS, ids=str)
def test_each_number_is_that_of_the_rows_behind_it(
    world: World, scattered: list[Case], chosen: dict[str, object], folded: bool
) -> None:
    if folded:
        fold_some(world.session)
    actor = world.officer("case_officer")

    facets = seen(world, actor, **chosen)

    assert facets.total == listed(world, actor, **chosen)
    for code, _, number in facets.procedures:
        assert number == listed(world, actor, **{**chosen, "procedure": code})
    for code, state, number in facets.states:
        assert number == listed(world, actor, **{**chosen, "procedure": code, "states": (state.key,)})
    for unit, number in facets.units:
        assert number == listed(world, actor, **{**chosen, "unit_id": unit.id})
    for holder, number in facets.holders:
        assert number == listed(world, actor, **{**chosen, "holder": str(holder.id) if holder.id else "nobody"})
    if "holder" not in chosen:
        assert sum(number for _, number in facets.holders) == facets.total


def test_who_may_see_one_unit_is_told_of_that_unit_alone(world: World, scattered: list[Case]) -> None:
    grant = {"role": "case_officer", "scope_unit_id": world.unit.id}
    actor = actor_for(world.session, make_person(world.session, grants=[grant]))

    facets = seen(world, actor)

    here = [case for case in scattered if case.unit_id == world.unit.id]
    assert facets.total == len(here) < len(scattered)
    assert [unit.id for unit, _ in facets.units] == [world.unit.id]
    assert {holder.id for holder, _ in facets.holders} == {case.holder_id or 0 for case in here}


def test_who_may_see_another_procedure_is_told_of_nothing(world: World, scattered: list[Case]) -> None:
    grant = {"role": "case_officer", "scope_procedure": "another"}
    actor = actor_for(world.session, make_person(world.session, grants=[grant]))

    facets = seen(world, actor)

    assert (facets.total, list(facets.holders), list(facets.states)) == (0, [], [])


def test_the_reader_and_nobody_come_first_among_those_who_hold(world: World, scattered: list[Case]) -> None:
    actor = world.officer("case_officer")

    holders = [holder.id for holder, _ in seen(world, actor).holders]

    assert holders == [actor.person_id, 0, world.officer("intake_officer").person_id]


def test_too_many_rows_are_not_counted_one_by_one(
    world: World, scattered: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("applications.queries.facets.MOST_ROWS", 3)
    actor = world.officer("intake_officer")

    filters = Filters(query="máy bay giao")

    assert facets_of(world.session, filters, queue_choices(world.session, actor=actor), actor=actor) is None


def test_the_numbers_cost_one_query(world: World, scattered: list[Case]) -> None:
    actor = world.officer("case_officer")
    choices = queue_choices(world.session, actor=actor)

    assert queries_of(world.session, lambda: facets_of(world.session, Filters(), choices, actor=actor)) == 1


def test_folding_leaves_no_change_behind_and_no_empty_counter(world: World) -> None:
    submitted(world)
    fold_some(world.session)
    accepted(world)

    assert fold_some(world.session) > 0

    assert world.session.scalar(select(func.count()).select_from(CaseCountChange)) == 0
    assert 0 not in world.session.scalars(select(CaseCount.number)).all()
    assert count_differences(world.session) == []


def test_a_removed_dossier_is_no_longer_counted(world: World) -> None:
    unit = make_unit(world.session)
    case = Case(kind="case", key="K", state="s", state_kind="open", unit_id=unit.id, title="")
    sample = submitted(world)
    case.procedure_id, case.version_id = sample.procedure_id, sample.version_id
    world.session.add(case)
    world.session.flush()
    counted = Counter({row.state: row.change for row in world.session.scalars(select(CaseCountChange))})
    assert counted["s"] == 1

    world.session.execute(delete(Case.__table__).where(Case.id == case.id))

    assert count_differences(world.session) == []


def test_a_wrong_counter_is_found_and_counted_anew(app: Flask, world: World) -> None:
    submitted(world)
    fold_some(world.session)
    world.session.execute(text("UPDATE case_counts SET number = number + 1"))
    world.session.commit()

    verified = app.test_cli_runner().invoke(args=["counts", "verify"])
    rebuilt = app.test_cli_runner().invoke(args=["counts", "rebuild"])

    assert (verified.exit_code, rebuilt.exit_code) == (1, 0)
    assert "there are" in verified.output
    assert app.test_cli_runner().invoke(args=["counts", "verify"]).exit_code == 0


def test_counters_are_right_after_many_at_once_moved_rolled_back_and_folded(fresh_database: FreshDatabase) -> None:
    with fresh_database.app.app_context(), Session(fresh_database.engine, expire_on_commit=False) as session:
        world = make_world(session)
        ids = [submitted(world).id for _ in range(12)]
        people = [world.officer("case_officer").person_id, world.officer("intake_officer").person_id, None]

    def work(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
        for _ in range(25):
            with Session(fresh_database.engine) as session:
                if chance.random() < 0.2:
                    fold_some(session)
                elif chance.random() < 0.05:
                    count_anew(session)
                else:
                    case = session.get_one(Case, chance.choice(ids), with_for_update=True)
                    case.holder_id = chance.choice(people)
                    case.state_kind = chance.choice(("open", "final", "draft"))
                    case.state = chance.choice(("checking", "accepted"))
                    session.flush()
                (session.rollback if chance.random() < 0.2 else session.commit)()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))

    with Session(fresh_database.engine) as session:
        assert count_differences(session) == []
        fold_some(session)
        assert count_differences(session) == []
        total = select(func.count()).select_from(Case).where(Case.state_kind != "draft")
        assert session.scalar(select(func.coalesce(func.sum(CaseCount.number), 0))) == session.scalar(total)


def test_a_worker_that_knows_the_package_knows_to_fold() -> None:
    asked = "import applications; from foundation.jobs import registered_tasks; print(*registered_tasks())"

    known = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert "applications:counts:fold" in known.stdout.split()

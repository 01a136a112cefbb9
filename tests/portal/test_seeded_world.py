"""A seeded world: believable to every part of the product, and what its pages cost is no more than recorded."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import func, select, text

from accounts.models import Organisation
from applications.counting import count_differences
from applications.documenttexts import read_missed
from applications.models import Application, Case, CaseWords, ClockRun, Decision, Letter
from applications.wordindex import keep_some
from foundation.anchors import anchors_folder
from foundation.searchtext import fold
from foundation.verification import verify
from portal.preparation import mend_loading_cut_short
from portal.seeding.lifting import lift, put_back
from portal.seeding.loading import first_numbers, load_in_parallel, serials_given
from portal.seeding.plans import Planner
from portal.seeding.rows import World, Writer
from portal.seeding.seeding import InUse, ensure_fillable
from portal.seeding.stories import driver_of
from portal.seeding.tables import FILLED, NUMBERED
from sandbox.models import TestRegulation
from tests.databases import FreshDatabase, cloned_database
from tests.portal.seeded import Work, read_whole, reader, record_work, recorded_work, seed_world, work_of

TOTAL = 500
FEW = 30
"""Loaded by lanes."""
PLAYED = 60
"""More than were played by the engine."""

OFFICER, APPLICANT, PUBLIC = "chuyenvien@demo.example", "startup@demo.example", None
REVIEWER, INTAKE, AUDITOR = "chuyengia1@demo.example", "motcua@demo.example", "kiemtra@demo.example"
RECORD = "RECORD_WORK"
"""Set, the test writes anew what pages cost: ``make test ARGS="tests/portal/test_seeded_world.py -k recorded"``."""

UNTOLD = "SELECT count(*) FROM stuck_cases WHERE told_at IS NULL AND case_id > :first"
UNMAILED = "SELECT count(*) FROM notices WHERE mailed_at IS NULL AND case_id > :first"
GROWING = frozenset(
    {
        *FILLED,
        *("people", "organisations", "memberships", "role_grants", "sign_in_sessions", "stuck_cases"),
    }
)

PAGES = {
    "queue": (OFFICER, "/queue"),
    "queue, filtered": (OFFICER, "/queue?procedure=controlled-test&holder=me"),
    "search": (OFFICER, "/search?q=thu+nghiem"),
    "dossier": (OFFICER, "/dossiers/{reviewed}"),
    "desk": (APPLICANT, "/desk"),
    "reviews": (REVIEWER, "/reviews"),
    "notices": (INTAKE, "/notices"),
    "register": (OFFICER, "/queue/register"),
    "audit trail": (AUDITOR, "/admin/audit"),
    "tests": (PUBLIC, "/tests"),
    "home": (PUBLIC, "/"),
}


@pytest.fixture(scope="module")
def seeding(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FreshDatabase, World]]:
    with cloned_database(server_url, tmp_path_factory.mktemp("seeded")) as database:
        database.app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        yield database, seed_world(database, TOTAL, seed=7)


@pytest.fixture
def seeded(seeding: tuple[FreshDatabase, World]) -> FreshDatabase:
    return seeding[0]


def test_a_large_world_is_left_at_rest(seeded: FreshDatabase) -> None:
    with seeded.session() as session:
        waiting = {
            "words": session.scalar(text("SELECT count(*) FROM cases WHERE words_at IS NULL OR words_at < updated_at")),
            "documents": read_missed(session),
            "dossiers that stand still": session.scalar(text(UNTOLD), {"first": PLAYED}),
            "mails": session.scalar(text(UNMAILED), {"first": PLAYED}),
        }
        session.rollback()

    assert waiting == dict.fromkeys(waiting, 0)


def test_trail_counters_and_numbers_hold(seeded: FreshDatabase) -> None:
    with seeded.app.app_context(), seeded.session() as session:
        faults = verify(session, anchors_folder(), seeded.app.config["KHUEVAN"].anchor_key)
        coded = session.execute(
            text("SELECT unit_id, count(*) FROM cases WHERE code <> '' GROUP BY 1 ORDER BY 1")
        ).all()
        given = session.execute(text("SELECT unit_id, sum(last) FROM dossier_counters GROUP BY 1 ORDER BY 1")).all()

        assert session.scalar(select(func.count(Application.id)).having(func.count() > TOTAL)) is not None
        assert faults == []
        assert count_differences(session) == []
        assert [tuple(row) for row in given] == [tuple(row) for row in coded]


def test_work_is_spread_unevenly_and_dossiers_are_alike_in_no_number(seeded: FreshDatabase) -> None:
    with seeded.session() as session:
        of_units = select(func.count()).select_from(Case).where(Case.id > PLAYED).group_by(Case.unit_id)
        sizes = sorted(session.scalars(of_units), reverse=True)
        backwards = select(func.count()).select_from(ClockRun).where(ClockRun.due_at < ClockRun.started_at)
        in_disorder = session.scalar(backwards)

    assert len(sizes) > 15
    assert sum(sizes[:5]) > TOTAL * 0.75
    assert in_disorder == 0


def test_search_finds_a_dossier_by_its_words_as_the_worker_would_keep_them(seeded: FreshDatabase) -> None:
    with seeded.session() as session:
        permitted = select(Case.id, Case.key).where(Case.state == "permitted", Case.unit_id == 4, Case.id > PLAYED)
        number, key = session.execute(permitted.order_by(Case.id.desc()).limit(1)).one()
        words = select(func.tsvector_to_array(CaseWords.sent)).where(CaseWords.case_id == number)
        seeded_words = session.scalar(words)
        session.execute(text("UPDATE cases SET words_at = NULL WHERE id = :id"), {"id": number})
        kept = keep_some(session)
        kept_words = session.scalar(words)
        session.rollback()

    answer = reader(seeded, OFFICER).get("/search", query_string={"q": key})

    assert kept == 1
    assert seeded_words == kept_words
    assert key in answer.text


def test_the_register_finds_a_seeded_test_as_one_that_was_decided_here(seeded: FreshDatabase) -> None:
    with seeded.session() as session:
        words = select(func.tsvector_to_array(TestRegulation.words)).where(TestRegulation.case_id == Case.id)
        named = func.concat_ws(" ", Case.title, Decision.number, Organisation.search_text)
        rows = session.execute(
            select(words.scalar_subquery(), named)
            .join(Decision, Decision.case_id == Case.id)
            .join(Organisation, Organisation.id == Case.organisation_id)
            .where(Case.id.in_(select(func.max(TestRegulation.case_id))))
        ).all()

    assert [set(words) for words, _ in rows] == [set(fold(named).split()) for _, named in rows] != []


def test_a_step_can_be_made_in_a_seeded_dossier(seeded: FreshDatabase) -> None:
    with seeded.session() as session:
        checking = select(Case.key).where(Case.state == "checking", Case.id > PLAYED, Case.unit_id == 4)
        key = session.scalars(checking.order_by(Case.id.desc()).limit(1)).one()
    intake = reader(seeded, INTAKE)
    page = intake.get(f"/dossiers/{key}/steps/accept")
    revision = re.search(r'name="revision"[^>]*value="(\d+)"', page.text)

    answer = intake.post(f"/dossiers/{key}/steps/accept", data={"revision": revision[1] if revision else ""})

    with seeded.session() as session:
        state = session.scalar(select(Case.state).where(Case.key == key))
    assert page.status_code == 200
    assert answer.status_code in (302, 303), answer.text[:2000]
    assert state == "in_appraisal"


def test_the_same_seed_tells_the_same_stories(seeding: tuple[FreshDatabase, World]) -> None:
    _, world = seeding

    told, again, other = (_told(world, seed) for seed in (3, 3, 4))

    assert told == again
    assert told["applications"] != other["applications"]
    assert len(told["cases"].splitlines()) == 40


def _told(world: World, seed: int) -> dict[str, bytes]:
    starts = dict.fromkeys(NUMBERED, 1)
    planner = Planner(world.stories, world.population, seed=seed, starts=starts, serials={})
    return Writer(replace(world, seed=seed)).rows(next(planner.parts(40)))


def test_what_is_lifted_is_put_back_as_it_was(fresh_database: FreshDatabase) -> None:
    with fresh_database.session() as session:
        connection = driver_of(session)
        before = connection.execute("SELECT indexdef FROM pg_indexes ORDER BY indexdef").fetchall()
        lifted = lift(connection)
        without = connection.execute("SELECT indexdef FROM pg_indexes").fetchall()
        connection.commit()
        put_back(fresh_database.app.config["KHUEVAN"].libpq_url, lifted)
        after = connection.execute("SELECT indexdef FROM pg_indexes ORDER BY indexdef").fetchall()

    assert len(before) - len(without) > 30
    assert after == before


def test_what_a_killed_loading_left_lifted_is_put_back_at_the_next_start(fresh_database: FreshDatabase) -> None:
    settings = fresh_database.app.config["KHUEVAN"]
    with psycopg.connect(settings.libpq_url) as connection:
        before = connection.execute("SELECT indexdef FROM pg_indexes ORDER BY indexdef").fetchall()
        connection.execute("SELECT pg_advisory_lock(hashtext('seeding_lifted'))")
        lifted = lift(connection)
        connection.execute(lifted.indexes[0][2].encode())
        connection.commit()
        mend_loading_cut_short(fresh_database.app, settings)
        while_it_runs = connection.execute("SELECT to_regclass('seeding_lifted') IS NOT NULL").fetchone()
    mend_loading_cut_short(fresh_database.app, settings)
    with psycopg.connect(settings.libpq_url) as connection:
        after = connection.execute("SELECT indexdef FROM pg_indexes ORDER BY indexdef").fetchall()
        disabled = connection.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'").fetchone()

    assert while_it_runs == (True,)
    assert after == before
    assert disabled == (0,)


def test_a_database_in_use_or_filled_before_is_refused(seeded: FreshDatabase, fresh_database: FreshDatabase) -> None:
    with seeded.session() as session, pytest.raises(InUse, match="filled before"):
        ensure_fillable(session)
    with fresh_database.session() as session:
        session.execute(text("INSERT INTO people (email, full_name, search_text, language, created_at) VALUES"
                             " ('a@b.example', 'An', 'an', 'vi', now())"))  # fmt: skip
        with pytest.raises(InUse, match="in use"):
            ensure_fillable(session)


def test_no_page_reads_a_table_whole_that_grows_with_dossiers_or_people(seeded: FreshDatabase) -> None:
    pages = {**PAGES, "queue, late": (OFFICER, "/queue?late=late")}
    del pages["dossier"]

    found = {name: read_whole(seeded, reader(seeded, email), address) for name, (email, address) in pages.items()}

    assert {name: tables & GROWING for name, tables in found.items() if tables & GROWING} == {}


def test_no_page_costs_more_than_was_recorded(seeded: FreshDatabase) -> None:
    with seeded.session() as session:
        reviewed = session.scalars(
            select(Case.key)
            .where(Case.state == "drafting_decision", Case.unit_id == 4)
            .order_by(Case.id.desc())
            .limit(1)
        ).one()
    found: dict[str, Work] = {}
    for name, (email, address) in PAGES.items():
        found[name] = work_of(seeded, reader(seeded, email), address.format(reviewed=reviewed))
    if os.environ.get(RECORD):
        record_work(found)

    recorded = recorded_work()
    grown = {name: work.exceeds(recorded[name]) for name, work in found.items()}

    assert recorded.keys() == found.keys()
    assert {name: f"{what}: {found[name]}" for name, what in grown.items() if what} == {}


def test_what_is_loaded_by_lanes_holds_together(seeding: tuple[FreshDatabase, World]) -> None:
    database, world = seeding
    url = database.app.config["KHUEVAN"].libpq_url
    more, planner = _going_on(database, world)
    counted: list[int] = []

    load_in_parallel(url, more, planner, total=FEW, counted=counted.append, told=lambda _: None)

    with database.app.app_context(), database.session() as session:
        faults = verify(session, anchors_folder(), database.app.config["KHUEVAN"].anchor_key)
        words = session.scalar(select(func.count(CaseWords.case_id)).where(CaseWords.case_id >= more.first_case))
        letters = session.scalar(select(func.count(Letter.id)).where(Letter.case_id >= more.first_case))
        clustered = session.scalar(text("SELECT count(*) FROM pg_index WHERE indisclustered"))
    assert faults == []
    assert words == sum(counted) == FEW
    assert letters
    assert clustered == 0


def _going_on(database: FreshDatabase, world: World) -> tuple[World, Planner]:
    """The same people and stories, whose numbers begin behind those that are there."""
    with psycopg.connect(database.app.config["KHUEVAN"].libpq_url) as connection:
        starts, case, receipt = first_numbers(connection)
        serials = serials_given(connection)
    planner = Planner(world.stories, world.population, seed=5, starts=starts, serials=serials)
    return replace(world, seed=5, first_case=case, first_receipt=receipt), planner

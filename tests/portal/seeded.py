"""A small seeded world for tests, and what a page of it costs: queries, blocks of the database, calls of functions."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select, text
from sqlalchemy.orm import Session

from accounts.models import Person
from accounts.places import ensure_units, ensure_wards
from applications.packs.catalogue import pack_files, publish_files
from foundation.actors import SYSTEM
from foundation.calendars import ensure_calendars
from portal.demo.loading import mark_and_people, play_dossiers
from portal.demo.parks import make_parks
from portal.seeding.rows import World
from portal.seeding.seeding import seed_here
from tests.accounts.factories import sign_in
from tests.databases import FreshDatabase

RECORDED = Path(__file__).with_name("work.json")
ALLOWED = 1.25
BLOCKS_OF_CHANCE = 12
"""A page of an index more or less is no regression."""


@dataclass(frozen=True, slots=True)
class Work:
    """What one page costs."""

    queries: int
    blocks: int
    calls: int

    def exceeds(self, recorded: "Work") -> list[str]:
        """What grew by more than a quarter."""
        grown = []
        if self.queries > recorded.queries * ALLOWED:
            grown.append("queries")
        if self.blocks > recorded.blocks * ALLOWED + BLOCKS_OF_CHANCE:
            grown.append("blocks")
        if self.calls > recorded.calls * ALLOWED:
            grown.append("calls")
        return grown


def seed_world(database: FreshDatabase, total: int, seed: int) -> World:
    """The people of the demonstration, one dossier of each of its scripts, and so many dossiers more, committed."""
    with database.app.app_context(), database.session() as session:
        ensure_wards(session)
        ensure_units(session)
        ensure_calendars(session, actor=SYSTEM)
        publish_files(session, pack_files(), actor=SYSTEM)
        cast = mark_and_people(session)
        make_parks(session)
        play_dossiers(session, cast, most=1)
        world = seed_here(session, total, seed, counted=lambda number: None)
        session.commit()
        return world


def reader(database: FreshDatabase, email: str | None) -> FlaskClient:
    """Somebody of the demonstration, signed in, or the public."""
    client = database.app.test_client()
    if email is not None:
        with database.session() as session:
            person = session.scalars(select(Person).where(Person.email == email)).one()
            sign_in(client, session, person)
    return client


def work_of(database: FreshDatabase, client: FlaskClient, address: str) -> Work:
    """What the page costs when it was opened before."""
    for _ in range(2):
        assert client.get(address).status_code == 200, address
    with _asked(database.engine) as statements:
        client.get(address)
    with _counted() as calls:
        client.get(address)
    with database.session() as session:
        blocks = sum(_blocks(session, statement, values) for statement, values in statements)
    return Work(len(statements), blocks, calls[0])


def read_whole(database: FreshDatabase, client: FlaskClient, address: str) -> set[str]:
    """The tables that the page's statements read from end to end although the server would rather not."""
    assert client.get(address).status_code == 200, address
    with _asked(database.engine) as statements:
        client.get(address)
    with database.session() as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        return {table for statement, values in statements for table in _scanned(_plan(session, statement, values))}


def _scanned(plan: Mapping[str, Any]) -> Iterator[str]:
    if plan.get("Node Type") == "Seq Scan":
        yield plan["Relation Name"]
    for inner in plan.get("Plans", ()):
        yield from _scanned(inner)


@contextmanager
def _asked(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    statements: list[tuple[str, Any]] = []

    def note(_conn: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        statements.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def _counted() -> Iterator[list[int]]:
    calls = [0]

    def note(_frame: object, what: str, _argument: object) -> None:
        if what in ("call", "c_call"):
            calls[0] += 1

    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(None)


def _blocks(session: Session, statement: str, values: Any) -> int:
    """The blocks that a reading statement touches; what changes something is no page's business."""
    plan = _plan(session, statement, values)
    return int(plan.get("Shared Hit Blocks", 0)) + int(plan.get("Shared Read Blocks", 0))


def _plan(session: Session, statement: str, values: Any) -> Mapping[str, Any]:
    if not statement.lstrip().upper().startswith(("SELECT", "WITH", "(")):
        return {}
    explained = session.connection().exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", values)
    (found,) = explained.scalar_one()
    plan: Mapping[str, Any] = found["Plan"]
    return plan


def recorded_work() -> dict[str, Work]:
    return {name: Work(**counts) for name, counts in json.loads(RECORDED.read_text(encoding="utf-8")).items()}


def record_work(found: dict[str, Work]) -> None:
    content = json.dumps({name: asdict(work) for name, work in sorted(found.items())}, indent=2)
    RECORDED.write_text(f"{content}\n", encoding="utf-8")

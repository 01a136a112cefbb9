"""Loads a planned world by COPY: in the caller's transaction, or by several connections side by side."""

import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import date

import psycopg
from psycopg import sql

from portal.seeding.lanes import Taker, open_lanes
from portal.seeding.lifting import KEPT, forget, lift, put_back, still_lifted
from portal.seeding.plans import Planner
from portal.seeding.rows import World, Writer
from portal.seeding.stories import Story
from portal.seeding.tables import NUMBERED

WAITING = 3
"""Parts that wait for the database, so that it is never idle."""

SECONDS_OF_TURN = 0.0005

Told = Callable[[str], None]
Counted = Callable[[int], None]

LEARN_STORIES = """
    INSERT INTO search_words (word)
    SELECT DISTINCT held.word
    FROM unnest(%s::text[]) AS words, unnest(tsvector_to_array(to_tsvector('simple', words))) AS held (word)
    ON CONFLICT DO NOTHING
"""
LEARN_NAMES = """
    INSERT INTO search_words (word)
    SELECT DISTINCT held.word FROM case_words, unnest(tsvector_to_array(names)) AS held (word) WHERE held.word !~ '^@'
    ON CONFLICT DO NOTHING
"""


def load_within(
    connection: psycopg.Connection, world: World, planner: Planner, *, total: int, counted: Counted
) -> None:
    """Load everything in the transaction of this connection: all or nothing."""
    writer, taker = Writer(world), Taker(connection, world)
    for part in planner.parts(total):
        taker.take(writer.rows(part))
        counted(len(part))
    taker.finish()
    _learn_words(connection, world)
    settle_numbers(connection, planner, world.first_receipt + total)


def load_in_parallel(url: str, world: World, planner: Planner, *, total: int, counted: Counted, told: Told) -> None:
    """Load by a connection for each table, without indexes, which are made afterwards."""
    with psycopg.connect(url) as connection:
        connection.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [KEPT])
        connection.execute("SELECT setval('receipt_numbers', %s, false)", [world.first_receipt + total])
        lifted = lift(connection)
        try:
            _load_by_lanes(url, world, planner, total=total, counted=counted)
        finally:
            connection.commit()
            told("Indexes and constraints")
            put_back(url, lifted)
        _learn_words(connection, world)
        settle_numbers(connection, planner, world.first_receipt + total)
        forget(connection)


def mend(url: str) -> bool:
    """Put back what a loading that was killed left lifted; whether there was any. One that goes on is left alone."""
    with psycopg.connect(url) as connection:
        connection.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        alone = connection.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [KEPT]).fetchone()
        lifted = still_lifted(connection) if alone == (True,) else None
        connection.commit()
        if lifted is not None:
            put_back(url, lifted)
            settle_sequences(connection)
            forget(connection)
    return lifted is not None


def _load_by_lanes(url: str, world: World, planner: Planner, *, total: int, counted: Counted) -> None:
    """While rows are written to the database, the next ones are composed."""
    writer = Writer(world)
    waiting: deque[tuple[int, list[Future[None]]]] = deque()
    with open_lanes(url, world) as lanes, quick_turns():
        for part in planner.parts(total):
            waiting.append((len(part), lanes.take(writer.rows(part))))
            if len(waiting) > WAITING:
                counted(_taken(*waiting.popleft()))
        for number, taken in waiting:
            counted(_taken(number, taken))
        lanes.commit()


def _taken(number: int, taken: list[Future[None]]) -> int:
    for one in taken:
        one.result()
    return number


@contextmanager
def quick_turns() -> Iterator[None]:
    """Threads take turns often: who sends to the database needs little time, and the database shall not wait."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SECONDS_OF_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def _learn_words(connection: psycopg.Connection, world: World) -> None:
    """Let the beginnings of words be found: those of the stories, and those that name each dossier."""
    connection.execute(LEARN_STORIES, [[words for story in world.stories for words in story.words]])
    connection.execute(LEARN_NAMES)


def first_numbers(connection: psycopg.Connection) -> tuple[dict[str, int], int, int]:
    """The next number of each table's rows, of cases and of receipts."""
    starts = {table: _next(connection, table) for table in NUMBERED}
    receipts = connection.execute("SELECT last_value + is_called::int FROM receipt_numbers").fetchone()
    return starts, _next(connection, "cases"), int(receipts[0]) if receipts else 1


def _next(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(
        sql.SQL("SELECT coalesce(max(id), 0) + 1 FROM {}").format(sql.Identifier(table))
    ).fetchone()
    return int(row[0]) if row else 1


def serials_given(connection: psycopg.Connection) -> dict[tuple[int, date], int]:
    rows = connection.execute("SELECT unit_id, day, last FROM dossier_counters").fetchall()
    return {(unit, day): last for unit, day, last in rows}


def settle_numbers(connection: psycopg.Connection, planner: Planner, next_receipt: int) -> None:
    """Let everything that gives numbers go on behind those that were taken."""
    settle_sequences(connection)
    connection.execute("SELECT setval('receipt_numbers', %s, false)", [next_receipt])
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO dossier_counters (unit_id, day, last) VALUES (%s, %s, %s)"
            " ON CONFLICT (unit_id, day) DO UPDATE SET last = excluded.last",
            [(unit, day, last) for (unit, day), last in planner.serials.items()],
        )


def settle_sequences(connection: psycopg.Connection) -> None:
    """Let the keys of rows go on behind those that are there."""
    for table in (*NUMBERED, "cases"):
        name = sql.Identifier(table)
        following = sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT max(id) FROM {}))")
        connection.execute(following.format(sql.Literal(table), name))


def units_apart(stories: list[Story], spread: str) -> Mapping[int, None]:
    """The units whose dossiers stay there, for all procedures but the one that is spread over all units."""
    return dict.fromkeys(story.case["unit_id"] for story in stories if story.procedure != spread)

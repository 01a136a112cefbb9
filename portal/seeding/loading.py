"""Loads a planned world by COPY: in the caller's transaction, or by several processes, each part in one of its own."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context

import psycopg
from psycopg import sql

from portal.seeding.lifting import KEPT, forget, lift, put_back, still_lifted
from portal.seeding.plans import Part, Planner
from portal.seeding.rows import STAGE, World, Writer
from portal.seeding.stories import Story
from portal.seeding.tables import FILLED, GENERATED, NUMBERED

WAITING = 2
"""Parts that wait for each process, so that none is ever idle."""

Told = Callable[[str], None]
Counted = Callable[[int], None]

JOIN_WORDS = f"""
    INSERT INTO case_words (case_id, sent, own)
    SELECT case_id, kept.names || sent, kept.names || own
    FROM {STAGE} JOIN seeding_words USING (story),
      LATERAL (SELECT setweight(to_tsvector('simple', names), 'A') || array_to_tsvector(marks) AS names) kept
"""  # noqa: S608 - names of our own

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


class Loader:
    """One connection that takes parts."""

    def __init__(self, connection: psycopg.Connection, world: World) -> None:
        self.connection, self.writer = connection, Writer(world)
        self.columns = {table: _columns(connection, table) for table in FILLED}
        self.columns[STAGE] = ["case_id", "story", "names", "marks"]
        self._prepare(world)

    def _prepare(self, world: World) -> None:
        self.connection.execute("CREATE TEMPORARY TABLE seeding_words (story int, sent tsvector, own tsvector)")
        self.connection.execute(f"CREATE TEMPORARY TABLE {STAGE} (case_id bigint, story int, names text, marks text[])")
        with self.connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO seeding_words"
                " SELECT %s, sent, nullif(own, sent)"
                " FROM to_tsvector('simple', %s) AS sent, to_tsvector('simple', %s) AS own",
                [(number, *story.words) for number, story in enumerate(world.stories)],
            )

    def load(self, part: Part) -> int:
        """Write a part; how many dossiers."""
        rows = self.writer.rows(part)
        for table in (*FILLED, STAGE):
            if table in rows:
                self._copy(table, rows[table])
        self.connection.execute(JOIN_WORDS)
        self.connection.execute(f"DELETE FROM {STAGE}")  # noqa: S608 - a name of our own
        return len(part)

    def _copy(self, table: str, rows: bytes) -> None:
        columns = sql.SQL(", ").join(map(sql.Identifier, self.columns[table]))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
        with self.connection.cursor().copy(statement) as copy:
            copy.write(rows)

    def finish(self) -> None:
        self.connection.execute(f"DROP TABLE {STAGE}, seeding_words")


def _columns(connection: psycopg.Connection, table: str) -> list[str]:
    found = connection.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(sql.Identifier(table))).description
    return [column.name for column in found or () if column.name not in GENERATED]


def load_within(
    connection: psycopg.Connection, world: World, planner: Planner, *, total: int, counted: Counted
) -> None:
    """Load everything in the transaction of this connection: all or nothing."""
    loader = Loader(connection, world)
    for part in planner.parts(total):
        counted(loader.load(part))
    loader.finish()
    _learn_words(connection, world)
    settle_numbers(connection, planner, world.first_receipt + total)


def load_in_parallel(url: str, world: World, planner: Planner, *, total: int, counted: Counted, told: Told) -> None:
    """Load by as many processes as there are processors, without indexes, which are made afterwards."""
    with psycopg.connect(url) as connection:
        connection.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [KEPT])
        connection.execute("SELECT setval('receipt_numbers', %s, false)", [world.first_receipt + total])
        lifted = lift(connection)
        try:
            for number in _loaded_by_many(url, world, planner, total):
                counted(number)
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


def _loaded_by_many(url: str, world: World, planner: Planner, total: int) -> Iterator[int]:
    many = os.cpu_count() or 1
    waiting: deque[Future[int]] = deque()
    with ProcessPoolExecutor(many, get_context("spawn"), initializer=_begin, initargs=(url, world)) as processes:
        for part in planner.parts(total):
            waiting.append(processes.submit(_load, part))
            if len(waiting) >= many * WAITING:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


_loaders: list[Loader] = []
"""The loader of this process, if it was started to load."""


def _begin(url: str, world: World) -> None:
    connection = psycopg.connect(url)
    connection.execute("SET synchronous_commit = off; SET statement_timeout = 0; SET temp_buffers = '64MB'")
    _loaders.append(Loader(connection, world))
    connection.commit()


def _load(part: Part) -> int:
    loader = _loaders[0]
    number = loader.load(part)
    loader.connection.commit()
    return number


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

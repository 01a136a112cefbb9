"""Lanes: connections side by side, one for each table, that take its rows into a new file in one transaction.

Nobody reads these tables meanwhile. Rows in a new file need no log where the server keeps none for others
(``wal_level = minimal``), and are marked at once as visible to all, so that no vacuum has to come for them.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import partial

import psycopg
from psycopg import sql

from portal.seeding.lifting import ATTEMPTS, IN_THE_WAY, PATIENCE, PAUSE
from portal.seeding.rows import STAGE, World
from portal.seeding.tables import FILLED, GENERATED, WORDS

SETTINGS = """
    SET synchronous_commit = off; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
    SET temp_buffers = '64MB'
"""
PLAIN = """
    SELECT relname, conname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
    WHERE contype = 'p' AND relkind = 'r' AND relname = ANY(%s) AND relnamespace = 'public'::regnamespace
    ORDER BY relname
"""
"""Tables of one file, with their primary keys."""

JOIN_WORDS = f"""
    INSERT INTO {WORDS} (case_id, sent, own)
    SELECT case_id, kept.names || sent, kept.names || own
    FROM {STAGE} JOIN seeding_words USING (story),
      LATERAL (SELECT setweight(to_tsvector('simple', names), 'A') || array_to_tsvector(marks) AS names) kept
"""  # noqa: S608 - names of our own


class Abandoned(Exception):  # noqa: N818 - what happened, not a fault
    """Another connection could not go on."""


class Taker:
    """One connection that takes the rows of all tables, or of one, by one COPY that lasts: each leaves room behind."""

    def __init__(self, connection: psycopg.Connection, world: World, tables: Sequence[str] = FILLED) -> None:
        self.connection, self.tables = connection, tables
        self.columns = {table: _columns(connection, table) for table in tables}
        self.frozen: frozenset[str] = frozenset()
        self.lasting = ExitStack()
        self.copying: psycopg.Copy | None = None
        if WORDS in tables:
            self._prepare_words(world)

    def _prepare_words(self, world: World) -> None:
        self.columns[STAGE] = ["case_id", "story", "names", "marks"]
        self.connection.execute("CREATE TEMPORARY TABLE seeding_words (story int, sent tsvector, own tsvector)")
        self.connection.execute(f"CREATE TEMPORARY TABLE {STAGE} (case_id bigint, story int, names text, marks text[])")
        with self.connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO seeding_words"
                " SELECT %s, sent, nullif(own, sent)"
                " FROM to_tsvector('simple', %s) AS sent, to_tsvector('simple', %s) AS own",
                [(number, *story.words) for number, story in enumerate(world.stories)],
            )

    def begin_anew(self) -> None:
        """Give the tables new files with the rows that they have. Locked are all of them before any is written."""
        names = sql.SQL(", ").join(map(sql.Identifier, self.tables))
        self.connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(PATIENCE))
        self.connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(names))
        plain = self.connection.execute(PLAIN, [list(self.tables)]).fetchall()
        for table, key in plain:
            named = sql.Identifier(table)
            self.connection.execute(sql.SQL("CLUSTER {} USING {}").format(named, sql.Identifier(key)))
            self.connection.execute(sql.SQL("ALTER TABLE {} SET WITHOUT CLUSTER").format(named))
        self.frozen = frozenset(table for table, _ in plain)

    def take(self, rows: Mapping[str, bytes]) -> None:
        """Write those of the rows that are for tables of this connection."""
        if len(self.columns) == 1:
            self._go_on(rows)
            return
        for table, columns in self.columns.items():
            if table in rows:
                self._copy(table, columns, rows[table])
        if WORDS in self.tables:
            self.connection.execute(JOIN_WORDS)
            self.connection.execute(f"TRUNCATE {STAGE}")  # what is deleted would be read again for each part to come

    def _go_on(self, rows: Mapping[str, bytes]) -> None:
        ((table, columns),) = self.columns.items()
        if self.copying is None:
            self.copying = self.lasting.enter_context(self._copied(table, columns))
        if table in rows:
            self.copying.write(rows[table])

    def _copy(self, table: str, columns: Sequence[str], rows: bytes) -> None:
        with self._copied(table, columns) as copy:
            copy.write(rows)

    def _copied(self, table: str, columns: Sequence[str]) -> AbstractContextManager[psycopg.Copy]:
        form = sql.SQL("(FREEZE)" if table in self.frozen else "")
        named = sql.SQL(", ").join(map(sql.Identifier, columns))
        statement = sql.SQL("COPY {} ({}) FROM STDIN {}").format(sql.Identifier(table), named, form)
        return self.connection.cursor().copy(statement)

    def abandon(self) -> None:
        """Tell the server that no more comes and nothing of it counts; after an end, nothing."""
        with suppress(psycopg.Error, Abandoned):
            self.lasting.__exit__(Abandoned, Abandoned(), None)

    def finish(self) -> None:
        self.lasting.close()
        if WORDS in self.tables:
            self.connection.execute(f"DROP TABLE {STAGE}, seeding_words")


def _columns(connection: psycopg.Connection, table: str) -> list[str]:
    found = connection.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(sql.Identifier(table))).description
    return [column.name for column in found or () if column.name not in GENERATED]


class Lanes:
    """All lanes, each with a thread of its own."""

    def __init__(self, takers: Sequence[Taker], threads: Sequence[ThreadPoolExecutor]) -> None:
        self.takers, self.threads = takers, threads

    def take(self, rows: Mapping[str, bytes]) -> list[Future[None]]:
        """Have the rows written; they are when all these are over."""
        pairs = zip(self.threads, self.takers, strict=True)
        return [thread.submit(taker.take, rows) for thread, taker in pairs]

    def commit(self) -> None:
        """Keep all of it; what others refer to comes first."""
        for taker in self.takers:
            taker.finish()
        for taker in self.takers:
            taker.connection.commit()


@contextmanager
def open_lanes(url: str, world: World) -> Iterator[Lanes]:
    """Lanes for all tables, which are theirs alone from now on; without a commit nothing was done."""
    with ExitStack() as stack:
        takers = []
        for table in FILLED:
            connection = psycopg.connect(url)
            stack.callback(connection.close)
            connection.execute(SETTINGS)
            takers.append(Taker(connection, world, [table]))
            stack.callback(takers[-1].abandon)
            connection.commit()
        _begin_anew(takers)
        threads = [ThreadPoolExecutor(1) for _ in takers]
        for thread in threads:
            stack.callback(partial(thread.shutdown, cancel_futures=True))
        yield Lanes(takers, threads)


def _begin_anew(takers: Sequence[Taker]) -> None:
    """A job of the running product may hold one table and want another: then all are let go and asked for again."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            for taker in takers:
                taker.begin_anew()
            return
        except IN_THE_WAY:
            for taker in takers:
                taker.connection.rollback()
            if attempt == ATTEMPTS:
                raise
            time.sleep(PAUSE)

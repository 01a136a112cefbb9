"""Long lists as files, at the pace of the database: read row by row at one instant, written with constant memory."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO, Any

from sqlalchemy import BigInteger, Connection, Date, DateTime, Integer, Select, Text, case, cast, func, text
from sqlalchemy.orm import Session

from foundation.exports import BEGINS_FORMULA, LONGEST_CELL, ROWS_OF_SHEET, WIDEST
from foundation.givingway import give_way
from foundation.prepared import prepare
from foundation.workdays import HANOI

TO_THE_MINUTE = len("2026-07-01 08:30")
AT_ONCE = 2000
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MEMORY_FOR_ORDER = "64MB"

Tell = Callable[[int], None]
"""Told of the rows written so far, now and then; ends the work by raising."""


@dataclass(frozen=True, slots=True)
class LongList:
    """A statement whose columns are text, whole numbers, days or instants, with a title for each."""

    titles: Sequence[str]
    query: Select[Any]


@contextmanager
def one_instant(session: Session) -> Iterator[Connection]:
    """A connection beside the session that sees the database as it is now until the end, and only reads.

    A session that is bound to one connection keeps to it.
    """
    bind = session.get_bind()
    if isinstance(bind, Connection):
        with _in_local_time(bind):
            yield bind
        return
    with bind.connect() as opened:
        reading = opened.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        gives_way = give_way(reading.connection.driver_connection)
        reading.execute(text(f"SET LOCAL work_mem = '{MEMORY_FOR_ORDER}'"))
        try:
            with _in_local_time(reading):
                yield reading
        finally:
            if gives_way:
                opened.invalidate()  # for good: nobody else shall have this one


@contextmanager
def _in_local_time(connection: Connection) -> Iterator[None]:
    """Instants turn into days and hours of Hanoi by themselves, which spares looking the zone up for each of them."""
    usual = connection.execute(text("SHOW TimeZone")).scalar_one()
    _set_zone(connection, HANOI.key)
    yield
    _set_zone(connection, usual)


def _set_zone(connection: Connection, zone: str) -> None:
    connection.execute(text("SELECT set_config('TimeZone', :zone, true)"), {"zone": zone})


def write_csv(connection: Connection, wanted: LongList, target: IO[bytes], tell: Tell) -> int:
    """Write the list as the server says it, after a byte order mark and the titles; how many rows.

    Text that a spreadsheet would take for a formula is marked as text by the statement itself.
    """
    target.write(BYTE_ORDER_MARK)
    target.write(_title_line(wanted.titles))
    written = 0
    with _copied(connection, _columns(wanted, _as_text), "FORMAT csv") as copy:
        rows = iter(copy)
        while part := list(islice(rows, AT_ONCE)):
            target.write(b"".join(part))
            written += len(part)
            tell(written)
    return written


def _title_line(titles: Sequence[str]) -> bytes:
    quoted = (title.replace('"', '""') for title in titles)
    return ",".join(f'"{title}"' for title in quoted).encode() + b"\n"


def write_xlsx(
    connection: Connection, wanted: LongList, path: str, tell: Tell, *, total: int, most: int = ROWS_OF_SHEET
) -> int:
    """Write the list as a workbook at ``path``; a sheet holds ``most`` rows with its titles. How many rows.

    ``total`` says how many sheets there will be; it is to be known at the same instant.
    """
    from rustpy_xlsxwriter import FastExcel  # noqa: PLC0415 - only jobs write long workbooks

    with _copied(connection, _columns(wanted, _as_cell), "FORMAT binary") as copy:
        copy.set_types([_server_type(column) for column in wanted.query.selected_columns])
        told = _Told(copy.rows(), tell)
        rows = _named(told, wanted.titles)
        book = FastExcel(path).format(bold_headers=True).freeze(row=1)
        for number in range(max(1, -(-total // (most - 1)))):
            book.sheet(f"{number + 1}", islice(rows, most - 1), **_looks(wanted))
        book.save()
    return told.written


class _Told:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterator[tuple[Any, ...]], tell: Tell) -> None:
        self.rows, self.tell, self.written = rows, tell, 0

    def __iter__(self) -> "_Told":
        return self

    def __next__(self) -> tuple[Any, ...]:
        row = next(self.rows)
        self.written += 1
        if self.written % AT_ONCE == 0:
            self.tell(self.written)
        return row


def _named(rows: Iterator[tuple[Any, ...]], titles: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Each row by its titles; where there is none, an empty one, so that the titles stand all the same."""
    for number, row in enumerate(chain(rows, [None])):
        if row is not None or number == 0:
            yield dict(zip(titles, row or [None] * len(titles), strict=True))


def _looks(wanted: LongList) -> dict[str, Any]:
    from rustpy_xlsxwriter import Format  # noqa: PLC0415 - only jobs write long workbooks

    looks = {"timestamp": "dd/mm/yyyy hh:mm", "date": "dd/mm/yyyy"}
    kinds = dict(zip(wanted.titles, map(_server_type, wanted.query.selected_columns), strict=True))
    return {
        "column_formats": {
            title: Format().set_num_format(looks[kind]) for title, kind in kinds.items() if kind in looks
        },
        "column_widths": {title: float(min(max(len(title) + 2, 14), WIDEST)) for title in wanted.titles},
    }


def _columns(wanted: LongList, shown: Callable[[Any], Any]) -> Select[Any]:
    columns = [shown(column) for column in wanted.query.selected_columns]
    return wanted.query.with_only_columns(*columns, maintain_column_froms=True)


def _server_type(column: Any) -> str:
    if isinstance(column.type, DateTime):
        return "timestamp"
    if isinstance(column.type, Date):
        return "date"
    return "int8" if isinstance(column.type, Integer) else "text"


def _as_text(column: Any) -> Any:
    """A column as a line of text has it; nothing and empty words are the same."""
    kind = _server_type(column)
    if kind == "timestamp":
        return func.left(cast(_local(column), Text), TO_THE_MINUTE)
    if kind != "text":
        return cast(column, Text)
    formula = func.left(column, 1).in_(BEGINS_FORMULA)
    return func.nullif(case((formula, "'" + column), else_=column), "")


def _as_cell(column: Any) -> Any:
    """A column as a workbook has it."""
    kind = _server_type(column)
    if kind == "timestamp":
        return _local(column)
    if kind == "text":
        return func.nullif(func.left(column, LONGEST_CELL), "")
    return cast(column, BigInteger) if kind == "int8" else column


def _local(column: Any) -> Any:
    """An instant as a clock in Hanoi shows it: casting follows the zone of the connection."""
    return cast(column, DateTime())


@contextmanager
def _copied(connection: Connection, query: Select[Any], form: str) -> Iterator[Any]:
    """What the statement answers, as a stream; the driver writes the values into the words, as COPY demands."""
    prepared = prepare(query)
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY ({prepared.words}) TO STDOUT ({form})", prepared.values) as copy:
        yield copy


def day_of(instant: Any) -> Any:
    """The date in Hanoi of an instant, in a statement that is run at :func:`one_instant`."""
    return cast(instant, Date)

"""The pieces of the audit trail by month, so that old months can be taken out whole (ADR 37)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from foundation.workdays import local_date, start_of_day

TRAIL = "audit_entries"
EARLIER = f"{TRAIL}_earlier"
"""What was written before the first month."""
OTHERWISE = f"{TRAIL}_otherwise"
"""What falls into no piece, so that no entry is ever refused for want of one."""
MONTH = re.compile(rf"{TRAIL}_(\d{{4}})_(\d\d)")
AHEAD = 3
"""Months that are there before they begin."""

PIECES = text(f"SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = '{TRAIL}'::regclass")  # noqa: S608 - a name of our own
PATIENCE = text("SET LOCAL lock_timeout = '3s'")
"""Who writes to the trail waits behind whoever waits for it: so nobody waits long."""

Link = Connection | Session


@dataclass(frozen=True, slots=True)
class Piece:
    """A table of the trail that holds everything before ``until``, a first of a month, back to the piece before."""

    name: str
    until: date


def month_of(instant: datetime) -> date:
    """The first day of the month in Hanoi."""
    return local_date(instant).replace(day=1)


def month_after(month: date, count: int = 1) -> date:
    """The first day of the month so many later (or earlier, below zero)."""
    years, number = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(years, number + 1, 1)


def lay_out(link: Link, first: date) -> None:
    """Give a trail without pieces all that it needs, with months from ``first`` on."""
    _run(link, f"CREATE TABLE {EARLIER} PARTITION OF {TRAIL} FOR VALUES FROM (MINVALUE) TO ({_bound(first)})")
    guard(link, EARLIER)
    lay_out_months(link, first)


def lay_out_months(link: Link, first: date) -> None:
    """The months from ``first`` on, and the piece for what falls into none."""
    _run(link, f"CREATE TABLE {OTHERWISE} PARTITION OF {TRAIL} DEFAULT")
    guard(link, OTHERWISE)
    _add_months(link, first, month_after(first, AHEAD + 1))


def guard(link: Link, name: str) -> None:
    """Let a piece refuse TRUNCATE by itself; UPDATE and DELETE it refuses because the whole does."""
    _run(link, f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} "
               "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")  # fmt: skip


def pieces(link: Link) -> list[Piece]:
    """The pieces that hold a known time, oldest first."""
    names = [name for (name,) in link.execute(PIECES)]
    months = sorted(date(int(found[1]), int(found[2]), 1) for name in names if (found := MONTH.fullmatch(name)))
    known = [Piece(_name(month), month_after(month)) for month in months]
    return [Piece(EARLIER, months[0]), *known] if EARLIER in names else known


def ensure_months(link: Link, at: datetime) -> None:
    """Make the months ahead of ``at`` that are missing."""
    known, wanted = pieces(link), month_after(month_of(at), AHEAD + 1)
    if known[-1].until >= wanted:
        return
    first = known[-1].until
    if _holds(link, OTHERWISE, first, wanted):
        _carve(link, OTHERWISE, (first, wanted), "DEFAULT")
    else:
        _add_months(link, first, wanted)


def begin_months_at(link: Link, first: date) -> None:
    """Divide what was written before the first month, so that months begin at ``first``."""
    known = pieces(link)
    if known[0].name == EARLIER and first < known[0].until:
        _carve(link, EARLIER, (first, known[0].until), f"FOR VALUES FROM (MINVALUE) TO ({_bound(first)})")


def _carve(link: Link, source: str, months: tuple[date, date], bounds: str) -> None:
    """Make months out of what one piece holds; a piece that is taken off refuses nothing but TRUNCATE."""
    link.execute(PATIENCE)
    _run(link, f"ALTER TABLE {TRAIL} DETACH PARTITION {source}")
    _add_months(link, *months)
    within = f"at >= {_bound(months[0])} AND at < {_bound(months[1])}"
    _run(link, f"WITH moved AS (DELETE FROM {source} WHERE {within} RETURNING *) "  # noqa: S608 - names of our own
               f"INSERT INTO {TRAIL} SELECT * FROM moved")  # fmt: skip
    _run(link, f"ALTER TABLE {TRAIL} ATTACH PARTITION {source} {bounds}")


def _add_months(link: Link, first: date, until: date) -> None:
    link.execute(PATIENCE)
    for month in _months(first, until):
        bounds = f"FROM ({_bound(month)}) TO ({_bound(month_after(month))})"
        _run(link, f"CREATE TABLE {_name(month)} PARTITION OF {TRAIL} FOR VALUES {bounds}")
        guard(link, _name(month))


def _months(first: date, until: date) -> Iterator[date]:
    while first < until:
        yield first
        first = month_after(first)


def _holds(link: Link, name: str, first: date, until: date) -> bool:
    found = f"SELECT FROM {name} WHERE at >= {_bound(first)} AND at < {_bound(until)} LIMIT 1"
    return link.execute(text(found)).first() is not None


def _name(month: date) -> str:
    return f"{TRAIL}_{month:%Y_%m}"


def _bound(month: date) -> str:
    """Midnight in Hanoi."""
    return f"'{start_of_day(month).isoformat(sep=' ')}'"


def _run(link: Link, statement: str) -> None:
    link.execute(text(statement))

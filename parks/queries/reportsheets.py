"""The rows behind the figures of a report on parks, narrowed, added up and cut into pages by the database."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from foundation.actors import Actor
from foundation.decimals import write_decimal
from foundation.errors import NotFound
from foundation.paging import Page
from foundation.prepared import Prepared
from parks.arrears import BUCKETS, OLDEST
from parks.indicatorrules import IndicatorRules
from parks.indicators import LATER, OVER
from parks.queries.rentroll import ASKED, GIVEN, ROLL, SEEN, asked_of
from parks.queries.sight import parks_in_sight
from parks.tenancyrules import rules_on
from parks.terms import add_months

Facts = dict[str, Any]
EXPIRING, HELD_OVER = "expiring", "over"
STATES = ("let", "vacant")
ROLL_STATES = (EXPIRING, HELD_OVER)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Rows of a sheet to which one figure is traced; empty is all of them."""

    ends: str = ""
    state: str = ""
    age: str = ""
    use: str = ""


WITHOUT_NARROWING = Narrowing()


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks, of which park (or of all that they see), as of which day."""

    actor: Actor
    on: date
    rules: IndicatorRules
    park: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of rows, how many there are in all, and the sums of columns of amounts and areas over all of them."""

    page: Page[Facts]
    count: int
    sums: Mapping[str, str]


def _let_of(whole: str, which: str = "") -> str:
    """Spaces with how much of what can be let of each is let."""
    return f"""WITH {SEEN}, {GIVEN}, let AS (
      SELECT id, sum(area_m2) AS area_m2 FROM given WHERE %(on)s BETWEEN starts_on AND ends_on GROUP BY id
    ), shared AS (
      SELECT s.space AS at, s.park, s.space, s.kind, s.use, s.condition, {whole} AS whole_m2,
        least(coalesce(let.area_m2, 0), {whole}) AS let_m2, greatest({whole} - coalesce(let.area_m2, 0), 0) AS vacant_m2
      FROM seen s LEFT JOIN let USING (id)
      WHERE opened_on <= %(on)s AND (closed_on IS NULL OR closed_on > %(on)s) AND {whole} > 0
    ), one AS (SELECT * FROM shared WHERE CASE %(state)s
      WHEN 'let' THEN let_m2 > 0 WHEN 'vacant' THEN vacant_m2 > 0 ELSE true END {which})"""


def _asked_of(source: str, which: str) -> str:
    ages = " ".join(f"WHEN %(on)s - d.due_on <= {most} THEN '{code}'" for most, code in BUCKETS)
    return f"""SELECT to_char(d.due_on, 'YYYY-MM-DD') || ' ' || request AS at, request, park, l.key AS lease, l.tenant,
      r.from_on, r.to_on, d.due_on, d.total_vnd, d.total_vnd - open_vnd AS paid_vnd, open_vnd, NULL AS use,
      CASE WHEN open_vnd > 0 AND d.due_on < %(on)s THEN CASE {ages} ELSE '{OLDEST}' END END AS age
      FROM {source} d JOIN payment_requests r ON r.key = request JOIN leases l ON l.id = d.lease_id WHERE {which}"""


ROWS = {
    "rent-roll": f"""{ROLL}, laid AS (
      SELECT concat(space, ' ', to_char(starts_on, 'YYYY-MM-DD'), ' ', lease) AS at, park, space, use, tenant, lease,
        starts_on, ends_on, break_on, holds_over, area_m2, rent_vnd, relief_vnd, service_vnd, deposit_vnd,
        CASE WHEN holds_over THEN '{OVER}' WHEN extract(year FROM ends_on) < %(later_year)s
          THEN extract(year FROM ends_on)::int::text ELSE '{LATER}' END AS rung
      FROM roll WHERE holds_over OR %(on)s BETWEEN starts_on AND ends_on
    ), one AS (SELECT * FROM laid WHERE (%(ends)s = '' OR rung = %(ends)s) AND CASE %(state)s
      WHEN '{EXPIRING}' THEN ends_on BETWEEN %(on)s AND %(soon)s WHEN '{HELD_OVER}' THEN holds_over ELSE true END)""",
    "spaces": _let_of("usable_m2", "AND (let_m2 > 0 OR condition <> 'planned')"),
    "land": _let_of("land_m2"),
    "arrears": f"""{ASKED}, laid AS ({_asked_of("unpaid", "open_vnd > 0 AND d.due_on < %(on)s")}),
      one AS (SELECT * FROM laid WHERE %(age)s = '' OR age = %(age)s)""",
    "collection": f"""{ASKED}, opened AS (SELECT d.*, coalesce(u.open_vnd, 0) AS open_vnd
      FROM due d LEFT JOIN unpaid u USING (request)),
      one AS ({_asked_of("opened", "true")})""",
    "zones": """WITH one AS (
      SELECT s.code AS at, p.code AS park, s.code AS zone, s.name, s.use, s.gross_m2
      FROM spaces s JOIN parks p ON p.id = s.park_id WHERE s.kind = 'zone' AND p.code = ANY(%(parks)s)
        AND s.opened_on <= %(on)s AND (s.closed_on IS NULL OR s.closed_on > %(on)s))""",
}
"""The rows of each sheet as a common table, each with ``at``, in whose order they come."""
SHEETS = tuple(ROWS)
AMOUNTS = {
    "rent-roll": ("area_m2", "rent_vnd", "relief_vnd", "service_vnd", "deposit_vnd"),
    "spaces": ("whole_m2", "let_m2", "vacant_m2"),
    "land": ("whole_m2", "let_m2", "vacant_m2"),
    "arrears": ("total_vnd", "paid_vnd", "open_vnd"),
    "collection": ("total_vnd", "paid_vnd", "open_vnd"),
    "zones": ("gross_m2",),
}
"""Columns that can be added up."""
_KEPT = ", kept AS (SELECT * FROM one WHERE %(use)s = '' OR use IS NULL OR use = %(use)s)"


def _page_of(sheet: str) -> Prepared:
    sums = ", ".join(f"sum({name}) AS sum_{name}" for name in AMOUNTS[sheet])
    return Prepared(
        f"""{ROWS[sheet]}{_KEPT} SELECT * FROM (SELECT count(*) AS all_rows, {sums} FROM kept) of_all LEFT JOIN (
          SELECT * FROM kept WHERE at COLLATE "C" > %(after)s ORDER BY at COLLATE "C" LIMIT %(most)s) page ON true
        ORDER BY at COLLATE "C" """,
        {},
    )


PAGES = {sheet: _page_of(sheet) for sheet in SHEETS}

WHOLE = {
    sheet: Prepared(f'{words}{_KEPT} SELECT * FROM kept ORDER BY at COLLATE "C"', {}) for sheet, words in ROWS.items()
}


@cache
def _lines_of(sheet: str, names: tuple[str, ...]) -> Prepared:
    cells = ", ".join(names)
    return Prepared(
        f"""{ROWS[sheet]}{_KEPT} SELECT json_build_array(%(number)s::int, {cells})::text AS line
        FROM kept ORDER BY at COLLATE "C" """,
        {},
    )


DEBTORS = Prepared(
    f"""{ROWS["arrears"]} SELECT lease, min(tenant) AS tenant, sum(open_vnd)::bigint AS open_vnd, count(*) AS requests,
      min(due_on) AS due_on, count(*) OVER () AS all_rows
    FROM one GROUP BY lease ORDER BY sum(open_vnd) DESC, lease LIMIT %(most)s""",
    {},
)


def sheet_page(
    session: Session, asked: Question, sheet: str, narrowing: Narrowing, *, after: str | None, size: int
) -> Sheet:
    """So many rows behind the cursor. Raises NotFound for a park of which the reader sees no tenants."""
    values = _values(session, asked, narrowing)
    found = PAGES[sheet].rows(session, **values, after=after or "", most=size + 1)
    first = found[0]
    rows = [_facts(row) for row in found if row.at is not None]
    page = Page(rows[:size], rows[size - 1]["at"] if len(rows) > size else None)
    sums = {name: write_decimal(Decimal(getattr(first, f"sum_{name}") or 0)) for name in AMOUNTS[sheet]}
    return Sheet(page, first.all_rows, sums)


def whole_sheet(
    session: Session, asked: Question, sheet: str, narrowing: Narrowing = WITHOUT_NARROWING
) -> Iterator[Facts]:
    """All rows of a sheet, one after the other. Raises NotFound as :func:`sheet_page`."""
    for row in WHOLE[sheet].stream(session, **_values(session, asked, narrowing)):
        yield _facts(row)


def sheet_lines(session: Session, asked: Question, sheet: str, shown: tuple[int, tuple[str, ...]]) -> Iterator[str]:
    """All rows as JSON that the database writes: the number that is given, then these columns.

    Raises NotFound as :func:`sheet_page`.
    """
    number, names = shown
    values = _values(session, asked, Narrowing())
    for row in _lines_of(sheet, names).stream(session, **values, number=number):
        yield row.line


def debtors(session: Session, asked: Question, most: int) -> tuple[list[Any], int]:
    """Who owes the most, with what is open and since when, and how many leases owe at all."""
    rows = DEBTORS.rows(session, **_values(session, asked, Narrowing()), most=most)
    return rows, rows[0].all_rows if rows else 0


def _values(session: Session, asked: Question, narrowing: Narrowing) -> dict[str, Any]:
    parks = parks_in_sight(session, asked.actor)
    codes = [park.code for park in parks if park.code == asked.park or not asked.park]
    if asked.park and not codes:
        raise NotFound
    on = asked.on
    soon = add_months(on, rules_on(on).renewal_reminder_months)
    return {
        **asked_of(asked.actor, on, asked.park),
        **asdict(narrowing),
        "parks": codes,
        "since": add_months(on, -asked.rules.collection_months),
        "until": soon if narrowing.state == EXPIRING else None,
        "soon": soon,
        "later_year": on.year + asked.rules.ladder_years,
    }


def _facts(row: Any) -> Facts:
    """A row as programs get it: amounts and areas as decimal text."""
    told: Facts = row._asdict()
    for name, value in told.items():
        if name.endswith("_vnd"):
            told[name] = str(value)
        elif name.endswith("_m2") and value is not None:
            told[name] = write_decimal(value)
    return told

"""10,000 running leases for measurements, billed up to last month, and the run of the clock that bills this one."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from bench.load import Journey, Outcome
from bench.space import CODE
from parks.operations.billing import issue_batches
from parks.terms import DAY, add_months

LEASES, BILLED, YEARS, PAID = 10_000, 5, 5, 19
RUN = "invoice run of 10,000 leases (latencies: a portion of it)"
LONGEST = 60
"""Seconds for the whole run."""
REPORT, SHEET, BOOK = "report on 10,000 leases", "rows of it, a page", "report on 10,000 leases as a workbook"
SLOWEST = {BOOK: 30_000, REPORT: 100, SHEET: 100}
"""Milliseconds that 19 of 20 stay below."""

AREA, RENT, MONTHLY = 50, 250_000, 12_500_000
SIGNED_AT = "2026-01-01T00:00:00Z"
ALLOCATIONS = "id, space_id, kind, period, area_m2, is_whole, holder, made_at"
TERMS = (
    "id, space_id, operator_id, allocation_id, tenant, starts_on, ends_on, area_m2, base_vnd_m2, service_vnd_m2, "
    "land_rent_vnd_m2, escalation, vat, late_rate, payment_days, deposit_vnd, permitted_use, sublet_rule, commitments, "
    "drafted_at, signed_on"
)
RELIEFS = "lease_id, kind, rate, from_on, to_on, evidence, source, granted_at"
REQUESTS = (
    "lease_id, from_on, to_on, issued_on, due_on, rent_vnd, statutory_vnd, programme_vnd, service_vnd, vat_vnd, "
    "total_vnd"
)
PAYMENTS = "lease_id, received_on, amount_vnd, reference, recorded_at"

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Ground:
    """The first numbers that are free, the operator and the spaces."""

    lease: int
    allocation: int
    operator: int
    spaces: list[int]
    starts_on: date

    @property
    def ends_on(self) -> date:
        return add_months(self.starts_on, 12 * YEARS) - DAY


def measure(connection: psycopg.Connection, database_url: str, on: date) -> Outcome:
    """Lay out the leases in the large park, and issue what is missing on a day as the worker does."""
    lay_out_leases(connection, on)
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://", 1))
    took: list[float] = []
    with Session(engine) as session:
        begun, issued = time.perf_counter(), 0
        for number in issue_batches(session, on):
            session.commit()
            took.append(time.perf_counter() - begun - sum(took))
            issued += number
    engine.dispose()
    lasted, ordered = sum(took), sorted(1000 * one for one in took)
    if issued < LEASES:
        raise RuntimeError(f"only {issued} requests were issued")
    p50, p95, p99 = (ordered[len(ordered) * part // 100] for part in (50, 95, 99))
    return Outcome(RUN, 1, issued, lasted, p50, p95, p99, errors=0)


def reports(cookie: str) -> list[Journey]:
    """What its administrator reads of them, one page after the other."""
    sheets = [f"GET\t/parks/{CODE}/reports/{sheet}" for sheet in ("rent-roll", "arrears", "spaces")]
    book = Journey(BOOK, [f"GET\t/parks/{CODE}/reports.xlsx"], cookie, connections=1, is_once=True)
    return [
        Journey(REPORT, [f"GET\t/parks/{CODE}/reports"], cookie, connections=1),
        Journey(SHEET, sheets, cookie, connections=1),
        book,
    ]


def lay_out_leases(connection: psycopg.Connection, on: date) -> None:
    """Copied in with triggers at rest: whole units, let for five years, asked for each month but this one."""
    connection.execute("SET session_replication_role = replica")
    ground = _ground(connection, on)
    for table, columns, rows in (
        ("space_allocations", ALLOCATIONS, _allocations(ground)),
        ("leases", TERMS, _leases(ground)),
        ("lease_reliefs", RELIEFS, _reliefs(ground)),
        ("payment_requests", REQUESTS, _requests(ground)),
        ("lease_payments", PAYMENTS, _payments(ground)),
    ):
        with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    connection.execute("SELECT setval(pg_get_serial_sequence('leases', 'id'), (SELECT max(id) FROM leases))")
    connection.execute(
        "SELECT setval(pg_get_serial_sequence('space_allocations', 'id'), (SELECT max(id) FROM space_allocations))"
    )
    connection.execute("SET session_replication_role = DEFAULT")
    connection.commit()
    connection.autocommit = True
    tables = ", ".join(["leases", "lease_reliefs", "payment_requests", "lease_payments", "space_allocations"])
    connection.execute(f"ANALYZE {tables}")
    connection.autocommit = False


def _ground(connection: psycopg.Connection, on: date) -> _Ground:
    spaces = connection.execute(
        "SELECT spaces.id, spaces.operator_id FROM spaces JOIN parks ON parks.id = park_id"
        " WHERE parks.code = %s AND usable_m2 IS NOT NULL ORDER BY spaces.id LIMIT %s",
        [CODE, LEASES],
    ).fetchall()
    free = connection.execute(
        "SELECT (SELECT coalesce(max(id), 0) + 1 FROM leases),"
        " (SELECT coalesce(max(id), 0) + 1000 FROM space_allocations)"
    ).fetchall()
    lease, allocation = free[0]
    starts_on = add_months(on.replace(day=1), -BILLED)
    return _Ground(lease, allocation, spaces[0][1], [row[0] for row in spaces], starts_on)


def _allocations(ground: _Ground) -> Iterator[Row]:
    period = f"[{ground.starts_on},{ground.ends_on + DAY})"
    for number, space in enumerate(ground.spaces):
        yield (ground.allocation + number, space, "lease", period, AREA, True, f"measured {number}", SIGNED_AT)


def _leases(ground: _Ground) -> Iterator[Row]:
    """Of each three one has a rent that stays, one that rises by the year, one that follows an index."""
    index = [
        {"on": str(add_months(ground.starts_on, month - 24)), "value": str(100 + month / 10)} for month in range(24)
    ]
    rises = (
        {"kind": "none"},
        {"kind": "percent", "rate": "0.05", "every_months": 12},
        {"kind": "index", "every_months": 12, "index": index},
    )
    escalations = [json.dumps(rise) for rise in rises]
    for number, space in enumerate(ground.spaces):
        keys = (ground.lease + number, space, ground.operator, ground.allocation + number, f"measured {number}")
        prices = (AREA, RENT, 30_000, 0, escalations[number % 3], "0.1", "0.1", 10, 3 * MONTHLY, "", "", "[]")
        yield (*keys, ground.starts_on, ground.ends_on, *prices, SIGNED_AT, ground.starts_on)


def _reliefs(ground: _Ground) -> Iterator[Row]:
    """Each second tenant is relieved for the first three years."""
    last = add_months(ground.starts_on, 36) - DAY
    for number in range(0, len(ground.spaces), 2):
        lease = ground.lease + number
        yield (lease, "programme", "0.5", ground.starts_on, last, "measured", "measured", SIGNED_AT)


def _requests(ground: _Ground) -> Iterator[Row]:
    months = [add_months(ground.starts_on, month) for month in range(BILLED)]
    for number in range(len(ground.spaces)):
        for month in months:
            days = (month, add_months(month, 1) - DAY, month, month + timedelta(days=10))
            yield (ground.lease + number, *days, MONTHLY, 0, 0, 0, 0, MONTHLY)


def _payments(ground: _Ground) -> Iterator[Row]:
    """Of each twenty tenants all but one paid in full; that one owes the last month."""
    for number in range(len(ground.spaces)):
        months = BILLED if number % (PAID + 1) else BILLED - 1
        yield (ground.lease + number, ground.starts_on, months * MONTHLY, f"FT{number}", SIGNED_AT)

"""A large fund for measurements: 200 deals, 40 quarters, 50,000 entries of its ledger, and what is asked of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import psycopg

from bench.load import Journey
from fund.models.days import RECKON

CODE = "BENCH"
PAYMENT, DASHBOARD, RESULTS = "payment, all ceilings checked", "fund dashboard", "results of a fund, worked out anew"
SLOWEST = {PAYMENT: 50, DASHBOARD: 100, RESULTS: 1000}
"""Milliseconds that 19 of 20 stay below. Of the results every second request enters a value, so that none is known."""

QUARTERS, DEALS, HELD = 40, 200, 60
PARTS = 175
"""Payments of each contributor in each quarter: with calls and distributions some 50,000 entries."""

PER_PART = 10_000_000
RETURNED, RETURNS = 5_000_000, 960
FIRST_DAY = date(2016, 1, 4)
CONTRIBUTORS = ["city", *(f"P{number}" for number in range(1, 7))]
STAGES = ("sourced", "screening", "due_diligence", "term_sheet", "decision", "approved", "rejected")
SOURCE = json.dumps({"vi": "Đo lường", "en": "Measurement", "fr": "Mesure"})

Line = tuple[int, str, int]
"""Contributor, account, amount."""


@dataclass(slots=True)
class _Entries:
    """Rows of the ledger as they are copied in."""

    fund: int
    next_id: int
    entries: list[tuple[object, ...]] = field(default_factory=list)
    lines: list[tuple[object, ...]] = field(default_factory=list)

    def add(self, kind: str, on: date, lines: list[Line]) -> int:
        number, self.next_id = self.next_id, self.next_id + 1
        at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
        self.entries.append((number, self.fund, kind, on, at, len(lines), False, "measured"))
        for place, (one, account, amount) in enumerate(lines, start=1):
            self.lines.append((number, place, self.fund, one, account, amount))
        return number


def journeys(connection: psycopg.Connection, *, cookie: str, bearer: str) -> list[Journey]:
    """Lay out the fund, and what is asked of it by its manager."""
    lay_out_fund(connection)
    value = json.dumps({"amount": "480000000000", "valued_on": "2025-12-31", "method": "cost", "source": "measured"})
    payment = json.dumps({"contributor": "P1", "amount": "1"})
    return [
        Journey(DASHBOARD, [f"GET\t/funds/{CODE}/dashboard"], cookie),
        Journey(
            RESULTS,
            [f"POST\t/api/v1/funds/{CODE}/valuations\t{value}", f"GET\t/api/v1/funds/{CODE}/performance"],
            bearer=bearer,
            connections=1,
        ),
        Journey(PAYMENT, [f"POST\t/api/v1/funds/{CODE}/payments\t{payment}"], bearer=bearer),
    ]


def lay_out_fund(connection: psycopg.Connection) -> None:
    """Copied in with triggers at rest; balances and counters are what the triggers would have kept."""
    connection.execute("SET session_replication_role = replica")
    fund, people = _fund(connection)
    row = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM ledger_entries").fetchone()
    assert row is not None
    ledger = _Entries(fund, row[0])
    _history(ledger, people)
    held = [_invested(ledger, people, number) for number in range(HELD)]
    _copy(connection, ledger)
    _open_call(connection, fund)
    _deals(connection, fund, held)
    _values(connection, fund)
    connection.execute("SET session_replication_role = DEFAULT")
    connection.commit()
    connection.autocommit = True
    connection.execute("ANALYZE")
    connection.autocommit = False


def _fund(connection: psycopg.Connection) -> tuple[int, list[int]]:
    row = connection.execute(
        "INSERT INTO funds (code, name, legal_form, state, is_demonstration, created_at)"
        " VALUES (%s, %s, 'contract', 'active', true, now()) RETURNING id",
        [CODE, SOURCE],
    ).fetchone()
    assert row is not None
    connection.execute(
        "INSERT INTO fund_terms (fund_id, valid_from, city_amount_vnd, share_numerator, share_denominator,"
        " private_investors, notice_working_days, loss_percent, source, recorded_at)"
        " VALUES (%s, %s, 600000000000, 49, 100, 6, 10, 50, %s, now())",
        [row[0], FIRST_DAY, SOURCE],
    )
    people = []
    for name in CONTRIBUTORS:
        added = connection.execute(
            "INSERT INTO fund_contributors (fund_id, code, name, is_city, state) VALUES (%s, %s, %s, %s, 'active')"
            " RETURNING id",
            [row[0], name, name, name == "city"],
        ).fetchone()
        assert added is not None
        people.append(added[0])
    return row[0], people


def _history(ledger: _Entries, people: list[int]) -> None:
    """Commitments, a call a quarter with its payments in parts, distributions in the later years."""
    for one in people:
        amount = 600_000_000_000 if one == people[0] else 120_000_000_000
        ledger.add("commitment", FIRST_DAY, [(one, "uncalled", amount), (one, "charter", -amount)])
    for called_on in _quarters():
        ledger.add("call", called_on, [line for one in people for line in _called(one, PARTS * PER_PART)])
        for one in reversed(people):
            for part in range(PARTS):
                paid = [(one, "paid", PER_PART), (one, "receivable", -PER_PART)]
                ledger.add("payment", called_on + timedelta(days=part % 80), paid)
    for number in range(RETURNS):
        on = FIRST_DAY + timedelta(days=1500 + 2 * number)
        ledger.add("distribution", on, [line for one in people for line in _noted(one, "distributed", RETURNED)])
    ledger.add("call", FIRST_DAY + timedelta(days=90 * QUARTERS), _called(people[1], PARTS * PER_PART))


def _quarters() -> Iterator[date]:
    return (FIRST_DAY + timedelta(days=90 * number) for number in range(QUARTERS))


def _called(one: int, amount: int) -> list[Line]:
    return [(one, "receivable", amount), (one, "uncalled", -amount)]


def _noted(one: int, account: str, amount: int) -> list[Line]:
    return [(one, account, amount), (one, f"{account}_noted", -amount)]


def _invested(ledger: _Entries, people: list[int], number: int) -> tuple[int, date]:
    on = FIRST_DAY + timedelta(days=200 + 50 * number)
    lines = [line for one in people for line in ((one, "invested", 50_000_000), (one, "spent", -50_000_000))]
    return ledger.add("investment", on, lines), on


def _copy(connection: psycopg.Connection, ledger: _Entries) -> None:
    entries = "ledger_entries (id, fund_id, kind, effective_on, recorded_at, line_count, is_restated, reference)"
    lines = "ledger_lines (entry_id, number, fund_id, contributor_id, account, amount_vnd)"
    for table, rows in ((entries, ledger.entries), (lines, ledger.lines)):
        with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    connection.execute("SELECT setval(pg_get_serial_sequence('ledger_entries', 'id'), %s)", [ledger.next_id])
    connection.execute(
        "INSERT INTO ledger_balances (fund_id, contributor_id, account, amount_vnd)"
        " SELECT fund_id, contributor_id, account, sum(amount_vnd) FROM ledger_lines WHERE fund_id = %s"
        " GROUP BY fund_id, contributor_id, account",
        [ledger.fund],
    )
    connection.execute(f"{RECKON} HAVING l.fund_id = %s", [ledger.fund])
    connection.execute("UPDATE funds SET entries = %s WHERE id = %s", [len(ledger.entries), ledger.fund])


def _open_call(connection: psycopg.Connection, fund: int) -> None:
    """The call that what is measured pays on."""
    connection.execute(
        "INSERT INTO capital_calls (fund_id, number, state, amount_vnd, investment_vnd, fee_vnd, cost_vnd, reference,"
        " issued_on, due_on, entry_id, created_at) SELECT fund_id, 1, 'partly_paid', %s, %s, 0, 0, 'measured',"
        " effective_on, date '2199-01-01', id, now() FROM ledger_entries WHERE fund_id = %s AND kind = 'call'"
        " ORDER BY id DESC LIMIT 1",
        [PARTS * PER_PART, PARTS * PER_PART, fund],
    )


def _deals(connection: psycopg.Connection, fund: int, held: list[tuple[int, date]]) -> None:
    """Each with a dossier of the procedure of deals; the first of them are held."""
    connection.execute(
        "INSERT INTO cases (kind, key, code, title, procedure_id, version_id, state, state_kind, state_since, unit_id,"
        " channel, received_at, created_at, updated_at, revision, steps_made)"
        " SELECT 'application', 'BENCH-' || n, 'BENCH-' || n, 'Deal ' || n, procedures.id,"
        " (SELECT max(id) FROM procedure_versions WHERE procedure_id = procedures.id),"
        " CASE WHEN n <= %s THEN 'closed_invested' ELSE (%s::text[])[1 + n %% %s] END, 'open', now(),"
        " (SELECT min(id) FROM units), 'direct', now(), now(), now(), 1, 0"
        " FROM procedures, generate_series(1, %s) n WHERE procedures.code = 'fund-deal'",
        [HELD, list(STAGES), len(STAGES), DEALS],
    )
    connection.execute(
        "INSERT INTO deals (fund_id, case_id, organisation_id, origin, field, asked_vnd, round, opened_at)"
        " SELECT %s, id, (SELECT min(id) FROM organisations), 'applied', 'ai', 350000000, 0, now() FROM cases"
        " WHERE key LIKE 'BENCH-%%'",
        [fund],
    )
    for number, (entry, on) in enumerate(held, start=1):
        connection.execute(
            "INSERT INTO positions (fund_id, deal_id, entry_id, organisation_id, instrument, paid_vnd, pre_money_vnd,"
            " invested_on, holder_of_record, title_document_id, payment_document_id, prepared_by_id, released_by_id,"
            " recorded_at) SELECT deals.fund_id, deals.id, %s, deals.organisation_id, 'ordinary_shares', 350000000,"
            " 700000000, %s, 'measured', 1, 1, 1, 2, %s FROM deals JOIN cases ON cases.id = case_id WHERE key = %s",
            [entry, on, on, f"BENCH-{number}"],
        )


def _values(connection: psycopg.Connection, fund: int) -> None:
    """The fund and each position valued every quarter, and an index by the week."""
    valued = (
        "INSERT INTO fund_valuations (fund_id, position, basis, valued_on, amount_vnd, method, source, recorded_at)"
        " SELECT %s, position, 'fair', %s::date + 90 * n, amount * (n + 1), 'cost', 'measured', %s::date + 90 * n + 1"
    )
    connection.execute(
        f"{valued} FROM (SELECT '' AS position, 12000000000 AS amount) one, generate_series(0, %s) n",
        [fund, FIRST_DAY, FIRST_DAY, QUARTERS],
    )
    each = "SELECT 'BENCH-' || p AS position, 12000000 + p AS amount FROM generate_series(1, %s) p"
    connection.execute(
        f"{valued} FROM ({each}) each, generate_series(0, %s) n",
        [fund, FIRST_DAY, FIRST_DAY, HELD, QUARTERS],
    )
    connection.execute(
        "INSERT INTO fund_index_values (fund_id, index_code, valued_on, value, recorded_at)"
        " SELECT %s, 'BENCH', %s::date + 7 * n, 100 + n %% 40 + n / 10, %s::date + 7 * n"
        " FROM generate_series(0, 530) n",
        [fund, FIRST_DAY - timedelta(days=7), FIRST_DAY],
    )
    connection.execute("UPDATE funds SET figures = 1 WHERE id = %s", [fund])

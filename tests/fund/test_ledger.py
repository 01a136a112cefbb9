"""The ledger in the database: what it refuses even to plain SQL, and how it is read as of and as known on a day."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.calendars import ensure_calendars
from foundation.database import as_of
from foundation.errors import Blocked, Invalid
from fund.books import Moment, books_of
from fund.capital import ACCOUNTS, CHARTER, CHARTER_BASE, PAID, PAID_BASE, Book, Contributor, Limits, Line, post
from fund.ceiling import Ceiling
from fund.models import Fund
from fund.models.ledger import ACCOUNTS as KNOWN_ACCOUNTS
from fund.operations.ledger import (
    Voucher,
    call_capital,
    lines_of,
    open_books,
    reverse_entry,
    withdraw,
)
from tests.databases import FreshDatabase
from tests.fund.funds import BILLION, FIRST_DAY, commit, make_fund, pay
from tests.fund.test_capital import CITY, KINDS, PRIVATE, TELLING, lines_for

ENTRY = text(
    "INSERT INTO ledger_entries (fund_id, kind, effective_on, recorded_at, line_count, is_restated, reference) "
    "VALUES (:fund, :kind, '2026-01-05', clock_timestamp(), :lines, false, '') RETURNING id"
)
LINE = text(
    "INSERT INTO ledger_lines (entry_id, number, fund_id, contributor_id, account, amount_vnd) "
    "SELECT :entry, :number, :fund, id, :account, :amount FROM fund_contributors WHERE fund_id = :fund AND code = :who"
)


def sql_commitment(session: Session, fund: int, who: str, amount: int) -> int:
    """A commitment as somebody with a database prompt would write it."""
    entry = int(session.execute(ENTRY, {"fund": fund, "kind": "commitment", "lines": 2}).scalar_one())
    for number, (account, signed) in enumerate((("uncalled", amount), ("charter", -amount)), start=1):
        place = {"entry": entry, "number": number, "fund": fund, "who": who, "account": account, "amount": signed}
        session.execute(LINE, place)
    return entry


def close(session: Session) -> None:
    """Let the database judge what was written so far, as at the end of a transaction."""
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))


@pytest.fixture
def fund(session: Session) -> Fund:
    with as_of(datetime(2026, 1, 1, tzinfo=UTC)):
        return make_fund(session)


def book(session: Session, fund: Fund, moment: Moment | None = None) -> Book:
    return books_of(session, fund, moment or Moment()).book


def test_balances_and_lines_say_the_same(session: Session, fund: Fund) -> None:
    ensure_calendars(session, actor=SYSTEM)
    commit(session, "Q1", "P1", 650 * BILLION)
    commit(session, "Q1", "city", 600 * BILLION)
    books = open_books(session, "Q1", actor=SYSTEM)
    due = Voucher("call", FIRST_DAY, due_on=date(2026, 2, 5))
    call_capital(session, books, 100 * BILLION, voucher=due, actor=SYSTEM)
    pay(session, "Q1", "P1", 52 * BILLION)
    close(session)

    now, summed = book(session, fund), book(session, fund, Moment(known_on=date(2200, 1, 1)))

    assert {key: amount for key, amount in now.balances.items() if amount} == {
        key: amount for key, amount in summed.balances.items() if amount
    }
    assert now.total(PAID, is_city=False) == 52 * BILLION


def test_a_call_gives_the_days_that_the_terms_ask_for(session: Session, fund: Fund) -> None:
    ensure_calendars(session, actor=SYSTEM)
    commit(session, "Q1", "P1", 10)
    books = open_books(session, "Q1", actor=SYSTEM)
    early = Voucher("call", date(2026, 7, 1), due_on=date(2026, 7, 14))

    with pytest.raises(Invalid) as refused:
        call_capital(session, books, 5, voucher=early, actor=SYSTEM)

    assert refused.value.fields["due_on"][0].facts["earliest_on"] == date(2026, 7, 15)


@pytest.mark.parametrize("statement", ["UPDATE {} SET fund_id = fund_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize("table", ["ledger_entries", "ledger_lines", "ledger_balances", "fund_terms"])
def test_nothing_of_the_past_is_changedby_sql(session: Session, fund: Fund, table: str, statement: str) -> None:
    commit(session, "Q1", "P1", 5)
    close(session)

    with pytest.raises(IntegrityError, match="append-only"):
        session.execute(text(statement.format(table)))


def test_a_private_contributor_does_not_become_the_cityby_sql(session: Session, fund: Fund) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        session.execute(text("UPDATE fund_contributors SET is_city = false WHERE is_city"))


def test_sql_may_do_what_the_ceiling_allows_and_no_more(session: Session, fund: Fund) -> None:
    sql_commitment(session, fund.id, "P1", 624_489_795_919)
    sql_commitment(session, fund.id, "city", 600 * BILLION)
    close(session)
    sql_commitment(session, fund.id, "city", 1)

    with pytest.raises(IntegrityError, match="at most 600000000000 of this charter capital"):
        close(session)


def test_one_dong_too_little_private_money_is_too_little(session: Session, fund: Fund) -> None:
    sql_commitment(session, fund.id, "P1", 624_489_795_918)
    sql_commitment(session, fund.id, "city", 600 * BILLION)

    with pytest.raises(IntegrityError, match="at most 599999999999"):
        close(session)


def test_sql_cannot_pay_city_money_ahead_of_the_others(session: Session, fund: Fund) -> None:
    sql_commitment(session, fund.id, "P1", 51)
    sql_commitment(session, fund.id, "city", 49)
    for who, account, amount in (("city", "receivable", 49), ("city", "paid", 49)):
        against = "uncalled" if account == "receivable" else "receivable"
        entry = session.execute(ENTRY, {"fund": fund.id, "kind": "payment", "lines": 2}).scalar_one()
        for number, (name, signed) in enumerate(((account, amount), (against, -amount)), start=1):
            place = {"entry": entry, "number": number, "fund": fund.id, "who": who, "account": name, "amount": signed}
            session.execute(LINE, place)

    with pytest.raises(IntegrityError, match="at most 0 of this paid-in capital"):
        close(session)


def test_sql_cannot_let_a_seventh_investor_in(session: Session) -> None:
    fund = make_fund(session, "Q7", private=7)
    for number in range(1, 8):
        sql_commitment(session, fund.id, f"P{number}", 1)

    with pytest.raises(IntegrityError, match="6 private investors"):
        close(session)


def test_an_entry_that_does_not_balance_is_refused(session: Session, fund: Fund) -> None:
    entry = session.execute(ENTRY, {"fund": fund.id, "kind": "commitment", "lines": 2}).scalar_one()
    place = {"entry": entry, "number": 1, "fund": fund.id, "who": "P1", "account": "uncalled", "amount": 5}
    session.execute(LINE, place)

    with pytest.raises(IntegrityError, match="does not balance"):
        close(session)


def test_a_closed_entry_takes_no_more_lines(session: Session, fund: Fund) -> None:
    entry = sql_commitment(session, fund.id, "P1", 5)
    place = {"entry": entry, "number": 3, "fund": fund.id, "who": "P1", "account": "uncalled", "amount": 5}

    with pytest.raises(IntegrityError, match="is closed"):
        session.execute(LINE, place)


def test_an_account_is_not_overdrawnby_sql(session: Session, fund: Fund) -> None:
    with pytest.raises(IntegrityError, match="not_overdrawn"):
        sql_commitment(session, fund.id, "P1", -5)


def test_a_correction_is_a_reversal_and_a_restated_entry(session: Session, fund: Fund) -> None:
    wrong = commit(session, "Q1", "P1", 50)
    books = open_books(session, "Q1", actor=SYSTEM)
    undone = reverse_entry(session, books, wrong.id, effective_on=FIRST_DAY, reference="x", actor=SYSTEM)

    assert book(session, fund).total(CHARTER, is_city=False) == 0
    assert [line.amount for line in lines_of(session, books, undone.id)] == [-50, 50]
    for entry in (wrong.id, undone.id):
        again = open_books(session, "Q1", actor=SYSTEM)
        with pytest.raises(Blocked):
            reverse_entry(session, again, entry, effective_on=FIRST_DAY, reference="", actor=SYSTEM)


def test_books_are_read_as_of_a_day_and_as_known_on_a_day(session: Session, fund: Fund) -> None:
    with as_of(datetime(2026, 1, 6, 3, tzinfo=UTC)):
        first = commit(session, "Q1", "P1", 100, date(2026, 1, 5))
    with as_of(datetime(2026, 3, 2, 3, tzinfo=UTC)):
        commit(session, "Q1", "P2", 30, date(2026, 2, 1))
        books = open_books(session, "Q1", actor=SYSTEM)
        reverse_entry(session, books, first.id, effective_on=date(2026, 1, 5), reference="", actor=SYSTEM)
        commit(session, "Q1", "P1", 90, date(2026, 1, 5))

    def charter(**moment: date) -> int:
        return book(session, fund, Moment(**moment)).total(CHARTER, is_city=False)

    assert charter() == 120
    assert charter(as_of=date(2026, 1, 31)) == 90
    assert charter(as_of=date(2026, 1, 31), known_on=date(2026, 2, 15)) == 100
    assert charter(known_on=date(2026, 1, 5)) == 0


def test_an_entry_is_never_recorded_before_the_last_one(session: Session, fund: Fund) -> None:
    with as_of(datetime(2026, 5, 1, tzinfo=UTC)):
        later = commit(session, "Q1", "P1", 1)
    with as_of(datetime(2026, 4, 1, tzinfo=UTC)):
        earlier = commit(session, "Q1", "P1", 1)
    session.refresh(earlier)

    assert earlier.recorded_at == later.recorded_at


events = st.tuples(
    st.sampled_from(KINDS), st.sampled_from([CITY, *PRIVATE]), st.sampled_from(TELLING) | st.integers(1, 700)
)

POSTED = """
WITH entry AS (
  INSERT INTO ledger_entries (fund_id, kind, effective_on, recorded_at, line_count, is_restated, reference)
  VALUES (%(fund)s, 'commitment', '2026-01-05', clock_timestamp(), cardinality(%(amounts)s::bigint[]), false, '')
  RETURNING id)
INSERT INTO ledger_lines (entry_id, number, fund_id, contributor_id, account, amount_vnd)
SELECT entry.id, number, %(fund)s, fund_contributors.id, account, amount
FROM entry, unnest(%(whose)s::text[], %(accounts)s::text[], %(amounts)s::bigint[]) WITH ORDINALITY
  AS line (who, account, amount, number)
JOIN fund_contributors ON fund_contributors.fund_id = %(fund)s AND code = who
"""
JUDGED = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=st.lists(events, max_size=6))
def test_plain_sql_and_the_model_allow_the_same_and_agree_on_breaches(
    session: Session, sequence: list[tuple[str, Contributor, int]]
) -> None:
    fund = session.scalar(select(Fund)) or make_fund(session, private=8)
    with session.begin_nested() as undone:
        assert _play(session, fund, sequence)
        undone.rollback()


def _play(session: Session, fund: Fund, sequence: list[tuple[str, Contributor, int]]) -> bool:
    """The events on the model and by SQL; whether both end in a breach, or both in none."""
    played, posted = Book(Limits(Ceiling(600 * BILLION, 49, 100), 6)), list[list[Line]]()
    for kind, one, amount in sequence:
        try:
            lines = lines_for(played, kind, one, amount * BILLION, posted)
        except Blocked:
            continue
        try:
            played = post(played, lines)
        except Blocked:
            with pytest.raises(IntegrityError), session.begin_nested():
                by_sql(session, fund, lines)
        else:
            by_sql(session, fund, lines)
            posted.append(lines)
    state = session.scalar(select(Fund.state).where(Fund.id == fund.id))
    return (state == "cap_breach") is played.is_in_breach


def by_sql(session: Session, fund: Fund, lines: list[Line]) -> None:
    columns = {
        "fund": fund.id,
        "whose": [line.contributor.code for line in lines],
        "accounts": [line.account for line in lines],
        "amounts": [line.amount for line in lines],
    }
    connection = session.connection()
    connection.exec_driver_sql(POSTED, columns)
    connection.exec_driver_sql(JUDGED)


@pytest.fixture
def shared_fund(fresh_database: FreshDatabase) -> Iterator[int]:
    """A fund with room for 49 more of the city, in a database of its own."""
    with fresh_database.app.app_context(), Session(fresh_database.engine) as session:
        ensure_calendars(session, actor=SYSTEM)
        fund = make_fund(session, "R1")
        commit(session, "R1", "P1", 51)
        session.commit()
        yield fund.id


@pytest.mark.parametrize("isolation", ["READ COMMITTED", "REPEATABLE READ"])
@pytest.mark.parametrize("round_", range(3))
def test_of_two_that_only_together_break_the_ceiling_exactly_one_is_takenby_sql(
    fresh_database: FreshDatabase, shared_fund: int, isolation: str, round_: int
) -> None:
    start = Barrier(2)

    def post_30(_: int) -> bool:
        with Session(fresh_database.engine.execution_options(isolation_level=isolation)) as session:
            session.execute(text("SELECT 1"))
            start.wait(timeout=20)
            try:
                sql_commitment(session, shared_fund, "city", 30)
                session.commit()
            except (IntegrityError, OperationalError):  # refused, or its snapshot was too old
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(post_30, range(2))) == [False, True]


def test_of_a_private_withdrawal_and_a_city_commitment_no_breach_is_made_by_the_city(
    fresh_database: FreshDatabase, shared_fund: int
) -> None:
    start = Barrier(2)

    def act(is_city: bool) -> bool:
        with fresh_database.app.app_context(), Session(fresh_database.engine) as session:
            start.wait(timeout=20)
            try:
                if is_city:
                    commit(session, "R1", "city", 49)
                else:
                    books = open_books(session, "R1", actor=SYSTEM)
                    withdraw(session, books, "P1", 20, voucher=Voucher("withdrawal", FIRST_DAY), actor=SYSTEM)
                session.commit()
            except Blocked:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        city, private = pool.map(act, (True, False))

    assert private
    with fresh_database.app.app_context(), Session(fresh_database.engine) as session:
        fund = session.get_one(Fund, shared_fund)
        after = book(session, fund)
    assert after.total(CHARTER, is_city=True) == (49 if city else 0)
    assert after.is_in_breach == city


def test_all_accounts_are_known_to_the_database(session: Session, fund: Fund) -> None:
    commit(session, "Q1", "P1", 5)
    for base in (CHARTER_BASE, PAID_BASE):
        assert book(session, fund).finding(base).is_allowed
    assert ACCOUNTS == KNOWN_ACCOUNTS


def test_plain_sql_cannot_spend_what_was_not_paid_in(session: Session, fund: Fund) -> None:
    ensure_calendars(session, actor=SYSTEM)
    commit(session, "Q1", "P1", 100)
    due = Voucher("call", FIRST_DAY, due_on=date(2026, 2, 5))
    call_capital(session, open_books(session, "Q1", actor=SYSTEM), 100, voucher=due, actor=SYSTEM)
    pay(session, "Q1", "P1", 100)
    close(session)
    entry = int(session.execute(ENTRY, {"fund": fund.id, "kind": "investment", "lines": 2}).scalar_one())
    for number, (account, amount) in enumerate((("invested", 101), ("spent", -101)), start=1):
        place = {"entry": entry, "number": number, "fund": fund.id, "who": "P1", "account": account, "amount": amount}
        session.execute(LINE, place)

    with pytest.raises(IntegrityError, match="less money than is spent"):
        close(session)

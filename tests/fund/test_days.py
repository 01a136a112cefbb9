"""The days that a ledger keeps say what its entries say, whoever writes them and whatever is taken back."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import as_of as told_on
from foundation.errors import Blocked
from fund.books import NOW, Moment, books_of, with_cash
from fund.capital import Book, Limits, Line, call, commitment, payment, post, reversed_lines, withdrawal
from fund.ceiling import Ceiling
from fund.changes import distribution
from fund.models import Fund
from fund.operations.ledger import open_books, reverse_entry
from fund.queries import cash
from fund.queries.cash import cash_by_contributor, cash_days, committed_vnd
from fund.queries.ledger import Narrowing, sum_of_lines
from tests.fund.funds import BILLION, FIRST_DAY, call_from, commit, make_fund, pay
from tests.fund.test_capital import CITY, PRIVATE
from tests.fund.test_trial_balance import _kept

EVER = date(9999, 12, 31)
KINDS = ("commitment", "commitment", "call", "call", "payment", "payment", "withdrawal", "distribution", "reversal")
LIMITS = Limits(Ceiling(600 * BILLION, 49, 100), 6)
POSTED = """
WITH entry AS (
  INSERT INTO ledger_entries
    (fund_id, kind, effective_on, recorded_at, line_count, is_restated, reference, reverses_id)
  VALUES (%(fund)s, %(kind)s, %(day)s, clock_timestamp(), cardinality(%(amounts)s::bigint[]), false, '', %(undone)s)
  RETURNING id)
INSERT INTO ledger_lines (entry_id, number, fund_id, contributor_id, account, amount_vnd)
SELECT entry.id, number, %(fund)s, fund_contributors.id, account, amount
FROM entry, unnest(%(whose)s::text[], %(accounts)s::text[], %(amounts)s::bigint[]) WITH ORDINALITY
  AS line (who, account, amount, number)
JOIN fund_contributors ON fund_contributors.fund_id = %(fund)s AND code = who RETURNING entry_id
"""
JUDGED = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"


def by_sql(
    session: Session, fund: Fund, lines: list[Line], event: tuple[str, date], *, undone: int | None = None
) -> int:
    """An entry as somebody with a database prompt would write it."""
    columns = {
        "fund": fund.id,
        "kind": event[0],
        "day": event[1],
        "undone": undone,
        "whose": [line.contributor.code for line in lines],
        "accounts": [line.account for line in lines],
        "amounts": [line.amount for line in lines],
    }
    entry = session.connection().exec_driver_sql(POSTED, columns).scalars().first()
    session.connection().exec_driver_sql(JUDGED)
    return int(entry or 0)


def test_days_say_what_the_entries_say_after_random_events(session: Session) -> None:
    fund, chance = make_fund(session, private=6), random.Random(264)  # noqa: S311 - the same events each time
    played, posted, undone = Book(LIMITS, cash=0), list[tuple[int, list[Line]]](), 0
    for _ in range(250):
        kind, taken = chance.choice(KINDS), posted[chance.randrange(len(posted))] if posted else (0, [])
        try:
            lines = reversed_lines(taken[1]) if kind == "reversal" else _lines(played, kind, chance)
            played = post(played, lines)
        except (Blocked, ValueError):  # what the book refuses is not written
            continue
        day = FIRST_DAY + timedelta(days=chance.randint(0, 30))
        made = by_sql(session, fund, lines, (kind, day), undone=taken[0] if kind == "reversal" else None)
        if kind == "reversal":
            posted.remove(taken)
            undone += 1
        else:
            posted.append((made, lines))

    assert undone > 8
    assert _kept(books_of(session, fund).book) == _kept(played)
    assert with_cash(session, books_of(session, fund)).book.cash == played.cash
    _assert_same(session, fund)


def _lines(book: Book, kind: str, chance: random.Random) -> list[Line]:
    who, amount = chance.choice([CITY, *PRIVATE[:6]]), chance.randint(1, 20 * BILLION)
    made: dict[str, Callable[[], list[Line]]] = {
        "commitment": lambda: commitment(who, amount),
        "call": lambda: call({who: amount}),
        "payment": lambda: payment(who, amount),
        "withdrawal": lambda: withdrawal(book, who, amount),
        "distribution": lambda: distribution(book, amount, is_recallable=chance.random() < 0.5),
    }
    return made[kind]()


def _assert_same(session: Session, fund: Fund) -> None:
    """What is read of days, beside what the entries come to."""
    ever, known = Moment(as_of=EVER), Moment(known_on=date(9000, 1, 1))
    assert cash_days(session, fund, NOW) == cash_days(session, fund, ever) == cash_days(session, fund, known) != []
    assert cash_by_contributor(session, fund, NOW) == cash_by_contributor(session, fund, ever)
    assert committed_vnd(session, fund, NOW) == committed_vnd(session, fund, known)
    for number in range(0, 31, 5):
        day = FIRST_DAY + timedelta(days=number)
        of_days = books_of(session, fund, Moment(as_of=day)).book
        of_day, of_entries = Moment(as_of=day), Moment(as_of=day, known_on=known.known_on)
        assert _kept(of_days) == _kept(books_of(session, fund, of_entries).book)
        assert cash_by_contributor(session, fund, of_day) == cash_by_contributor(session, fund, of_entries)
        assert committed_vnd(session, fund, of_day) == committed_vnd(session, fund, of_entries)
    for one, account in books_of(session, fund).book.balances:
        narrowing = Narrowing(one.code, account)
        assert sum_of_lines(session, fund, narrowing) == books_of(session, fund).book.balances[one, account]


def test_plain_sql_distributes_no_more_than_there_is(session: Session) -> None:
    fund, who = make_fund(session), PRIVATE[0]
    for kind, lines in (("commitment", commitment(who, 9)), ("call", call({who: 9})), ("payment", payment(who, 9))):
        by_sql(session, fund, lines, (kind, FIRST_DAY))
    book = books_of(session, fund).book

    with pytest.raises(IntegrityError, match="1 less than is distributed"), session.begin_nested():
        by_sql(session, fund, distribution(book, 10, is_recallable=False), ("distribution", FIRST_DAY))

    by_sql(session, fund, distribution(book, 9, is_recallable=True), ("distribution", FIRST_DAY))
    assert with_cash(session, books_of(session, fund)).book.cash == 0


def test_nobody_writes_the_days_of_a_ledger_by_hand(session: Session) -> None:
    fund = make_fund(session)
    by_sql(session, fund, commitment(PRIVATE[0], 5), ("commitment", FIRST_DAY))

    for statement in ("UPDATE ledger_days SET amount_vnd = 1", "DELETE FROM ledger_days", "TRUNCATE ledger_days"):
        with pytest.raises(IntegrityError, match="append-only"), session.begin_nested():
            session.execute(text(statement))


def test_what_was_known_is_the_same_from_either_side(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, entries = random.Random(7), []  # noqa: S311 - reproducible events, no secret
    with told_on(noon(0)):
        fund = make_fund(session)
        commit(session, "Q1", "P1", 100 * BILLION)
        call_from(session, "Q1", "P1", 90 * BILLION)
    for day in range(1, 21):
        with told_on(noon(day)):
            effective = FIRST_DAY + timedelta(days=chance.randint(0, day))
            entries.append(pay(session, "Q1", "P1", chance.randint(1, BILLION), effective).id)
            if chance.random() < 0.4:
                books, undone = open_books(session, "Q1", actor=SYSTEM), entries.pop(chance.randrange(len(entries)))
                reverse_entry(session, books, undone, effective_on=effective, reference="", actor=SYSTEM)

    for day in range(0, 22, 3):
        for effective_by in (None, FIRST_DAY + timedelta(days=max(0, day - 4)), FIRST_DAY + timedelta(days=10)):
            moment = Moment(as_of=effective_by, known_on=noon(day).date())
            told = []
            for few in (True, False):
                monkeypatch.setattr(cash, "_are_few", lambda *_, few=few: few)
                told.append((cash_days(session, fund, moment), cash_by_contributor(session, fund, moment)))
            assert told[0] == told[1]


def noon(day: int) -> datetime:
    return datetime(2026, 1, 5, 5, tzinfo=UTC) + timedelta(days=day)

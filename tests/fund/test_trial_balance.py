"""A thousand random events: after each, accounts of contributors and the trial balance agree to the đồng."""

import random

from sqlalchemy import text
from sqlalchemy.orm import Session

from foundation.errors import Blocked
from fund.books import Moment, books_of
from fund.capital import Book, Contributor, Limits, Line, post
from fund.ceiling import Ceiling
from tests.fund.funds import BILLION, FIRST_DAY, make_fund
from tests.fund.test_capital import CITY, PRIVATE, lines_for
from tests.fund.test_ledger import by_sql

EVENTS = 1000
KINDS = ("commit", "commit", "call", "call", "pay", "pay", "notice", "withdraw", "reduce", "pass", "default", "return")
TRIAL = text(
    """
    SELECT coalesce(sum(amount_vnd), 0) AS trial, bool_and(charter = 0) AS holds, coalesce(sum(line_sum), 0) AS lines,
      (SELECT state = 'cap_breach' FROM funds WHERE id = :fund) AS is_breach
    FROM (SELECT contributor_id, sum(amount_vnd) AS amount_vnd,
        sum(amount_vnd) FILTER (WHERE account IN ('charter', 'uncalled', 'receivable', 'paid')) AS charter
      FROM ledger_balances WHERE fund_id = :fund GROUP BY contributor_id) AS accounts
    LEFT JOIN (SELECT contributor_id, sum(amount_vnd) AS line_sum FROM ledger_lines
      WHERE entry_id = (SELECT max(id) FROM ledger_entries WHERE fund_id = :fund) GROUP BY contributor_id) AS last
      USING (contributor_id)
    """
)
"""The sum of all balances, whether charter capital of each is what is uncalled, owed and paid, and the last entry."""


def test_after_each_of_a_thousand_events_the_accounts_add_up(session: Session) -> None:
    fund, chance = make_fund(session, private=8), random.Random(49)  # noqa: S311 - the same events each time
    played, posted = Book(Limits(Ceiling(600 * BILLION, 49, 100), 6)), list[list[Line]]()
    while len(posted) < EVENTS:
        lines = _tried(played, posted, chance)
        if not lines:
            continue
        played = post(played, lines)
        by_sql(session, fund, lines)
        posted.append(lines)
        assert tuple(session.execute(TRIAL, {"fund": fund.id}).one()) == (0, True, 0, played.is_in_breach)

    assert _kept(books_of(session, fund).book) == _kept(played)
    assert _kept(books_of(session, fund, Moment(as_of=FIRST_DAY)).book) == _kept(played)


def _tried(played: Book, posted: list[list[Line]], chance: random.Random) -> list[Line]:
    """The lines of a random event; none where it would be refused."""
    one, kind, amount = chance.choice([CITY, *PRIVATE]), chance.choice(KINDS), chance.randint(1, 40 * BILLION)
    try:
        lines = lines_for(played, kind, one, amount, posted)
        post(played, lines)
    except Blocked:
        return []
    return lines


def _kept(book: Book) -> dict[tuple[Contributor, str], int]:
    return {key: amount for key, amount in book.balances.items() if amount}

"""What stands against a step in the life of a fund or of a call."""

from collections.abc import Iterator

from sqlalchemy import func, select

from applications.lives import Turn
from applications.registry import guard
from foundation.actors import Actor
from foundation.errors import Reason
from fund.books import Books
from fund.capital import RECEIVABLE
from fund.models import CapitalCall, LedgerBalance

BOOKS = "fund.books"
"""Under this name an operation tells the engine the books as it read them."""


@guard
def nothing_called_is_unpaid(turn: Turn) -> Iterator[Reason]:
    """Of what was called everything is paid, or given up by a default on record."""
    owed = func.coalesce(func.sum(LedgerBalance.amount_vnd), 0)
    query = select(owed).where(LedgerBalance.fund_id == turn.case.id, LedgerBalance.account == RECEIVABLE)
    amount = int(turn.session.scalar(query) or 0)
    if amount:
        yield Reason("fund_called_is_unpaid", {"owed_vnd": amount})


@guard
def another_issues_than_prepared(turn: Turn) -> Iterator[Reason]:
    """Where the terms leave it to a second person, whoever prepared a call does not issue it."""
    books, prepared = turn.known.found.get(BOOKS), turn.case
    if isinstance(books, Books) and isinstance(prepared, CapitalCall) and needs_another(books, prepared, turn.actor):
        yield Reason("fund_call_by_another")


def needs_another(books: Books, prepared: CapitalCall, actor: Actor) -> bool:
    """Whether the terms leave it to somebody else to issue what the actor prepared; the clock is nobody."""
    return books.terms.calls_by_two and actor.person_id is not None and actor.person_id == prepared.prepared_by_id

"""What a contributor's own people may see of a fund: their account, their money, their part of what is left."""

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from foundation.actors import Actor
from foundation.database import now
from foundation.errors import NotFound
from foundation.money import largest_remainder
from foundation.paging import Order, Page, page_of_columns
from foundation.workdays import local_date
from fund.books import NOW, Books, books_of
from fund.capital import CHARTER, PAID, Book, Contributor
from fund.models import Fund, FundContributor, LedgerEntry, LedgerLine
from fund.queries.cash import cash_days
from fund.queries.results import fund_results
from fund.results import Results, Worth, results_of

LATEST_LINES = Order((LedgerLine.entry_id, LedgerLine.number), is_descending=True)


@dataclass(frozen=True, slots=True)
class Holding:
    """One contributor's place in a fund. The value left is their part of the fund's, by what each has paid in."""

    fund: Fund
    contributor: FundContributor
    books: Books
    results: Results

    def of(self, account: str) -> int:
        return self.books.book.of(_known(self.contributor), account)


def own_places(session: Session, actor: Actor) -> list[tuple[Fund, FundContributor]]:
    """Where the organisations of the actor contribute."""
    chosen = select(Fund, FundContributor).join(FundContributor, FundContributor.fund_id == Fund.id)
    chosen = chosen.where(FundContributor.organisation_id.in_(actor.organisation_ids))
    return [(fund, one) for fund, one in session.execute(chosen.order_by(Fund.code, FundContributor.code))]


def own_holding(session: Session, code: str, contributor: str, *, actor: Actor) -> Holding:
    """Raises NotFound also for what belongs to others."""
    for fund, one in own_places(session, actor):
        if (fund.code, one.code) == (code, contributor):
            return holding_of(session, fund, one)
    raise NotFound


def holding_of(session: Session, fund: Fund, contributor: FundContributor) -> Holding:
    books = books_of(session, fund)
    days = cash_days(session, fund, NOW, contributor_id=contributor.id)
    worth = _part(fund_results(session, fund, local_date(now())).results.worth, books.book, _known(contributor))
    committed = books.book.of(_known(contributor), CHARTER)
    return Holding(fund, contributor, books, results_of(days, worth, committed=committed))


def own_lines(
    session: Session, holding: Holding, *, after: str | None, size: int
) -> Page[tuple[LedgerLine, LedgerEntry]]:
    """The lines of this contributor alone, the latest first, each with its entry."""
    chosen = (
        select(LedgerLine, LedgerEntry, LedgerLine.entry_id, LedgerLine.number)
        .join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
        .where(LedgerLine.fund_id == holding.fund.id, LedgerLine.contributor_id == holding.contributor.id)
    )
    return page_of_columns(session, cast(Select[Any], chosen), LATEST_LINES, after=after, size=size)


def _known(contributor: FundContributor) -> Contributor:
    return Contributor(contributor.code, contributor.is_city)


def _part(worth: Worth, book: Book, contributor: Contributor) -> Worth:
    """The parts of all add up to the whole, to the đồng."""
    holders = [one for one in book.contributors() if book.of(one, PAID) > 0]
    if worth.amount is None or contributor not in holders:
        return Worth(0 if worth.amount is not None else None, worth.on, worth.valued_on, worth.note)
    parts = largest_remainder(worth.amount, [book.of(one, PAID) for one in holders])
    return Worth(parts[holders.index(contributor)], worth.on, worth.valued_on)

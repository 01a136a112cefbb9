"""Entries of a fund's ledger with their lines, the latest first."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from foundation.paging import Order, Page, page_of
from foundation.workdays import end_of_day
from fund.books import Moment
from fund.models import Fund, FundContributor, LedgerEntry, LedgerLine

LATEST = Order((LedgerEntry.id,), is_descending=True)


def ledger_page(
    session: Session, fund: Fund, moment: Moment, *, contributor: str = "", after: str | None, size: int
) -> Page[LedgerEntry]:
    """All entries, or those that touch one contributor. Raises Invalid for a cursor of another list."""
    chosen = select(LedgerEntry).where(LedgerEntry.fund_id == fund.id).options(selectinload(LedgerEntry.lines))
    if moment.as_of is not None:
        chosen = chosen.where(LedgerEntry.effective_on <= moment.as_of)
    if moment.known_on is not None:
        chosen = chosen.where(LedgerEntry.recorded_at < end_of_day(moment.known_on))
    if contributor:
        theirs = select(LedgerLine.entry_id).join(FundContributor, FundContributor.id == LedgerLine.contributor_id)
        chosen = chosen.where(LedgerEntry.id.in_(theirs.where(FundContributor.code == contributor)))
    return page_of(session, chosen, LATEST, after=after, size=size)

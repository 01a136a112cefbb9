"""Entries of a fund's ledger with their lines, the latest first."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import Session, selectinload

from foundation.errors import NotFound
from foundation.paging import Order, Page, page_of
from foundation.workdays import end_of_day
from fund.books import Moment
from fund.models import Fund, FundContributor, LedgerDay, LedgerEntry, LedgerLine

LATEST = Order((LedgerEntry.id,), is_descending=True)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which entries: those with a line of this contributor and account, effective within these days."""

    contributor: str = ""
    account: str = ""
    since: date | None = None
    until: date | None = None


ALL = Narrowing()


def ledger_page(
    session: Session,
    fund: Fund,
    moment: Moment,
    *,
    narrowing: Narrowing = ALL,
    after: str | None,
    size: int,
) -> Page[LedgerEntry]:
    """All entries, or the narrowed ones. Raises Invalid for a cursor of another list."""
    chosen = select(LedgerEntry).where(*_within(fund, moment, narrowing)).options(selectinload(LedgerEntry.lines))
    if narrowing.contributor or narrowing.account:
        chosen = chosen.where(LedgerEntry.id.in_(select(LedgerLine.entry_id).where(*_lines(fund, narrowing))))
    return page_of(session, chosen, LATEST, after=after, size=size)


def sum_of_lines(session: Session, fund: Fund, narrowing: Narrowing) -> int:
    """What the lines of the narrowed account come to now, above zero for debits; read from the days of the ledger."""
    bounds = [LedgerDay.fund_id == fund.id, LedgerDay.account == narrowing.account]
    if narrowing.contributor:
        bounds.append(LedgerDay.contributor_id == _id_of(fund, narrowing.contributor))
    if narrowing.since is not None:
        bounds.append(LedgerDay.effective_on >= narrowing.since)
    if narrowing.until is not None:
        bounds.append(LedgerDay.effective_on <= narrowing.until)
    return int(session.scalar(select(func.coalesce(func.sum(LedgerDay.amount_vnd), 0)).where(*bounds)) or 0)


def _within(fund: Fund, moment: Moment, narrowing: Narrowing) -> list[ColumnElement[bool]]:
    bounds = [LedgerEntry.fund_id == fund.id]
    if moment.as_of is not None:
        bounds.append(LedgerEntry.effective_on <= moment.as_of)
    if moment.known_on is not None:
        bounds.append(LedgerEntry.recorded_at < end_of_day(moment.known_on))
    if narrowing.since is not None:
        bounds.append(LedgerEntry.effective_on >= narrowing.since)
    if narrowing.until is not None:
        bounds.append(LedgerEntry.effective_on <= narrowing.until)
    return bounds


def _lines(fund: Fund, narrowing: Narrowing) -> list[ColumnElement[bool]]:
    bounds = [LedgerLine.fund_id == fund.id]
    if narrowing.account:
        bounds.append(LedgerLine.account == narrowing.account)
    if narrowing.contributor:
        bounds.append(LedgerLine.contributor_id == _id_of(fund, narrowing.contributor))
    return bounds


def _id_of(fund: Fund, contributor: str) -> ScalarSelect[int]:
    known = FundContributor.fund_id == fund.id, FundContributor.code == contributor
    return select(FundContributor.id).where(*known).scalar_subquery()


def find_entry(session: Session, fund: Fund, number: int) -> LedgerEntry:
    """An entry with its lines. Raises NotFound."""
    chosen = select(LedgerEntry).where(LedgerEntry.id == number, LedgerEntry.fund_id == fund.id)
    found = session.scalar(chosen.options(selectinload(LedgerEntry.lines)))
    if found is None:
        raise NotFound
    return found

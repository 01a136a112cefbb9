"""Entries of a fund's ledger with their lines, the latest first."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, selectinload

from foundation.errors import NotFound
from foundation.paging import Order, Page, page_of
from foundation.workdays import end_of_day
from fund.books import Moment
from fund.models import Fund, FundContributor, LedgerEntry, LedgerLine

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


def sum_of_lines(session: Session, fund: Fund, moment: Moment, narrowing: Narrowing) -> int:
    """What the lines of the narrowed account come to, above zero for debits."""
    chosen = select(func.coalesce(func.sum(LedgerLine.amount_vnd), 0)).join_from(
        LedgerLine, LedgerEntry, LedgerEntry.id == LedgerLine.entry_id
    )
    return int(session.scalar(chosen.where(*_within(fund, moment, narrowing), *_lines(fund, narrowing))) or 0)


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
        one = select(FundContributor.id).where(
            FundContributor.fund_id == fund.id, FundContributor.code == narrowing.contributor
        )
        bounds.append(LedgerLine.contributor_id == one.scalar_subquery())
    return bounds


def find_entry(session: Session, fund: Fund, number: int) -> LedgerEntry:
    """An entry with its lines. Raises NotFound."""
    chosen = select(LedgerEntry).where(LedgerEntry.id == number, LedgerEntry.fund_id == fund.id)
    found = session.scalar(chosen.options(selectinload(LedgerEntry.lines)))
    if found is None:
        raise NotFound
    return found

"""What anybody may read of a fund: only the fields that are told, each read for itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from foundation.database import now
from foundation.errors import NotFound
from foundation.workdays import local_date
from fund.answers import rate_text
from fund.books import Books, books_of
from fund.capital import CHARTER, CHARTER_BASE, PAID
from fund.models import Fund, FundPublication
from fund.publication import Field, is_told, publication_rules
from fund.queries.cash import cash_by_contributor
from fund.queries.results import FundResults, fund_results


@dataclass(frozen=True, slots=True)
class Sight:
    """What the readers of fields look at; it never leaves this room."""

    books: Books
    found: FundResults
    returned_to_city: int


@dataclass(frozen=True, slots=True)
class PublicFund:
    """A fund as the public sees it: the value of each field that is told, ``None`` where it is not known."""

    fund: Fund
    told: Mapping[str, Any]
    withheld: list[Field]
    valued_on: date | None


def public_funds(session: Session) -> list[Fund]:
    """All funds, by code."""
    return list(session.scalars(select(Fund).order_by(Fund.code)))


def public_fund(session: Session, code: str) -> PublicFund:
    """Raises NotFound."""
    fund = session.scalar(select(Fund).where(Fund.code == code))
    if fund is None:
        raise NotFound
    choices = choices_of(session, fund)
    sight = _sight(session, fund)
    fields = publication_rules().fields
    told = {field.name: READERS[field.name](sight) for field in fields if is_told(field, choices)}
    withheld = [field for field in fields if field.name not in told]
    is_value_told = "value_left" in told
    return PublicFund(fund, told, withheld, sight.found.results.worth.on if is_value_told else None)


def choices_of(session: Session, fund: Fund) -> dict[str, bool]:
    """What was decided last, by name of the field."""
    chosen = (
        select(FundPublication.field, FundPublication.is_published)
        .ext(distinct_on(FundPublication.field))
        .where(FundPublication.fund_id == fund.id)
        .order_by(FundPublication.field, FundPublication.id.desc())
    )
    return dict(session.execute(chosen).all())


def decisions_of(session: Session, fund: Fund) -> list[FundPublication]:
    """Every decision, the latest first."""
    chosen = select(FundPublication).where(FundPublication.fund_id == fund.id)
    return list(session.scalars(chosen.order_by(FundPublication.id.desc())))


def _sight(session: Session, fund: Fund) -> Sight:
    books = books_of(session, fund)
    city = {one.id for one in books.contributors if one.is_city}
    found = fund_results(session, fund, local_date(now()))
    returned = sum(day.distributed for one, day in cash_by_contributor(session, fund, found.moment) if one in city)
    return Sight(books, found, returned)


def _charter(sight: Sight) -> str:
    return str(sum(sight.books.book.total(CHARTER, is_city=one) for one in (True, False)))


def _names(sight: Sight) -> list[str]:
    return sorted(one.name for one in sight.books.contributors if not one.is_city)


def _companies(sight: Sight) -> list[str]:
    return sorted({one.held.company for one in sight.found.positions})


def _invested(sight: Sight) -> str:
    return str(sum(day.paid_in for one in sight.found.positions for day in one.held.days))


def _value(sight: Sight) -> str | None:
    amount = sight.found.results.worth.amount
    return None if amount is None else str(amount)


def _tvpi(sight: Sight) -> str | None:
    tvpi = sight.found.results.multiples.tvpi
    return None if tvpi is None else f"{tvpi:f}"


def _ceiling(sight: Sight) -> str | None:
    amount = sight.books.terms.city_amount_vnd
    return None if amount is None else str(amount)


READERS: dict[str, Callable[[Sight], Any]] = {
    "charter_capital": _charter,
    "city_committed": lambda sight: str(sight.books.book.total(CHARTER, is_city=True)),
    "city_paid_in": lambda sight: str(sight.books.book.total(PAID, is_city=True)),
    "city_share": lambda sight: sight.books.book.finding(CHARTER_BASE).share,
    "city_ceiling": _ceiling,
    "city_distributed": lambda sight: str(sight.returned_to_city),
    "other_investors": lambda sight: str(sight.books.book.private_investors()),
    "paid_in": lambda sight: str(int(sight.found.results.multiples.paid_in)),
    "distributed": lambda sight: str(int(sight.found.results.multiples.distributed)),
    "value_left": _value,
    "tvpi": _tvpi,
    "xirr": lambda sight: rate_text(sight.found.results.rate),
    "investor_names": _names,
    "invested": _invested,
    "companies": lambda sight: str(len(_companies(sight))),
    "company_names": _companies,
}
"""How each field is read that can be told; what is never told has no reader."""

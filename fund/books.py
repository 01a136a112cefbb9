"""The books of a fund: as they are, as of any day, and as they were known on any day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from foundation.audit import StreamEnd
from foundation.database import now
from foundation.errors import Blocked, Reason
from foundation.workdays import end_of_day, local_date
from fund.capital import INTEREST, PROCEEDS, SPENT, Book, Contributor, Limits
from fund.ceiling import Ceiling
from fund.models import Fund, FundContributor, FundTerms, LedgerBalance, LedgerDay, LedgerEntry, LedgerLine


@dataclass(frozen=True, slots=True)
class Moment:
    """What counts: entries effective by ``as_of``, as far as recorded by the end of ``known_on``."""

    as_of: date | None = None
    known_on: date | None = None

    @property
    def is_now(self) -> bool:
        return self.as_of is None and self.known_on is None


NOW = Moment()


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that something is owed of; ``parts`` are what each contributor was called for."""

    id: int
    entry_id: int | None
    state: str
    amount: int
    due_on: date
    parts: Mapping[str, int]
    version_id: int


class Member(Protocol):
    """One who contributes, as the books tell it: to read, not to change."""

    @property
    def id(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def is_city(self) -> bool: ...
    @property
    def state(self) -> str: ...
    @property
    def contract_number(self) -> str: ...


@dataclass(slots=True)
class Ahead:
    """The id that the next entry may take, and where the trail of the fund ended: good for one entry."""

    entry_id: int
    trail: StreamEnd | None

    def take(self) -> tuple[int, StreamEnd] | None:
        """Both, once; None where the trail has no beginning yet, or another entry took them."""
        trail, self.trail = self.trail, None
        return None if trail is None else (self.entry_id, trail)


@dataclass(frozen=True, slots=True)
class Books:
    """A fund with its terms, its contributors and its book of a moment.

    Those that were opened to write in tell the open calls, the oldest first, and what lies ahead of the next entry.
    """

    fund: Fund
    terms: FundTerms
    contributors: Sequence[Member]
    book: Book
    calls: Sequence[OpenCall] = ()
    ahead: Ahead | None = None


def terms_on(session: Session, fund: Fund, day: date) -> FundTerms:
    """The terms in force on a day. Raises Blocked when there are none yet."""
    found = session.scalar(
        select(FundTerms)
        .where(FundTerms.fund_id == fund.id, FundTerms.valid_from <= day)
        .order_by(FundTerms.valid_from.desc(), FundTerms.id.desc())
        .limit(1)
    )
    if found is None:
        raise Blocked(Reason("fund_without_terms", {"asked_on": day}))
    return found


def terms_for(session: Session, books: Books, day: date) -> FundTerms:
    """The terms on a day by the books of now. Raises Blocked when there are none yet."""
    still_the_same = books.terms.valid_from <= day <= local_date(now())
    return books.terms if still_the_same else terms_on(session, books.fund, day)


def limits_of(terms: FundTerms) -> Limits:
    ceiling = Ceiling(terms.city_amount_vnd, terms.share_numerator, terms.share_denominator)
    return Limits(ceiling, terms.private_investors)


def books_of(session: Session, fund: Fund, moment: Moment = NOW) -> Books:
    """The books at a moment; those of now come from the balances that the ledger keeps."""
    terms = terms_on(session, fund, moment.as_of or local_date(now()))
    held = _held(session, fund)
    contributors = [one for one, _ in held]
    if moment.is_now:
        sums = [(one.id, account, amount) for one, balances in held for account, amount in (balances or {}).items()]
    else:
        sums = _sums(session, fund, moment)
    return Books(fund, terms, contributors, book_of(terms, contributors, sums))


def book_of(terms: FundTerms, contributors: Sequence[Member], sums: Iterable[tuple[int, str, int]]) -> Book:
    """The pure book from sums by contributor and account."""
    by_id = {one.id: Contributor(one.code, one.is_city) for one in contributors}
    return Book(limits_of(terms), {(by_id[one], at): amount for one, at, amount in sums})


def with_cash(session: Session, books: Books) -> Books:
    """The same books of now, whose book knows what money is there to be distributed.

    Paid in, received for what was held or as interest, and neither spent nor given back.
    """
    moved = select(func.sum(LedgerDay.came_vnd - LedgerDay.went_vnd)).where(LedgerDay.fund_id == books.fund.id)
    held = LedgerBalance.fund_id == books.fund.id, LedgerBalance.account.in_((SPENT, PROCEEDS, INTEREST))
    others = select(func.sum(LedgerBalance.amount_vnd)).where(*held)
    sums = session.execute(select(*(func.coalesce(one.scalar_subquery(), 0) for one in (moved, others)))).one()
    return replace(books, book=replace(books.book, cash=sum(int(amount) for amount in sums)))


def _held(session: Session, fund: Fund) -> list[tuple[FundContributor, dict[str, int] | None]]:
    """Each contributor with the balances of now by account, read at once."""
    of_one = LedgerBalance.fund_id == FundContributor.fund_id, LedgerBalance.contributor_id == FundContributor.id
    balances = select(func.json_object_agg(LedgerBalance.account, LedgerBalance.amount_vnd)).where(*of_one)
    chosen = select(FundContributor, balances.scalar_subquery()).where(FundContributor.fund_id == fund.id)
    return [(one, held) for one, held in session.execute(chosen.order_by(FundContributor.id))]


def _sums(session: Session, fund: Fund, moment: Moment) -> list[tuple[int, str, int]]:
    """As of a day from the days that the ledger keeps; as known on a day from the entries themselves."""
    if moment.known_on is None:
        keys = (LedgerDay.contributor_id, LedgerDay.account)
        chosen = select(*keys, func.sum(LedgerDay.amount_vnd)).where(LedgerDay.fund_id == fund.id)
        chosen = chosen.where(LedgerDay.effective_on <= moment.as_of).group_by(*keys)
    else:
        chosen = _sums_of_lines(fund, moment.as_of).where(LedgerEntry.recorded_at < end_of_day(moment.known_on))
    return [(one, account, int(amount)) for one, account, amount in session.execute(chosen)]


def _sums_of_lines(fund: Fund, as_of: date | None) -> Select[int, str, int]:
    keys = (LedgerLine.contributor_id, LedgerLine.account)
    chosen = select(*keys, func.sum(LedgerLine.amount_vnd)).join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
    chosen = chosen.where(LedgerEntry.fund_id == fund.id).group_by(*keys)
    return chosen if as_of is None else chosen.where(LedgerEntry.effective_on <= as_of)

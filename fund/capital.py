"""The capital of a fund as double-entry postings: what may be posted, and where each contributor then stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from foundation.errors import Blocked, Reason
from foundation.money import largest_remainder
from fund.ceiling import Ceiling, Finding, examine

CHARTER, UNCALLED, RECEIVABLE, PAID = "charter", "uncalled", "receivable", "paid"
LEAVING, LEAVING_NOTED = "leaving", "leaving_noted"
INVESTED, SPENT = "invested", "spent"
DISTRIBUTED, DISTRIBUTED_NOTED = "distributed", "distributed_noted"
INTEREST, INTEREST_NOTED = "interest", "interest_noted"
GIVEN_UP, GIVEN_UP_NOTED = "given_up", "given_up_noted"
PROCEEDS, PROCEEDS_NOTED = "proceeds", "proceeds_noted"
ACCOUNTS = (
    CHARTER,
    UNCALLED,
    RECEIVABLE,
    PAID,
    LEAVING,
    LEAVING_NOTED,
    INVESTED,
    SPENT,
    DISTRIBUTED,
    DISTRIBUTED_NOTED,
    INTEREST,
    INTEREST_NOTED,
    GIVEN_UP,
    GIVEN_UP_NOTED,
    PROCEEDS,
    PROCEEDS_NOTED,
)
"""Debits above zero: what was undertaken is owed to nobody yet (uncalled), then called (receivable), then paid; charter
capital stands against the three. What a contributor has given notice of taking back, what was returned to them, and
interest received from them are each noted apart. What was invested stands against what was spent of the money paid
in; what of it was given up in exits, and the proceeds, are noted for whoever's money it was."""

CREDITS = frozenset({CHARTER, LEAVING_NOTED, SPENT, DISTRIBUTED_NOTED, INTEREST_NOTED, GIVEN_UP_NOTED, PROCEEDS_NOTED})

CASH_ACCOUNTS = (PAID, DISTRIBUTED, SPENT, PROCEEDS, INTEREST)

CHARTER_BASE, PAID_BASE, AFTER_LEAVING = "charter_capital", "paid_in", "after_withdrawals"
BASES = (CHARTER_BASE, PAID_BASE, AFTER_LEAVING)
"""Charter capital decides; paid-in holds back city money; after noted withdrawals is an early warning."""


class Contributor(NamedTuple):
    """One who contributes; ``is_city`` is money of the city."""

    code: str
    is_city: bool = False


class Line(NamedTuple):
    """A debit (above zero) or credit (below) of one account of one contributor."""

    contributor: Contributor
    account: str
    amount: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What the terms of a fund allow; ``None`` is no limit on the number of private investors."""

    ceiling: Ceiling
    private_investors: int | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """All balances, by contributor and account; and what money is there, where that was asked for."""

    limits: Limits
    balances: Mapping[tuple[Contributor, str], int] = field(default_factory=dict)
    cash: int | None = None
    _totals: dict[tuple[str, bool], int] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of(self, contributor: Contributor, account: str) -> int:
        """A balance, above zero in its natural direction."""
        amount = self.balances.get((contributor, account), 0)
        return -amount if account in CREDITS else amount

    def total(self, account: str, *, is_city: bool) -> int:
        """What the city, or all others together, have in an account; added up once for all accounts."""
        if not self._totals:
            for (one, name), amount in self.balances.items():
                side = name, one.is_city
                self._totals[side] = self._totals.get(side, 0) + amount
        found = self._totals.get((account, is_city), 0)
        return -found if account in CREDITS else found

    def contributors(self) -> list[Contributor]:
        return sorted({one for one, _ in self.balances}, key=lambda one: (not one.is_city, one.code))

    @property
    def money(self) -> int:
        """What was paid in and not spent yet."""
        return sum(self.total(PAID, is_city=one) - self.total(SPENT, is_city=one) for one in (True, False))

    def private_investors(self) -> int:
        return sum(not one.is_city and self.of(one, CHARTER) > 0 for one in self.contributors())

    def sides(self, base: str) -> tuple[int, int]:
        """Money of the city, and of all others, on one base."""
        account = PAID if base == PAID_BASE else CHARTER
        city, private = self.total(account, is_city=True), self.total(account, is_city=False)
        if base == AFTER_LEAVING:
            city -= self.total(LEAVING, is_city=True)
            private -= self.total(LEAVING, is_city=False)
        return city, private

    def finding(self, base: str) -> Finding:
        """The ceilings on one base."""
        return examine(self.limits.ceiling, *self.sides(base))

    def short_of(self, contributor: Contributor, account: str) -> list[Reason]:
        """The refusal of more than an account holds, with the most that it does."""
        facts = {"contributor": contributor.code, "most_vnd": self.of(contributor, account)}
        return [Reason(f"fund_{account}_overdrawn", facts)]

    @property
    def is_in_breach(self) -> bool:
        """Whether a base that binds is above a ceiling (state CAP_BREACH)."""
        return any(not self.limits.ceiling.allows(*self.sides(base)) for base in (CHARTER_BASE, PAID_BASE))

    def added(self, lines: Sequence[Line]) -> "Book":
        balances = dict(self.balances)
        for line in lines:
            key = (line.contributor, line.account)
            balances[key] = balances.get(key, 0) + line.amount
        return Book(self.limits, balances, None if self.cash is None else self.cash + cash_moved(lines))


def cash_moved(lines: Sequence[Line]) -> int:
    """What an entry adds to the money of a fund. A recallable distribution is noted twice and moves it once."""
    moved = {account: sum(line.amount for line in lines if line.account == account) for account in CASH_ACCOUNTS}
    across = -moved[DISTRIBUTED] if any(line.account == DISTRIBUTED for line in lines) else moved[PAID]
    return across + moved[SPENT] + moved[PROCEEDS] + moved[INTEREST]


def commitment(contributor: Contributor, amount: int) -> list[Line]:
    return [Line(contributor, UNCALLED, amount), Line(contributor, CHARTER, -amount)]


def call(parts: Mapping[Contributor, int]) -> list[Line]:
    return [
        line
        for contributor, amount in parts.items()
        if amount
        for line in (Line(contributor, RECEIVABLE, amount), Line(contributor, UNCALLED, -amount))
    ]


def payment(contributor: Contributor, amount: int) -> list[Line]:
    return [Line(contributor, PAID, amount), Line(contributor, RECEIVABLE, -amount)]


def withdrawal_notice(contributor: Contributor, amount: int) -> list[Line]:
    return [Line(contributor, LEAVING, amount), Line(contributor, LEAVING_NOTED, -amount)]


def withdrawal(book: Book, contributor: Contributor, amount: int) -> list[Line]:
    """Taken from what is not called yet, then from what is paid; a notice is used up as far as it goes."""
    uncalled = min(amount, book.of(contributor, UNCALLED))
    noted = min(amount, book.of(contributor, LEAVING))
    lines = [
        Line(contributor, CHARTER, amount),
        Line(contributor, UNCALLED, -uncalled),
        Line(contributor, PAID, -(amount - uncalled)),
        Line(contributor, LEAVING, -noted),
        Line(contributor, LEAVING_NOTED, noted),
    ]
    return [line for line in lines if line.amount]


def investment(book: Book, amount: int) -> list[Line]:
    """Money of all whose money is there, in proportion, to the đồng."""
    givers = {one: left for one in book.contributors() if (left := book.of(one, PAID) - book.of(one, SPENT)) > 0}
    if amount > sum(givers.values()):
        raise Blocked(Reason("fund_money_short", {"most_vnd": max(0, book.money)}))
    parts = largest_remainder(amount, list(givers.values()))
    return [
        line
        for one, part in zip(givers, parts, strict=True)
        if part
        for line in (Line(one, INVESTED, part), Line(one, SPENT, -part))
    ]


def reversed_lines(lines: Sequence[Line]) -> list[Line]:
    return [Line(line.contributor, line.account, -line.amount) for line in lines]


def post(book: Book, lines: Sequence[Line]) -> Book:
    """The book with one entry more.

    Raises:
        ValueError: the lines do not balance.
        Blocked: an account would be overdrawn, more be spent than was paid in or distributed than there is, there would
            be too many investors, or money of the city would rise above a ceiling; the reason tells the most that is
            still allowed.
    """
    if not lines or sum(line.amount for line in lines) != 0:
        raise ValueError("the lines of an entry balance")
    after = book.added(lines)
    reasons = _overdrawn(book, after, lines) or [
        *_crowded(book, after),
        *_above_ceiling(book, after),
        *_short(book, after, lines),
    ]
    if reasons:
        raise Blocked(*reasons)
    return after


def _overdrawn(before: Book, after: Book, lines: Sequence[Line]) -> list[Reason]:
    places = dict.fromkeys((line.contributor, line.account) for line in lines)
    return [reason for one, account in places if after.of(one, account) < 0 for reason in before.short_of(one, account)]


def _short(before: Book, after: Book, lines: Sequence[Line]) -> list[Reason]:
    """Nothing is spent that was not paid in, and nothing distributed that is not there."""
    grows = {
        account: any(after.total(account, is_city=one) > before.total(account, is_city=one) for one in (True, False))
        for account in (SPENT, DISTRIBUTED)
    }
    if grows[SPENT] and after.money < 0:
        return [Reason("fund_money_short", {"most_vnd": max(0, before.money)})]
    if grows[DISTRIBUTED] and before.cash is not None and before.cash + cash_moved(lines) < 0:
        return [Reason("fund_cash_short", {"most_vnd": max(0, before.cash)})]
    return []


def _crowded(before: Book, after: Book) -> list[Reason]:
    most = before.limits.private_investors
    if most is None or after.private_investors() <= max(most, before.private_investors()):
        return []
    return [Reason("fund_too_many_investors", {"limit": most})]


def _above_ceiling(before: Book, after: Book) -> list[Reason]:
    """City money never rises into a breach; while a base that binds is in breach, none is called either."""
    reasons = []
    for base in (CHARTER_BASE, PAID_BASE):
        held, city = before.sides(base)[0], after.sides(base)[0]
        if city > held and not after.limits.ceiling.allows(*after.sides(base)):
            room = max(0, after.finding(base).city_max - held)
            reasons.append(Reason(f"fund_city_above_{base}", {"most_vnd": room}))
    calls = after.total(RECEIVABLE, is_city=True) > before.total(RECEIVABLE, is_city=True)
    if calls and after.is_in_breach:
        reasons.append(Reason("fund_city_calls_frozen"))
    return reasons

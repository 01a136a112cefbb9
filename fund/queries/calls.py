"""Capital calls of a fund: who owes what of each, what was paid when, and what comes on top for paying late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from foundation.errors import NotFound
from foundation.money import largest_remainder
from fund.books import NOW, Books, Member
from fund.calling import Paid, Part, Settled, late_interest, owed_of_calls, settle_parts
from fund.capital import CHARTER, PAID_BASE, RECEIVABLE, UNCALLED, Contributor
from fund.models import CapitalCall, Fund, FundMove, LedgerEntry, LedgerLine
from fund.queries.cash import cash_by_contributor


@dataclass(frozen=True, slots=True)
class CallPart:
    """What one contributor owes of a call. ``payable_now`` holds the city back until the others have paid."""

    contributor: Member
    amount: int
    uses: Sequence[int]
    owed: int
    payable_now: int
    paid_on: date | None
    interest: int


@dataclass(frozen=True, slots=True)
class Unfunded:
    """ILPA's section on what is left to call, before and after one call."""

    committed: int
    called_before: int
    recallable: int
    unfunded_before: int
    part: int

    @property
    def unfunded_after(self) -> int:
        return self.unfunded_before - self.part

    @property
    def called_after(self) -> int:
        return self.called_before + self.part


def calls_of(session: Session, fund: Fund) -> list[CapitalCall]:
    """All calls, the latest first."""
    chosen = select(CapitalCall).where(CapitalCall.fund_id == fund.id)
    return list(session.scalars(chosen.order_by(CapitalCall.number.desc())))


def calls_on(session: Session, fund: Fund, contributor_id: int) -> list[tuple[CapitalCall, int]]:
    """The calls that were issued to one contributor, each with their part, the latest first."""
    rows = session.execute(
        select(CapitalCall, LedgerLine.amount_vnd)
        .join(LedgerLine, LedgerLine.entry_id == CapitalCall.entry_id)
        .where(
            CapitalCall.fund_id == fund.id,
            CapitalCall.state != "dropped",
            LedgerLine.account == RECEIVABLE,
            LedgerLine.contributor_id == contributor_id,
        )
        .order_by(CapitalCall.number.desc())
    )
    return [(call, amount) for call, amount in rows]


def find_call(session: Session, fund: Fund, number: int) -> CapitalCall:
    """Raises NotFound."""
    chosen = select(CapitalCall).where(CapitalCall.fund_id == fund.id, CapitalCall.number == number)
    found = session.scalar(chosen)
    if found is None:
        raise NotFound
    return found


def moves_of_call(session: Session, call: CapitalCall) -> list[FundMove]:
    chosen = select(FundMove).where(
        FundMove.fund_id == call.fund_id, FundMove.subject == "call", FundMove.subject_id == call.id
    )
    return list(session.scalars(chosen.order_by(FundMove.id)))


def parts_of_issued(session: Session, books: Books, call: CapitalCall, *, until: date) -> list[CallPart]:
    """The parts of an issued call, with interest on what was or is late until a day."""
    called = _called(session, books.fund)
    place = next((place for place, one in enumerate(called) if one.entry_id == call.entry_id), None)
    if place is None:
        return []
    owed = owed_of_calls([{str(who): part for who, part in one.parts.items()} for one in called], _receivable(books))
    payments = _payments(session, books.fund)
    found = []
    for one in books.contributors:
        if called[place].parts.get(one.id):
            due = [Part(each.due_on, each.parts.get(one.id, 0)) for each in called]
            stretches = settle_parts(due, payments.get(one.id, []))[place]
            left = owed[place].get(str(one.id), 0)
            found.append(_part(books, call, one, (left, _without_open(stretches, left)), called[place], until=until))
    return found


def _part(
    books: Books,
    call: CapitalCall,
    one: Member,
    settled: tuple[int, Sequence[Settled]],
    called: "_Called",
    *,
    until: date,
) -> CallPart:
    amount = called.parts[one.id]
    owed, stretches = settled
    room = books.book.finding(PAID_BASE).headroom if one.is_city else owed
    rate = books.terms.late_interest_bps or 0
    days = [stretch.paid_on for stretch in stretches if stretch.paid_on is not None]
    return CallPart(
        contributor=one,
        amount=amount,
        uses=largest_remainder(amount, [call.investment_vnd, call.fee_vnd, call.cost_vnd]),
        owed=owed,
        payable_now=min(owed, room),
        paid_on=max(days, default=None),
        interest=late_interest(call.due_on, stretches, rate, until=until),
    )


def _without_open(stretches: Sequence[Settled], owed: int) -> list[Settled]:
    """What is open is what the ledger says, not what payments leave: a share may have passed to somebody else."""
    paid = [stretch for stretch in stretches if stretch.paid_on is not None]
    return [*paid, Settled(owed, None)] if owed else paid


def _receivable(books: Books) -> dict[str, int]:
    return {str(one.id): books.book.of(Contributor(one.code, one.is_city), RECEIVABLE) for one in books.contributors}


@dataclass(frozen=True, slots=True)
class _Called:
    """A call in the ledger: its parts by the id of the contributor."""

    entry_id: int
    due_on: date
    parts: dict[int, int]


def _called(session: Session, fund: Fund) -> list[_Called]:
    """All calls not taken back, in order."""
    rows = session.execute(
        select(LedgerLine.entry_id, LedgerEntry.due_on, LedgerLine.contributor_id, LedgerLine.amount_vnd)
        .join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
        .where(LedgerEntry.fund_id == fund.id, LedgerEntry.kind == "call", _stands(), LedgerLine.account == RECEIVABLE)
        .order_by(LedgerEntry.id)
    )
    found: dict[int, _Called] = {}
    for entry_id, due_on, contributor_id, amount in rows:
        one = found.setdefault(entry_id, _Called(entry_id, due_on or date.max, {}))
        one.parts[contributor_id] = amount
    return list(found.values())


def _payments(session: Session, fund: Fund) -> dict[int, list[Paid]]:
    """Payments not taken back by the id of the contributor, by the day."""
    found: dict[int, list[Paid]] = {}
    for one, day in cash_by_contributor(session, fund, NOW):
        if day.paid_in:
            found.setdefault(one, []).append(Paid(day.on, day.paid_in))
    return found


def _stands() -> ColumnElement[bool]:
    """An entry that was not taken back."""
    reversal = aliased(LedgerEntry)
    return ~select(reversal.id).where(reversal.reverses_id == LedgerEntry.id).exists()


def unfunded_of(session: Session, call: CapitalCall, contributor: Member) -> Unfunded:
    """What was left to call from a contributor when the call went out, by the entries before it.

    Raises NotFound: the call was not issued, or asks nothing of them.
    """
    before = LedgerLine.entry_id < call.entry_id
    uncalled_lines = (before, LedgerLine.account == UNCALLED)
    columns = [
        -_sum(before, LedgerLine.account == CHARTER),
        _sum(*uncalled_lines),
        _sum(*uncalled_lines, LedgerEntry.kind == "distribution"),
        _sum(LedgerLine.entry_id == call.entry_id, LedgerLine.account == RECEIVABLE),
    ]
    chosen = select(*columns).join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
    row = session.execute(chosen.where(LedgerLine.contributor_id == contributor.id)).one()
    committed, uncalled, recallable, part = (int(value) for value in row)
    if call.entry_id is None or not part:
        raise NotFound
    return Unfunded(committed, committed - uncalled + recallable, recallable, uncalled, part)


def _sum(*bounds: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(LedgerLine.amount_vnd).filter(*bounds), 0)

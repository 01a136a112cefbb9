"""What follows from an entry: the lives of the fund, of commitments and of calls, and the clocks of a breach."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from foundation.actors import Actor
from foundation.database import now
from foundation.prepared import Prepared
from foundation.workdays import local_date
from fund.books import Books
from fund.calling import owed_of_calls
from fund.capital import CHARTER, RECEIVABLE, Book, Contributor, Line
from fund.models import CapitalCall, LedgerEntry
from fund.operations.breaches import open_breach
from fund.operations.duedays import calls_with_parts
from fund.operations.moves import move, move_if_due
from fund.states import CAP_BREACH, OPEN_CALLS

JUDGE = Prepared(
    "SET CONSTRAINTS ledger_entries_close, ledger_entries_settle IMMEDIATE; "
    "SET CONSTRAINTS ledger_entries_close, ledger_entries_settle DEFERRED",
    {},
)
"""Let the database judge at once what was written so far, rather than with entries that follow."""

OVERDUE = "overdue"
FUND_STEPS = {"commitment": "raise", "call": "begin"}


def settle(
    session: Session, books: Books, after: Book, entry: LedgerEntry, *, lines: Sequence[Line], actor: Actor
) -> None:
    """Let everything follow from an entry that was just added; ``after`` is the book with it."""
    if entry.kind in FUND_STEPS:
        move_if_due(session, books.fund, books.fund, FUND_STEPS[entry.kind], actor=actor)
    _settle_commitments(session, books, after, entry, lines=lines, actor=actor)
    if any(line.account == RECEIVABLE for line in lines) and entry.kind != "call":
        settle_calls(session, books, after, entry=entry, actor=actor)
    JUDGE.run(session)
    if (books.fund.state == CAP_BREACH) != after.is_in_breach:
        _settle_breach(session, books, actor)


def _settle_commitments(
    session: Session, books: Books, after: Book, entry: LedgerEntry, *, lines: Sequence[Line], actor: Actor
) -> None:
    rows = {one.code: one for one in books.contributors}
    for line in lines:
        if line.account == CHARTER:
            step = _step_of(entry.kind, line, after.of(line.contributor, CHARTER))
            move_if_due(session, books.fund, rows[line.contributor.code], step, actor=actor)


def _step_of(kind: str, line: Line, left: int) -> str:
    """What a change of charter capital means for a commitment."""
    if kind == "reversal":
        return "activate" if left else "undo"
    if line.amount < 0:
        return "activate"
    if kind == "default":
        return "default"
    if left:
        return "reduce"
    return "transfer" if kind == "transfer" else "withdraw"


def settle_calls(
    session: Session, books: Books, after: Book, *, entry: LedgerEntry | None, actor: Actor
) -> list[tuple[CapitalCall, int]]:
    """Bring the calls to the states that what is still owed gives them; ``None`` when only time has passed.

    Which calls fell overdue by it, with what is owed of them.
    """
    states = (*OPEN_CALLS, "paid", "cured") if entry is not None and entry.kind == "reversal" else OPEN_CALLS
    open_calls = calls_with_parts(session, books, states)
    if not open_calls:
        return []
    if entry is not None and entry.kind == "reversal":
        for taken, _ in [one for one in open_calls if one[0].entry_id == entry.reverses_id]:
            move(session, books.fund, taken, "take_back", actor=actor)
        open_calls = [one for one in open_calls if one[0].entry_id != entry.reverses_id]
    calls = [call for call, _ in open_calls]
    left = {one.code: after.of(Contributor(one.code, one.is_city), RECEIVABLE) for one in books.contributors}
    before = {one.code: books.book.of(Contributor(one.code, one.is_city), RECEIVABLE) for one in books.contributors}
    owed = owed_of_calls([parts for _, parts in open_calls], left)
    owed_before = owed_of_calls([parts for _, parts in open_calls], before)
    in_default, was_overdue = entry is not None and entry.kind == "default", {c.id for c in calls if c.state == OVERDUE}
    for call, now_owed, was_owed in zip(calls, owed, owed_before, strict=True):
        if in_default and sum(now_owed.values()) < sum(was_owed.values()):
            move_if_due(session, books.fund, call, "default", actor=actor)
        else:
            _settle_call(session, books, call, sum(now_owed.values()), actor=actor)
    pairs = zip(calls, owed, strict=True)
    return [(c, sum(one.values())) for c, one in pairs if c.state == OVERDUE and c.id not in was_overdue]


def _settle_call(session: Session, books: Books, call: CapitalCall, owed: int, *, actor: Actor) -> None:
    is_late = call.due_on < local_date(now())
    for step in _steps_of_call(call, owed, is_late=is_late):
        move_if_due(session, books.fund, call, step, actor=actor)


def _steps_of_call(call: CapitalCall, owed: int, *, is_late: bool) -> Iterator[str]:
    if not owed:
        yield "cure" if call.state == OVERDUE else "pay"
    elif is_late:
        yield "fall_due"
    else:
        yield "pay_partly" if owed < call.amount_vnd else "reopen"


def _settle_breach(session: Session, books: Books, actor: Actor) -> None:
    """Read what the database made of the entry; the clocks of a breach begin in this very transaction."""
    session.refresh(books.fund, ["state"])
    if books.fund.state == CAP_BREACH:
        open_breach(session, books, actor=actor)

"""What follows from an entry: the lives of the fund, of commitments and of calls, and the clocks of a breach."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from applications.lives import leads
from applications.packs.catalogue import pack_of_version
from foundation.actors import Actor
from foundation.database import now
from foundation.prepared import Prepared
from foundation.workdays import local_date
from fund.books import Books, OpenCall
from fund.calling import owed_of_calls
from fund.capital import CHARTER, RECEIVABLE, Book, Contributor, Line
from fund.models import CapitalCall, FundContributor, LedgerEntry
from fund.operations.breaches import note_breach
from fund.operations.duedays import calls_in
from fund.operations.moves import move_if_due
from fund.states import CAP_BREACH, OPEN_CALLS

JUDGE = Prepared(
    "SET CONSTRAINTS ledger_entries_close IMMEDIATE; SET CONSTRAINTS ledger_entries_close DEFERRED",
    {},
)
"""Let the database judge at once what was written so far, rather than with entries that follow."""

UNJUDGED = "fund.unjudged"
"""On a connection: the transaction that has an entry which the database will judge at its end."""

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
    if (books.fund.state == CAP_BREACH) != after.is_in_breach:
        JUDGE.run(session)
        _settle_breach(session, books, actor)
    else:
        connection = session.connection()
        connection.info[UNJUDGED] = connection.get_transaction()


def judge_earlier(session: Session) -> None:
    """Before another entry: an entry alone in its transaction is judged when that ends, which spares a statement."""
    connection = session.connection()
    earlier = connection.info.pop(UNJUDGED, None)
    if earlier is not None and earlier is connection.get_transaction():
        JUDGE.run(session)


def _settle_commitments(
    session: Session, books: Books, after: Book, entry: LedgerEntry, *, lines: Sequence[Line], actor: Actor
) -> None:
    ids = {one.code: one.id for one in books.contributors}
    for line in lines:
        if line.account == CHARTER:
            step = _step_of(entry.kind, line, after.of(line.contributor, CHARTER))
            session.flush()
            contributor = session.get_one(FundContributor, ids[line.contributor.code], populate_existing=True)
            move_if_due(session, books.fund, contributor, step, actor=actor)


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
    calls = books.calls if entry is None or entry.kind != "reversal" else _not_taken_back(session, books, entry, actor)
    owed, owed_before = _owed(books, after, calls), _owed(books, books.book, calls)
    fell_overdue = []
    for call, now_owed, was_owed in zip(calls, owed, owed_before, strict=True):
        is_default = entry is not None and entry.kind == "default" and now_owed < was_owed
        steps = ["default"] if is_default else _steps_of_call(call, now_owed)
        settled = _walk(session, books, call, list(steps), actor=actor)
        if settled is not None and settled.state == OVERDUE and call.state != OVERDUE:
            fell_overdue.append((settled, now_owed))
    return fell_overdue


def _not_taken_back(session: Session, books: Books, entry: LedgerEntry, actor: Actor) -> list[OpenCall]:
    """A reversal may open calls anew that were paid, and takes back the one that it reverses."""
    found = calls_in(session, books, (*OPEN_CALLS, "paid", "cured"))
    for call in found:
        if call.entry_id == entry.reverses_id:
            _walk(session, books, call, ["take_back"], actor=actor)
    return [call for call in found if call.entry_id != entry.reverses_id]


def parts_owed(books: Books, call_id: int) -> dict[str, int]:
    """What each contributor owes of an open call."""
    owed = _parts(books, books.book, books.calls)
    return next(parts for call, parts in zip(books.calls, owed, strict=True) if call.id == call_id)


def _owed(books: Books, book: Book, calls: Sequence[OpenCall]) -> list[int]:
    """What is owed of each call, by that book."""
    return [sum(parts.values()) for parts in _parts(books, book, calls)]


def _parts(books: Books, book: Book, calls: Sequence[OpenCall]) -> list[dict[str, int]]:
    left = {one.code: book.of(Contributor(one.code, one.is_city), RECEIVABLE) for one in books.contributors}
    return owed_of_calls([call.parts for call in calls], left)


def _walk(session: Session, books: Books, call: OpenCall, steps: Sequence[str], *, actor: Actor) -> CapitalCall | None:
    """The call after those of the steps that lead somewhere from where it is; most often there are none."""
    workflow = pack_of_version(session, call.version_id)
    if not any(leads(workflow, step, call.state) for step in steps):
        return None
    session.flush()
    moved = session.get_one(CapitalCall, call.id, populate_existing=True)
    for step in steps:
        move_if_due(session, books.fund, moved, step, actor=actor)
    return moved


def _steps_of_call(call: OpenCall, owed: int) -> Iterator[str]:
    if not owed:
        yield "cure" if call.state == OVERDUE else "pay"
    elif call.due_on < local_date(now()):
        yield "fall_due"
    else:
        yield "pay_partly" if owed < call.amount else "reopen"


def _settle_breach(session: Session, books: Books, actor: Actor) -> None:
    """Read what the database made of the entry; the clocks of a breach begin in this very transaction."""
    session.refresh(books.fund, ["state"])
    note_breach(session, books, actor=actor)

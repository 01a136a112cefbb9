"""Positions that end: the body's decision, the cost given up and the proceeds, as one entry of the ledger."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from applications.models import Case
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Invalid, NotFound, Reason
from fund.books import Books
from fund.endings import exits_of
from fund.exits import exit_lines
from fund.models import Deal, Position, PositionExit
from fund.models.exits import EXIT_KINDS, WAYS
from fund.operations.entries import add_entry
from fund.operations.writing import Voucher


@dataclass(frozen=True, slots=True)
class StatedExit:
    """An exit as it is stated; ``cost_vnd`` is what a partial one gives up of what was paid, else all that is left."""

    kind: str
    way: str
    exited_on: date
    proceeds_vnd: int
    decision: str
    justification: str
    cost_vnd: int | None = None


def exit_position(session: Session, books: Books, code: str, stated: StatedExit, *, actor: Actor) -> PositionExit:
    """End a position, by the code of its deal, in part or whole.

    Raises:
        NotFound: the fund holds no such position.
        Invalid: by field; nothing of it is left, more is given up than is left, a write-off with proceeds.
        Blocked: the fund is closed.
    """
    position = position_coded(session, books, code)
    cost = _cost(session, books, position, stated)
    voucher = Voucher("exit", stated.exited_on, stated.decision)
    entry = add_entry(session, books, exit_lines(books.book, cost, stated.proceeds_vnd), voucher=voucher, actor=actor)
    ended = PositionExit(
        fund_id=books.fund.id,
        position_id=position.id,
        entry_id=entry.id,
        kind=stated.kind,
        way=stated.way,
        cost_vnd=cost,
        proceeds_vnd=stated.proceeds_vnd,
        exited_on=stated.exited_on,
        decision=stated.decision,
        justification=stated.justification,
        recorded_by_id=actor.person_id,
        recorded_at=now(),
    )
    session.add(ended)
    session.flush()
    return ended


def position_coded(session: Session, books: Books, code: str) -> Position:
    """Raises NotFound."""
    named = func.coalesce(Case.code, Case.key) == code
    joined = select(Position).join(Deal, Deal.id == Position.deal_id).join(Case, Case.id == Deal.case_id)
    found = session.scalar(joined.where(Position.fund_id == books.fund.id, named))
    if found is None:
        raise NotFound
    return found


def _cost(session: Session, books: Books, position: Position, stated: StatedExit) -> int:
    """What of the position's cost is given up."""
    left = position.paid_vnd - sum(one.cost_vnd for one in exits_of(session, books.fund).get(position.id, ()))
    cost = (stated.cost_vnd or 0) if stated.kind == "partial_exit" else left
    faults: dict[str, list[str | Reason]] = {
        name: ["required"] for name in ("decision", "justification") if not getattr(stated, name).strip()
    }
    faults |= {
        name: ["not_a_choice"]
        for name, known in (("kind", EXIT_KINDS), ("way", WAYS))
        if getattr(stated, name) not in known
    }
    if stated.exited_on < position.invested_on:
        faults["exited_on"] = [Reason("fund_exit_too_early", {"invested_on": position.invested_on})]
    if stated.kind == "write_off" and stated.proceeds_vnd:
        faults["proceeds"] = ["fund_write_off_with_proceeds"]
    if stated.kind != "write_off" and not stated.proceeds_vnd:
        faults["proceeds"] = ["required"]
    if not left:
        faults["kind"] = ["fund_position_closed"]
    elif not 0 < cost <= left or (stated.kind == "partial_exit" and cost == left):
        faults["cost"] = [Reason("fund_exit_cost", {"most_vnd": left - 1})]
    if faults:
        raise Invalid(faults)
    return cost

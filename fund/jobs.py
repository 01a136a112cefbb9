"""What the clock does by itself: calls fall due, and a breach that nobody saw is told and gets its clocks."""

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.jobs import task
from foundation.notices import notify
from fund.books import Books
from fund.models import CapitalCall, Fund, FundBreach, FundMove, FundTerms
from fund.operations.breaches import OVERDUE, find_breach, judge_terms, keepers_of
from fund.operations.ledger import open_books, today
from fund.operations.moves import MADE_BY_THE_DATABASE
from fund.operations.settling import parts_owed, settle_calls
from fund.operations.tellings import PART_OVERDUE, tell_contributors


@task("fund:calls:settle", every="10 17 * * *")
def settle_funds(session: Session) -> None:
    """Shortly after midnight in Hanoi: calls whose day has passed are overdue, terms begin to hold, people are told."""
    late = select(CapitalCall.fund_id).where(
        CapitalCall.state.in_(("issued", "partly_paid")), CapitalCall.due_on < today()
    )
    unseen = select(FundBreach.fund_id).where(FundBreach.closed_at.is_(None), FundBreach.cure_due_on.is_(None))
    chosen = or_(Fund.id.in_(late), Fund.id.in_(unseen), _terms_begun())
    codes = session.scalars(select(Fund.code).where(chosen).order_by(Fund.code)).all()
    for code in codes:
        books = open_books(session, code, actor=SYSTEM)
        judge_terms(session, books, actor=SYSTEM)
        overdue = settle_calls(session, books, books.book, entry=None, actor=SYSTEM)
        session.flush()
        for call, owed in overdue:
            _tell(session, books, call, owed)
        find_breach(session, books)


def _terms_begun() -> ColumnElement[bool]:
    """Other terms began to hold since the fund was judged by the day."""
    not_judged = or_(Fund.judged_on.is_(None), FundTerms.valid_from > Fund.judged_on)
    return exists().where(FundTerms.fund_id == Fund.id, FundTerms.valid_from <= today(), not_judged)


@task("fund:moves:find", every="*/10 * * * *")
def find_moves(session: Session) -> None:
    """A breach that plain SQL caused, or ended, is made known like every other."""
    untold = select(FundMove.id).where(
        FundMove.fund_id == Fund.id,
        FundMove.subject == "fund",
        FundMove.step.in_(MADE_BY_THE_DATABASE),
        FundMove.id > Fund.told_move_id,
    )
    for code in session.scalars(select(Fund.code).where(untold.exists()).order_by(Fund.code)).all():
        find_breach(session, open_books(session, code, actor=SYSTEM))


def _tell(session: Session, books: Books, call: CapitalCall, owed: int) -> None:
    facts = {"code": books.fund.code, "number": call.number, "owed_vnd": owed, "due_on": call.due_on}
    link = f"/funds/{books.fund.code}/calls/{call.number}"
    notify(session, keepers_of(session, books.fund), OVERDUE, facts=facts, link=link)
    told = {"number": call.number, "due_on": call.due_on}
    parts = {who: {"owed_vnd": part, **told} for who, part in parts_owed(books, call.id).items()}
    tell_contributors(session, books.fund, PART_OVERDUE, parts)

"""What stands in a fund's books when one of its deals is looked at, and the limits that the deal then keeps."""

from collections.abc import Sequence
from fractions import Fraction

from sqlalchemy import case, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from applications.models import Case
from fund.books import Books
from fund.capital import CHARTER, RECEIVABLE, UNCALLED
from fund.endings import exits_in
from fund.limits import Allowance, Finding, Holding, Standing, examine_deal
from fund.models import Deal, FundTerms, LedgerEntry, Position, PositionExit, Valuation

PROMISED = ("approved", "contracting", "conditions")
"""States in which a deal has the body's word and not yet its money."""


def limits_of_deal(session: Session, deal: Deal, books: Books) -> list[Finding]:
    """All limits on a deal, by these books."""
    standing = standing_of(session, deal, books)
    return examine_deal(deal.sought_vnd, deal.pre_money_vnd, standing, allowance_of(books.terms))


def allowance_of(terms: FundTerms) -> Allowance:
    return Allowance(terms.loss_percent, terms.concentration_percent, terms.company_share_percent)


def standing_of(session: Session, deal: Deal, books: Books) -> Standing:
    """Without the deal itself: its money is not promised to itself."""
    book = books.book
    whole = {account: sum(book.total(account, is_city=one) for one in (True, False)) for account in ACCOUNTS}
    return Standing(
        charter=whole[CHARTER],
        callable_money=whole[UNCALLED] + whole[RECEIVABLE] + book.money,
        promised=_promised(session, deal),
        losses=losses_of(session, deal),
        is_in_breach=book.is_in_breach,
        held=_held(session, deal),
    )


ACCOUNTS = (CHARTER, UNCALLED, RECEIVABLE)


def _promised(session: Session, deal: Deal) -> int:
    amount = session.scalar(
        select(func.coalesce(func.sum(Deal.amount_vnd), 0))
        .join(Case, Case.id == Deal.case_id)
        .where(Deal.fund_id == deal.fund_id, Deal.id != deal.id, Case.state.in_(PROMISED))
    )
    return int(amount or 0)


def _held(session: Session, deal: Deal) -> Sequence[Holding]:
    rows = session.scalars(
        select(Position).where(
            Position.fund_id == deal.fund_id,
            Position.organisation_id == deal.organisation_id,
            Position.deal_id != deal.id,
        )
    )
    given_up = {one: sum(part.cost_vnd for part in parts) for one, parts in exits_in(session, deal.fund_id).items()}
    left = [(row, row.paid_vnd - given_up.get(row.id, 0)) for row in rows]
    return [Holding(held, Fraction(held, row.paid_vnd + row.pre_money_vnd)) for row, held in left if held]


def losses_of(session: Session, deal: Deal) -> int:
    """What the other positions are worth or brought less than was paid for them, by the latest valuation of each.

    Decree 264/2025 art. 10(4) leaves the method to the fund; a position that nobody valued is worth what was paid.
    """
    latest = (
        select(Valuation.position, Valuation.amount_vnd)
        .ext(distinct_on(Valuation.position))
        .where(Valuation.fund_id == deal.fund_id, Valuation.position != "")
        .order_by(Valuation.position, Valuation.valued_on.desc(), Valuation.id.desc())
        .subquery()
    )
    undone = exists().where(LedgerEntry.reverses_id == PositionExit.entry_id)
    ended = (
        select(
            PositionExit.position_id,
            func.sum(PositionExit.cost_vnd).label("cost"),
            func.sum(PositionExit.proceeds_vnd).label("proceeds"),
        )
        .where(PositionExit.fund_id == deal.fund_id, ~undone)
        .group_by(PositionExit.position_id)
        .subquery()
    )
    held = Position.paid_vnd - func.coalesce(ended.c.cost, 0)
    worth = case((held == 0, 0), else_=func.coalesce(latest.c.amount_vnd, held)) + func.coalesce(ended.c.proceeds, 0)
    lost = func.greatest(Position.paid_vnd - worth, 0)
    query = (
        select(func.coalesce(func.sum(lost), 0))
        .join(Deal, Deal.id == Position.deal_id)
        .join(Case, Case.id == Deal.case_id)
        .outerjoin(ended, ended.c.position_id == Position.id)
        .outerjoin(latest, latest.c.position == func.coalesce(Case.code, Case.key))
        .where(Position.fund_id == deal.fund_id, Position.deal_id != deal.id)
    )
    return int(session.scalar(query) or 0)

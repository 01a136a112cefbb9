"""How the city's share moved over the years, on the bases that bind."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fund.capital import CHARTER, CHARTER_BASE, PAID, PAID_BASE
from fund.ceiling import share_rounded_up
from fund.models import Fund, FundContributor, LedgerDay

BASE_OF = {CHARTER: CHARTER_BASE, PAID: PAID_BASE}


@dataclass(frozen=True, slots=True)
class SharePoint:
    """From a day on the city has so much of the whole on one base; ``share`` in six decimals, rounded up."""

    on: date
    base: str
    city: int
    whole: int

    @property
    def share(self) -> str:
        return share_rounded_up(self.city, self.whole)


def share_history(session: Session, fund: Fund) -> list[SharePoint]:
    """Every day on which charter or paid-in capital changed, in order of time."""
    amount = func.sum(LedgerDay.amount_vnd)
    city = func.coalesce(amount.filter(FundContributor.is_city), 0)
    rows = session.execute(
        select(LedgerDay.effective_on, LedgerDay.account, city, amount)
        .join(FundContributor, FundContributor.id == LedgerDay.contributor_id)
        .where(LedgerDay.fund_id == fund.id, LedgerDay.account.in_(BASE_OF))
        .group_by(LedgerDay.effective_on, LedgerDay.account)
        .order_by(LedgerDay.effective_on)
    )
    held: dict[str, tuple[int, int]] = dict.fromkeys(BASE_OF, (0, 0))
    points = []
    for day, account, of_city, of_all in rows:
        sign = -1 if account == CHARTER else 1
        held[account] = (held[account][0] + sign * int(of_city), held[account][1] + sign * int(of_all))
        if held[account][1]:
            points.append(SharePoint(day, BASE_OF[account], *held[account]))
    return points

"""Which money paid which request: what comes pays the oldest due first, and what is left waits for the next."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from parks.arrears import Debt


@dataclass(frozen=True, slots=True)
class Due:
    """A request: its key, when it is due, how much."""

    key: str
    due_on: date
    amount_vnd: int


@dataclass(slots=True)
class Settlement:
    """What was paid of each request, by day; ``credit_vnd`` is money that no request has used yet."""

    debts: dict[str, Debt] = field(default_factory=dict)
    credit_vnd: int = 0

    def open_on(self, day: date) -> int:
        return sum(debt.open_on(day) for debt in self.debts.values())


def settle(dues: Sequence[Due], payments: Sequence[tuple[date, int]]) -> Settlement:
    """Money in the order of its days against requests in the order in which they are due."""
    settlement, money = Settlement(), deque(sorted(payments))
    for due in sorted(dues, key=lambda due: (due.due_on, due.key)):
        missing, paid = due.amount_vnd, []
        while missing and money:
            day, left = money.popleft()
            taken = min(missing, left)
            paid.append((day, taken))
            missing -= taken
            if left > taken:
                money.appendleft((day, left - taken))
        settlement.debts[due.key] = Debt(due.due_on, due.amount_vnd, paid)
    settlement.credit_vnd = sum(left for _day, left in money)
    return settlement

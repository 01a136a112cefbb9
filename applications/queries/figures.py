"""What the public may know of all dossiers together: how many came, are at work and were answered."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from applications.models.counts import CaseCount, CaseCountChange


@dataclass(frozen=True, slots=True)
class Figures:
    """Dossiers that were sent: now at work, and brought to an end."""

    at_work: int = 0
    concluded: int = 0

    @property
    def received(self) -> int:
        """All that were ever sent."""
        return self.at_work + self.concluded


def public_figures(session: Session, procedure_ids: Collection[int]) -> dict[int, Figures]:
    """The figures of each procedure, exact at this instant and added up from counters alone."""
    counted = (
        select(CaseCount.procedure_id, CaseCount.state_kind, CaseCount.number)
        .union_all(select(CaseCountChange.procedure_id, CaseCountChange.state_kind, CaseCountChange.change))
        .subquery()
    )
    query = (
        select(counted.c.procedure_id, counted.c.state_kind, func.sum(counted.c.number).label("number"))
        .where(counted.c.procedure_id.in_(procedure_ids))
        .group_by(counted.c.procedure_id, counted.c.state_kind)
    )
    numbers = {(row.procedure_id, row.state_kind): int(row.number) for row in session.execute(query)}
    return {
        one: Figures(at_work=numbers.get((one, "open"), 0), concluded=numbers.get((one, "final"), 0))
        for one in procedure_ids
    }


def together(figures: Collection[Figures]) -> Figures:
    """The figures of several procedures as one."""
    return Figures(sum(one.at_work for one in figures), sum(one.concluded for one in figures))

"""The dossiers that stand still: nobody in charge, or nothing done for too long."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Code, Instant, Model

NOBODY, NO_EVENT = "nobody_in_charge", "no_event"
REASONS = (NOBODY, NO_EVENT)


class StuckCase(Model):
    """A dossier on the stuck list of its unit: why, since when, and when its people were told."""

    __tablename__ = "stuck_cases"
    __table_args__ = (
        CheckConstraint(f"reason IN {REASONS}", name="reason"),
        Index("ix_stuck_cases_unit", "unit_id", "since", "case_id"),
        Index("ix_stuck_cases_since", "since", "case_id"),
        Index("ix_stuck_cases_untold", "case_id", postgresql_where=text("told_at IS NULL")),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    reason: Mapped[Code]
    since: Mapped[Instant]
    listed_at: Mapped[Instant]
    told_at: Mapped[datetime | None]

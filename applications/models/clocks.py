"""The legal clock as a ledger: runs of a deadline, made of intervals in which it ran or was paused."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Code, Instant, Key, Model


class ClockRun(Model):
    """One run of a deadline from its start, or from zero again, to its end.

    ``due_at`` follows from the intervals and is empty while paused: late is measured by it. An apology sets
    ``reappointed_due_at`` beside it. ``end_kind`` is stopped or restarted; ``expires_by`` is the step that the
    clock itself makes when the term has passed.
    """

    __tablename__ = "clock_runs"
    __table_args__ = (
        UniqueConstraint("case_id", "clock", "round"),
        Index(
            "uq_clock_runs_one_running",
            "case_id",
            "clock",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_clock_runs_expiring",
            "due_at",
            "id",
            postgresql_where=text("ended_at IS NULL AND expires_by IS NOT NULL"),
        ),
        CheckConstraint("(ended_at IS NULL) = (end_kind IS NULL)", name="ended"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    clock: Mapped[Code]
    round: Mapped[int]
    length_amount: Mapped[int]
    length_unit: Mapped[Code]
    source: Mapped[Code]
    responsible: Mapped[Code]
    calendar: Mapped[Code]
    started_at: Mapped[Instant]
    counts_from: Mapped[date]
    ended_at: Mapped[datetime | None]
    end_kind: Mapped[str | None]
    due_at: Mapped[datetime | None]
    reappointed_due_at: Mapped[datetime | None]
    expires_by: Mapped[str | None]

    intervals: Mapped[list["ClockInterval"]] = relationship(order_by="ClockInterval.id", lazy="selectin", cascade="all")


class ClockInterval(Model):
    """A stretch in which the clock ran or stood still, with its ground (a step) and its author."""

    __tablename__ = "clock_intervals"
    __table_args__ = (
        CheckConstraint("kind IN ('run', 'pause')", name="kind"),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="in_order"),
        Index("uq_clock_intervals_one_open", "run_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_clock_intervals_run", "run_id"),
    )

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(ForeignKey("clock_runs.id"))
    kind: Mapped[Code]
    started_at: Mapped[Instant]
    ended_at: Mapped[datetime | None]
    ground: Mapped[Code]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    actor_kind: Mapped[Code]

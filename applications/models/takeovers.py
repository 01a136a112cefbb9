"""Dossiers taken over from older registers, and the sheets that brought them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Code, Instant, Key, Model, Words, now

STATUSES = ("looking", "looked", "writing", "done", "failed")


class TakeoverSheet(Model):
    """A sheet of older dossiers of one procedure and register: looked at first, then taken over as a whole or not.

    ``rows`` are ``{line, answers}`` as they were read, ``letters`` name the sheet's column of each question.
    ``report`` is what the last look, or the taking over, came to; ``progress`` counts rows while a job is at it.
    Where that work failed for good, the report says which (``failed``: the status then) and why (``reason``).
    """

    __tablename__ = "takeover_sheets"
    __table_args__ = (
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name="done"),
        Index("ix_takeover_sheets_procedure", "procedure_id", "id"),
    )

    id: Mapped[Key]
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedures.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("procedure_versions.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    register: Mapped[Words]
    filename: Mapped[Words]
    rows: Mapped[list[Any]] = mapped_column(JSONB)
    letters: Mapped[dict[str, str]] = mapped_column(JSONB)
    status: Mapped[Code] = mapped_column(default="looking")
    progress: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    sent_at: Mapped[Instant] = mapped_column(default=now)
    done_at: Mapped[datetime | None]


class Takeover(Model):
    """Where a dossier came from that was not decided here: its older number, of which register, and its source."""

    __tablename__ = "takeovers"
    __table_args__ = (UniqueConstraint("procedure_id", "register", "number"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), primary_key=True, autoincrement=False)
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedures.id"))
    register: Mapped[Words]
    number: Mapped[Words]
    applicant: Mapped[str | None]
    source: Mapped[str | None]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("takeover_sheets.id"), index=True)
    line: Mapped[int]

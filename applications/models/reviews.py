"""Reviews: who is asked, what they declared, how they scored."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Code, Instant, Key, Model, Words, now

CONFLICT_KINDS = ("employer", "shareholding", "family", "paid_advice", "institution", "other")


class Conflict(Model):
    """A standing interest of a person in an organisation; whoever has one cannot be assigned."""

    __tablename__ = "conflicts"
    __table_args__ = (
        CheckConstraint(f"kind IN {CONFLICT_KINDS}", name="kind"),
        UniqueConstraint("person_id", "organisation_id", "kind"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[Code]
    note: Mapped[Words] = mapped_column(default="")
    until: Mapped[date | None]
    declared_at: Mapped[Instant] = mapped_column(default=now)


class ReviewAssignment(Model):
    """One reviewer asked for one case. The file opens only after ``declared_at`` without a conflict."""

    __tablename__ = "review_assignments"
    __table_args__ = (
        Index(
            "uq_review_assignments_current", "case_id", "reviewer_id", unique=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
        Index(
            "ix_review_assignments_reviewer", "reviewer_id", text("(submitted_at IS NOT NULL)"), text("id DESC"),
            postgresql_where=text("removed_at IS NULL"),
        ),
        Index(
            "ix_review_assignments_open", "reviewer_id",
            postgresql_where=text("removed_at IS NULL AND submitted_at IS NULL"),
        ),
        CheckConstraint("submitted_at IS NULL OR has_conflict IS FALSE", name="declared_before_submitting"),
    )  # fmt: skip

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    assigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    assigned_at: Mapped[Instant] = mapped_column(default=now)
    declared_at: Mapped[datetime | None]
    has_conflict: Mapped[bool | None]
    conflict_kind: Mapped[str | None]
    conflict_note: Mapped[Words] = mapped_column(default="")
    summary: Mapped[Words] = mapped_column(default="")
    submitted_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]

    scores: Mapped[list["ReviewScore"]] = relationship(
        order_by="ReviewScore.id", lazy="selectin", cascade="all, delete-orphan"
    )


class ReviewScore(Model):
    """A reviewer's score on one criterion; empty while the review is being written."""

    __tablename__ = "review_scores"
    __table_args__ = (UniqueConstraint("assignment_id", "criterion"),)

    id: Mapped[Key]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("review_assignments.id"))
    criterion: Mapped[Code]
    score: Mapped[int | None]
    comment: Mapped[Words] = mapped_column(default="")

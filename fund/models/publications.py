"""Decisions to tell the public a field of a fund, or to withhold it, each with its reason."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Code, Instant, Key, Model, Words, append_only, now


@append_only
class FundPublication(Model):
    """Of one field the decision recorded last holds."""

    __tablename__ = "fund_publications"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="reason"),
        Index("ix_fund_publications_fund", "fund_id", "field", "id"),
    )

    id: Mapped[Key]
    fund_id: Mapped[int] = mapped_column(ForeignKey("funds.id"))
    field: Mapped[Code]
    is_published: Mapped[bool]
    reason: Mapped[Words]
    recorded_at: Mapped[Instant] = mapped_column(default=now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)

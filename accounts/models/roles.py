"""Roles that the city grants to a person, each with a scope and a period."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.people import Person
from accounts.models.places import Unit
from foundation.database import Code, Instant, Key, Model, Words, now
from foundation.revisions import follow


@follow("grants")
class RoleGrant(Model):
    """One role of one person. An empty scope means everywhere; ``ends_on`` is the last day of the grant."""

    __tablename__ = "role_grants"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("granted_by_id <> person_id", name="not_to_oneself"),
        Index(
            "uq_role_grants_same_grant",
            "person_id",
            "role",
            "scope_procedure",
            "scope_unit_id",
            "scope_park",
            "scope_fund",
            "starts_on",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_role_grants_role", "role", postgresql_where=text("revoked_at IS NULL")),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    role: Mapped[Code]
    scope_procedure: Mapped[str | None]
    scope_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"))
    scope_park: Mapped[str | None]
    scope_fund: Mapped[str | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    reason: Mapped[Words]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))
    created_at: Mapped[Instant] = mapped_column(default=now)
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"))

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    unit: Mapped[Unit | None] = relationship(lazy="raise", viewonly=True)

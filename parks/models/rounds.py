"""Rounds in which spaces are allocated: criteria as published, firms with their preferences and points, offers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Code, Facts, Instant, Key, Model, Words, now
from parks.models.allocations import SpaceAllocation
from parks.models.parks import Park
from parks.models.spaces import Space

SIZES = ("small", "medium", "large")
ANSWERS = ("accepted", "declined", "lapsed", "forfeited", "moved_up")


class AllocationRound(Model):
    """A round: open for applications from its publication, decided once; the database keeps what was published.

    ``criteria`` and ``quotas`` are rows of data; ``alternatives`` is what other aims would yield, worked out by a job.
    Spaces are given from ``starts_on`` to ``ends_on``; where it ``needs_admission``, to firms admitted to the park.
    """

    __tablename__ = "allocation_rounds"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="term"),
        CheckConstraint("closes_on < starts_on", name="closing"),
        Index("ix_allocation_rounds_park", "park_id", "id"),
    )

    id: Mapped[Key]
    key: Mapped[Code] = mapped_column(
        Computed("'DP-'::text || lpad(id::text, greatest(6, length(id::text)), '0'::text)", persisted=True), unique=True
    )
    park_id: Mapped[int] = mapped_column(ForeignKey("parks.id"))
    title: Mapped[Facts]
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    quotas: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    closes_on: Mapped[date]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    needs_admission: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    published_at: Mapped[Instant] = mapped_column(default=now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    alternatives: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)

    park: Mapped[Park] = relationship(lazy="raise")
    offered: Mapped[list["RoundSpace"]] = relationship(lazy="raise", order_by="RoundSpace.id")
    applicants: Mapped[list["RoundApplicant"]] = relationship(lazy="raise", order_by="RoundApplicant.id")
    offers: Mapped[list["RoundOffer"]] = relationship(lazy="raise", order_by="RoundOffer.id")
    overrides: Mapped[list["RoundOverride"]] = relationship(lazy="raise", order_by="RoundOverride.id")


class RoundSpace(Model):
    """A space of a round, kept for firms of one size where it says so; the round has it until ``settled_at``.

    ``period`` is the term of the round, written by the database.
    """

    __tablename__ = "round_spaces"
    __table_args__ = (
        CheckConstraint("kept_for IN ('small', 'medium', 'large')", name="kept_for"),
        UniqueConstraint("round_id", "space_id"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("allocation_rounds.id"))
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"), index=True)
    kept_for: Mapped[str | None]
    period: Mapped[Range[date]] = mapped_column(DATERANGE, server_default=text("'empty'"))
    settled_at: Mapped[datetime | None]

    space: Mapped[Space] = relationship(lazy="raise")


class RoundApplicant(Model):
    """A firm in a round; ``preferences`` are codes of spaces in order, ``points`` what it got for each criterion."""

    __tablename__ = "round_applicants"
    __table_args__ = (
        CheckConstraint("size IN ('small', 'medium', 'large')", name="size"),
        UniqueConstraint("round_id", "name"),
    )

    id: Mapped[Key]
    key: Mapped[Code] = mapped_column(
        Computed("'DK-'::text || lpad(id::text, greatest(6, length(id::text)), '0'::text)", persisted=True), unique=True
    )
    round_id: Mapped[int] = mapped_column(ForeignKey("allocation_rounds.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[Words]
    size: Mapped[Code]
    sector: Mapped[Words]
    need: Mapped[Facts]
    preferences: Mapped[list[str]] = mapped_column(JSONB)
    points: Mapped[dict[str, Any]] = mapped_column(JSONB)
    complete_at: Mapped[Instant]
    admission_id: Mapped[int | None] = mapped_column(ForeignKey("park_admissions.id"), index=True)


class RoundOffer(Model):
    """A space offered to a firm until a day; unanswered it lapses, and the space moves on. One lives for a space.

    Whoever accepted and let the hold lapse without a contract has ``forfeited`` it; ``moved_up`` is an unanswered offer
    withdrawn for one of a space that the firm wanted more.
    """

    __tablename__ = "round_offers"
    __table_args__ = (
        CheckConstraint("answer IN ('accepted', 'declined', 'lapsed', 'forfeited', 'moved_up')", name="answer"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        Index("ix_round_offers_round", "round_id", "id"),
        Index("ix_round_offers_waiting", "expires_at", postgresql_where=text("answer IS NULL")),
        Index(
            "uq_round_offers_space",
            "round_id",
            "space_id",
            unique=True,
            postgresql_where=text("answer IS NULL OR answer = 'accepted'"),
        ),
        Index(
            "uq_round_offers_applicant",
            "applicant_id",
            unique=True,
            postgresql_where=text("answer IS NULL OR answer = 'accepted'"),
        ),
    )

    id: Mapped[Key]
    key: Mapped[Code] = mapped_column(
        Computed("'DN-'::text || lpad(id::text, greatest(6, length(id::text)), '0'::text)", persisted=True), unique=True
    )
    round_id: Mapped[int] = mapped_column(ForeignKey("allocation_rounds.id"))
    applicant_id: Mapped[int] = mapped_column(ForeignKey("round_applicants.id"))
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"), index=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("space_allocations.id"), index=True)
    offered_at: Mapped[Instant] = mapped_column(default=now)
    expires_at: Mapped[Instant]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None]

    applicant: Mapped[RoundApplicant] = relationship(lazy="raise")
    space: Mapped[Space] = relationship(lazy="raise")
    allocation: Mapped[SpaceAllocation] = relationship(lazy="raise")


class RoundOverride(Model):
    """A placement that people decided otherwise than proposed, for a reason that is published; no space gives none."""

    __tablename__ = "round_overrides"
    __table_args__ = (
        CheckConstraint("length(reason) >= 20", name="reason"),
        Index("ix_round_overrides_round", "round_id", "id"),
        Index("uq_round_overrides_firm", "applicant_id", unique=True, postgresql_where=text("withdrawn_at IS NULL")),
        Index(
            "uq_round_overrides_space",
            "round_id",
            "space_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("allocation_rounds.id"))
    applicant_id: Mapped[int] = mapped_column(ForeignKey("round_applicants.id"))
    space_id: Mapped[int | None] = mapped_column(ForeignKey("spaces.id"), index=True)
    reason: Mapped[Words]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    made_at: Mapped[Instant] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)

    applicant: Mapped[RoundApplicant] = relationship(lazy="raise")
    space: Mapped[Space | None] = relationship(lazy="raise")


RoundSpace.__table__.append_constraint(  # type: ignore[attr-defined]  # a Table, declared as FromClause
    ExcludeConstraint(
        (func.int8range(RoundSpace.space_id, RoundSpace.space_id, text("'[]'")), "&&"),
        (RoundSpace.period, "&&"),
        where=text("settled_at IS NULL"),
        name="ex_round_spaces_open",
        using="gist",
    )
)

"""Deals of a fund beside their dossiers: terms, votes of the investment body, conditions, what the fund then holds."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Code, Instant, Key, Model, Vnd, Words, append_only, now

ORIGINS = ("applied", "sourced")
INSTRUMENTS = ("ordinary_shares", "preferred_shares", "llc_stake", "convertible_note", "purchase_option")
VOTES = ("for", "against", "abstain")
CLOSED, REJECTED = "closed_invested", "rejected"
"""States in which the procedure of deals ends; the others are those of its pack."""


class Deal(Model):
    """An investment under consideration; its dossier is the case, whose state is that of the deal.

    ``asked_vnd`` is what the company asks for, ``amount_vnd`` what the term sheet says; ``round`` counts how often
    the investment body was asked, votes belong to one round.
    """

    __tablename__ = "deals"
    __table_args__ = (
        CheckConstraint(f"origin IN {ORIGINS}", name="origin"),
        CheckConstraint("asked_vnd > 0", name="asked"),
        CheckConstraint("amount_vnd > 0 AND pre_money_vnd > 0", name="terms"),
        CheckConstraint(f"instrument IN {INSTRUMENTS}", name="instrument"),
        UniqueConstraint("fund_id", "id"),
    )

    id: Mapped[Key]
    fund_id: Mapped[int] = mapped_column(ForeignKey("funds.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    origin: Mapped[Code]
    field: Mapped[Code]
    asked_vnd: Mapped[Vnd]
    instrument: Mapped[str | None]
    amount_vnd: Mapped[int | None]
    pre_money_vnd: Mapped[int | None]
    round: Mapped[int] = mapped_column(default=0)
    meeting_on: Mapped[date | None]
    opened_at: Mapped[Instant] = mapped_column(default=now)

    conditions: Mapped[list["DealCondition"]] = relationship(lazy="raise", order_by="DealCondition.number")
    votes: Mapped[list["DealVote"]] = relationship(lazy="raise", order_by="DealVote.id")

    @property
    def sought_vnd(self) -> int:
        """What the deal would cost as far as it is known: by its term sheet, before that as asked."""
        return self.amount_vnd or self.asked_vnd

    @property
    def share_after(self) -> tuple[int, int] | None:
        """The fund's part of the company after the money came in, as numerator and denominator."""
        if self.amount_vnd is None or self.pre_money_vnd is None:
            return None
        return self.amount_vnd, self.amount_vnd + self.pre_money_vnd


@append_only
class DealVote(Model):
    """A vote in the investment body. Who does not vote for says why; who votes for the city shows the written
    instruction of the People's Committee, which is kept with the vote."""

    __tablename__ = "deal_votes"
    __table_args__ = (
        CheckConstraint(f"vote IN {VOTES}", name="vote"),
        CheckConstraint("vote = 'for' OR length(reason) > 0", name="dissent_is_reasoned"),
        CheckConstraint("is_for_city = (instruction_id IS NOT NULL)", name="instruction"),
        UniqueConstraint("deal_id", "round", "person_id"),
    )

    id: Mapped[Key]
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    round: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    is_for_city: Mapped[bool]
    vote: Mapped[Code]
    reason: Mapped[Words] = mapped_column(default="")
    instruction_number: Mapped[Words] = mapped_column(default="")
    instruction_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    cast_at: Mapped[Instant] = mapped_column(default=now)


class DealCondition(Model):
    """A condition precedent: what has to be shown before the fund pays."""

    __tablename__ = "deal_conditions"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("(met_at IS NULL) = (document_id IS NULL)", name="met"),
        UniqueConstraint("deal_id", "number"),
    )

    id: Mapped[Key]
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    number: Mapped[int]
    condition: Mapped[Words]
    evidence: Mapped[Words]
    met_at: Mapped[datetime | None]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    met_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


@append_only
class Position(Model):
    """What a fund holds since a closing: paid by an entry of its ledger, signed by two people.

    ``holder_of_record`` is whose name stands in the company's books: a fund by contract has no legal personality.
    """

    __tablename__ = "positions"
    __table_args__ = (
        CheckConstraint("paid_vnd > 0", name="paid"),
        CheckConstraint("length(holder_of_record) > 0", name="holder_of_record"),
        CheckConstraint("prepared_by_id <> released_by_id", name="two_signatures"),
        ForeignKeyConstraint(["fund_id", "deal_id"], ["deals.fund_id", "deals.id"]),
        ForeignKeyConstraint(["fund_id", "entry_id"], ["ledger_entries.fund_id", "ledger_entries.id"]),
        Index("ix_positions_fund", "fund_id", "invested_on", "id"),
    )

    id: Mapped[Key]
    fund_id: Mapped[int]
    deal_id: Mapped[int] = mapped_column(unique=True)
    entry_id: Mapped[int] = mapped_column(unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    instrument: Mapped[Code]
    paid_vnd: Mapped[Vnd]
    pre_money_vnd: Mapped[Vnd]
    invested_on: Mapped[date]
    holder_of_record: Mapped[Words]
    title_document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    payment_document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    released_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[Instant] = mapped_column(default=now)

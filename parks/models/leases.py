"""Leases as signed, the price frames they keep within, their reliefs, payment requests, payments and deposits."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, Numeric, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Code, Instant, Key, Model, Vnd, Words, append_only, now
from parks.models.allocations import SpaceAllocation
from parks.models.parks import ParkOperator, SquareMetres
from parks.models.spaces import Space

Rate = Annotated[Decimal, mapped_column(Numeric(7, 6))]
"""A fraction of one, exact to a ten-thousandth of a per cent."""

UnitPrice = Annotated[Decimal, mapped_column(Numeric(16, 2))]
"""Đồng for a square metre and month."""

RELIEF_KINDS = ("statutory", "programme")
DEPOSIT_KINDS = ("received", "drawn", "returned")


@append_only
class PriceFrame(Model):
    """Prices that an operator registered with the board, from a day on; of one day the last registered counts."""

    __tablename__ = "price_frames"
    __table_args__ = (
        CheckConstraint("0 <= lowest_vnd_m2 AND lowest_vnd_m2 <= highest_vnd_m2", name="prices"),
        CheckConstraint("service_highest_vnd_m2 >= 0", name="service"),
        CheckConstraint("reference <> ''", name="reference"),
        Index("ix_price_frames_operator", "operator_id", "use", "valid_from", "id"),
    )

    id: Mapped[Key]
    operator_id: Mapped[int] = mapped_column(ForeignKey("park_operators.id"))
    use: Mapped[Code]
    lowest_vnd_m2: Mapped[UnitPrice]
    highest_vnd_m2: Mapped[UnitPrice]
    service_highest_vnd_m2: Mapped[UnitPrice]
    is_land_rent_exempt: Mapped[bool]
    valid_from: Mapped[date]
    reference: Mapped[Words]
    registered_at: Mapped[Instant] = mapped_column(default=now)


@append_only
class OperatorAccount(Model):
    """Where tenants of an operator pay; the account entered last counts."""

    __tablename__ = "operator_accounts"
    __table_args__ = (
        CheckConstraint("bank_bin ~ '^[0-9]{6}$'", name="bank"),
        CheckConstraint("account_number ~ '^[0-9A-Za-z]{1,19}$'", name="number"),
    )

    id: Mapped[Key]
    operator_id: Mapped[int] = mapped_column(ForeignKey("park_operators.id"), index=True)
    bank_bin: Mapped[Code]
    bank_name: Mapped[Words]
    account_number: Mapped[Code]
    account_name: Mapped[Words]
    entered_at: Mapped[Instant] = mapped_column(default=now)


class Lease(Model):
    """A lease of one space; the database lets nothing of its terms change once it is signed.

    Where it stands is never stored: it follows from its days. Prices are a month and square metre, both days belong
    to the term, ``terminated_on`` is the last day of one that ended early.
    """

    __tablename__ = "leases"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on AND break_on BETWEEN starts_on AND ends_on", name="term"),
        CheckConstraint("area_m2 > 0", name="area"),
        CheckConstraint("least(base_vnd_m2, service_vnd_m2, land_rent_vnd_m2, deposit_vnd) >= 0", name="prices"),
        CheckConstraint("vat BETWEEN 0 AND 1 AND late_rate BETWEEN 0 AND 1", name="rates"),
        CheckConstraint("payment_days BETWEEN 0 AND 90", name="payment"),
        CheckConstraint("(signed_on IS NULL) = (allocation_id IS NULL)", name="signed"),
        CheckConstraint(
            "signed_on IS NOT NULL OR coalesce(notice_on, terminated_on, handed_back_on) IS NULL", name="ended"
        ),
        CheckConstraint("terminated_on BETWEEN starts_on AND ends_on", name="terminated"),
        CheckConstraint("handed_back_on >= starts_on", name="handed_back"),
        Index("ix_leases_operator", "operator_id", "id"),
        Index("ix_leases_signed", "id", postgresql_where=text("signed_on IS NOT NULL")),
    )

    id: Mapped[Key]
    key: Mapped[Code] = mapped_column(
        Computed("'HD-'::text || lpad(id::text, greatest(6, length(id::text)), '0'::text)", persisted=True), unique=True
    )
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"), index=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("park_operators.id"))
    allocation_id: Mapped[int | None] = mapped_column(ForeignKey("space_allocations.id"), unique=True)
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("leases.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    tenant: Mapped[Words]
    confirmation: Mapped[Words] = mapped_column(server_default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    break_on: Mapped[date | None]
    area_m2: Mapped[SquareMetres]
    base_vnd_m2: Mapped[UnitPrice]
    service_vnd_m2: Mapped[UnitPrice]
    land_rent_vnd_m2: Mapped[UnitPrice]
    escalation: Mapped[dict[str, Any]] = mapped_column(JSONB)
    vat: Mapped[Rate]
    late_rate: Mapped[Rate]
    payment_days: Mapped[int]
    deposit_vnd: Mapped[Vnd]
    permitted_use: Mapped[Words]
    sublet_rule: Mapped[Words]
    commitments: Mapped[list[str]] = mapped_column(JSONB)
    drafted_at: Mapped[Instant] = mapped_column(default=now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    signed_on: Mapped[date | None]
    notice_on: Mapped[date | None]
    terminated_on: Mapped[date | None]
    handed_back_on: Mapped[date | None]
    renewal_notices: Mapped[int] = mapped_column(default=0, server_default="0")

    space: Mapped[Space] = relationship(lazy="raise")
    operator: Mapped[ParkOperator] = relationship(lazy="raise")
    allocation: Mapped[SpaceAllocation | None] = relationship(lazy="raise")
    reliefs: Mapped[list["LeaseRelief"]] = relationship(lazy="raise", order_by="LeaseRelief.id")


@append_only
class LeaseRelief(Model):
    """A relief granted to a tenant: on what evidence, after which rule, from when to when."""

    __tablename__ = "lease_reliefs"
    __table_args__ = (
        CheckConstraint("kind IN ('statutory', 'programme')", name="kind"),
        CheckConstraint("rate > 0 AND rate <= 1", name="rate"),
        CheckConstraint("from_on <= to_on", name="validity"),
        CheckConstraint("evidence <> '' AND source <> ''", name="evidence"),
    )

    id: Mapped[Key]
    lease_id: Mapped[int] = mapped_column(ForeignKey("leases.id"), index=True)
    kind: Mapped[Code]
    rate: Mapped[Rate]
    from_on: Mapped[date]
    to_on: Mapped[date]
    evidence: Mapped[Words]
    source: Mapped[Words]
    granted_at: Mapped[Instant] = mapped_column(default=now)


class PaymentRequest(Model):
    """What a tenant is asked for a calendar month of a lease; no month of a lease is asked for twice.

    ``is_hold_over`` where it stayed after its term. ``corrected_vnd`` is the sum of its corrections, kept by trigger.
    """

    __tablename__ = "payment_requests"
    __table_args__ = (
        CheckConstraint("from_on <= to_on", name="period"),
        CheckConstraint("statutory_vnd + programme_vnd <= rent_vnd", name="reliefs"),
        CheckConstraint("total_vnd = rent_vnd - statutory_vnd - programme_vnd + service_vnd + vat_vnd", name="total"),
        CheckConstraint("total_vnd + corrected_vnd >= 0", name="corrected"),
        UniqueConstraint("lease_id", "from_on"),
    )

    id: Mapped[Key]
    key: Mapped[Code] = mapped_column(
        Computed("'YC-'::text || lpad(id::text, greatest(6, length(id::text)), '0'::text)", persisted=True), unique=True
    )
    lease_id: Mapped[int] = mapped_column(ForeignKey("leases.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    issued_on: Mapped[date]
    due_on: Mapped[date]
    rent_vnd: Mapped[Vnd]
    statutory_vnd: Mapped[Vnd]
    programme_vnd: Mapped[Vnd]
    service_vnd: Mapped[Vnd]
    vat_vnd: Mapped[Vnd]
    total_vnd: Mapped[Vnd]
    is_hold_over: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    corrected_vnd: Mapped[Vnd] = mapped_column(default=0, server_default="0")
    einvoice_number: Mapped[str | None]
    reminders: Mapped[int] = mapped_column(default=0, server_default="0")

    lease: Mapped[Lease] = relationship(lazy="raise")

    @property
    def owed_vnd(self) -> int:
        """What is asked for, with all that was put right since."""
        return self.total_vnd + self.corrected_vnd


PaymentRequest.__table__.append_constraint(  # type: ignore[attr-defined]  # a Table, declared as FromClause
    ExcludeConstraint(
        (func.int8range(PaymentRequest.lease_id, PaymentRequest.lease_id, text("'[]'")), "&&"),
        (func.daterange(PaymentRequest.from_on, PaymentRequest.to_on, text("'[]'")), "&&"),
        name="ex_payment_requests_period",
        using="gist",
    )
)


@append_only
class LeasePayment(Model):
    """Money that came for a lease; it pays the oldest request first."""

    __tablename__ = "lease_payments"
    __table_args__ = (
        CheckConstraint("amount_vnd > 0", name="amount"),
        CheckConstraint("reference <> ''", name="reference"),
        UniqueConstraint("lease_id", "reference"),
    )

    id: Mapped[Key]
    lease_id: Mapped[int] = mapped_column(ForeignKey("leases.id"))
    received_on: Mapped[date]
    amount_vnd: Mapped[Vnd]
    reference: Mapped[Words]
    recorded_at: Mapped[Instant] = mapped_column(default=now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)


@append_only
class DepositEntry(Model):
    """An entry of the deposit of a lease: received, drawn on by a decision, or returned; never below zero."""

    __tablename__ = "lease_deposits"
    __table_args__ = (
        CheckConstraint("kind IN ('received', 'drawn', 'returned')", name="kind"),
        CheckConstraint("amount_vnd > 0", name="amount"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    id: Mapped[Key]
    lease_id: Mapped[int] = mapped_column(ForeignKey("leases.id"), index=True)
    kind: Mapped[Code]
    amount_vnd: Mapped[Vnd]
    entered_on: Mapped[date]
    reason: Mapped[Words]
    recorded_at: Mapped[Instant] = mapped_column(default=now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)

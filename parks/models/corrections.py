"""What is put right by hand of a payment request, and the values of the price index that an operator's rents follow."""

from datetime import date
from decimal import Decimal

from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, Numeric, event, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Instant, Key, Model, Vnd, Words, append_only, now


@append_only
class RequestCorrection(Model):
    """An amount more or less that is asked of a request, with its reason; the request keeps its own amounts.

    ``is_stay`` where the clock wrote it for days that the tenant stayed after the last one.
    """

    __tablename__ = "request_corrections"
    __table_args__ = (
        CheckConstraint("amount_vnd <> 0", name="amount"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("payment_requests.id"), index=True)
    amount_vnd: Mapped[Vnd]
    reason: Mapped[Words]
    is_stay: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    recorded_at: Mapped[Instant] = mapped_column(default=now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)


@append_only
class PriceIndexValue(Model):
    """A value of the price index as it was published; of one day the value entered last counts."""

    __tablename__ = "price_index_values"
    __table_args__ = (
        CheckConstraint("value > 0", name="value"),
        CheckConstraint("source <> ''", name="source"),
        Index("ix_price_index_values_operator", "operator_id", "published_on", "id"),
    )

    id: Mapped[Key]
    operator_id: Mapped[int] = mapped_column(ForeignKey("park_operators.id"))
    published_on: Mapped[date]
    value: Mapped[Decimal] = mapped_column(Numeric(12, 4))
    source: Mapped[Words]
    entered_at: Mapped[Instant] = mapped_column(default=now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)


CORRECT = """
CREATE OR REPLACE FUNCTION payment_request_is_corrected() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE payment_requests SET corrected_vnd = corrected_vnd + NEW.amount_vnd WHERE id = NEW.request_id;
  RETURN NULL;
END $$
"""
BY_CORRECTIONS_ALONE = """
CREATE OR REPLACE FUNCTION payment_request_is_corrected_by_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'request % is corrected by a row with its reason', OLD.key USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""
STATEMENTS = (
    CORRECT,
    BY_CORRECTIONS_ALONE,
    "CREATE TRIGGER request_corrections_correct AFTER INSERT ON request_corrections "
    "FOR EACH ROW EXECUTE FUNCTION payment_request_is_corrected()",
    "CREATE TRIGGER payment_requests_corrected BEFORE UPDATE ON payment_requests FOR EACH ROW "
    "WHEN (NEW.corrected_vnd <> OLD.corrected_vnd) EXECUTE FUNCTION payment_request_is_corrected_by_rows()",
)

for _statement in STATEMENTS:
    event.listen(Model.metadata, "after_create", DDL(_statement.replace("%", "%%")))  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy

"""What a fund and its positions are worth, and what a public index stood at, as somebody entered it; never changed."""

from datetime import date
from decimal import Decimal

from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, Numeric, event
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Code, Instant, Key, Model, Vnd, Words, append_only, now

FAIR, BOOK = "fair", "book"
BASES = (FAIR, BOOK)
"""Fair value is reported to contributors; book value is that of the accounts."""

METHODS = ("recent_transaction", "market_multiple", "discounted_cash_flow", "net_assets", "cost")

RECORDED = """
CREATE FUNCTION fund_figure_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- nothing is recorded before what the fund knows already: what was known on a day stays what it was
  UPDATE funds SET figures = figures + 1,
      last_recorded_at = greatest(last_recorded_at, least(NEW.recorded_at, clock_timestamp()))
    WHERE id = NEW.fund_id RETURNING last_recorded_at INTO NEW.recorded_at;
  RETURN NEW;
END $$
"""


@append_only
class Valuation(Model):
    """The value of a fund, or of one position of it, on a day; of one day the one recorded last counts.

    ``position`` is the code of a position, empty for the fund as a whole.
    """

    __tablename__ = "fund_valuations"
    __table_args__ = (
        CheckConstraint("amount_vnd >= 0", name="amount"),
        CheckConstraint("basis IN ('fair', 'book')", name="basis"),
        CheckConstraint(
            "method IN ('recent_transaction', 'market_multiple', 'discounted_cash_flow', 'net_assets', 'cost')",
            name="method",
        ),
        Index("ix_fund_valuations_fund", "fund_id", "basis", "position", "valued_on", "id"),
        Index("ix_fund_valuations_entered", "fund_id", "id"),
    )

    id: Mapped[Key]
    fund_id: Mapped[int] = mapped_column(ForeignKey("funds.id"))
    position: Mapped[Code] = mapped_column(default="")
    basis: Mapped[Code] = mapped_column(default=FAIR)
    valued_on: Mapped[date]
    amount_vnd: Mapped[Vnd]
    method: Mapped[Code]
    source: Mapped[Words]
    recorded_at: Mapped[Instant] = mapped_column(default=now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)


@append_only
class IndexValue(Model):
    """What a public index stood at on a day; of one day the value recorded last counts."""

    __tablename__ = "fund_index_values"
    __table_args__ = (
        CheckConstraint("value > 0", name="value"),
        Index("ix_fund_index_values_fund", "fund_id", "index_code", "valued_on", "id"),
    )

    id: Mapped[Key]
    fund_id: Mapped[int] = mapped_column(ForeignKey("funds.id"))
    index_code: Mapped[Code]
    valued_on: Mapped[date]
    value: Mapped[Decimal] = mapped_column(Numeric(28, 10))
    recorded_at: Mapped[Instant] = mapped_column(default=now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)


STATEMENTS = (
    RECORDED,
    *(
        f"CREATE TRIGGER {table}_recorded BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fund_figure_recorded()"
        for table in (Valuation.__tablename__, IndexValue.__tablename__)
    ),
)

for _statement in STATEMENTS:
    event.listen(Model.metadata, "after_create", DDL(_statement.replace("%", "%%")))  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy

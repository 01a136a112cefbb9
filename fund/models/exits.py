"""How a position ends, in part or whole: what of its cost was given up, and what came of it."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Code, Instant, Key, Model, Vnd, Words, append_only, now

EXIT_KINDS = ("exit", "partial_exit", "write_off")
WAYS = ("competitive_sale", "negotiated_sale", "buy_back", "listing", "liquidation")
KNOWN_KINDS = ", ".join(f"'{kind}'" for kind in EXIT_KINDS)
KNOWN_WAYS = ", ".join(f"'{way}'" for way in WAYS)


@append_only
class PositionExit(Model):
    """An exit by an entry of the ledger; taking that entry back undoes it.

    ``decision`` names what the investment body decided, ``justification`` why in this way.
    """

    __tablename__ = "position_exits"
    __table_args__ = (
        CheckConstraint(f"kind IN ({KNOWN_KINDS})", name="kind"),
        CheckConstraint(f"way IN ({KNOWN_WAYS})", name="way"),
        CheckConstraint("cost_vnd > 0 AND proceeds_vnd >= 0", name="amounts"),
        CheckConstraint("kind <> 'write_off' OR proceeds_vnd = 0", name="write_off"),
        ForeignKeyConstraint(["fund_id", "entry_id"], ["ledger_entries.fund_id", "ledger_entries.id"]),
        Index("ix_position_exits_fund", "fund_id", "position_id", "id"),
    )

    id: Mapped[Key]
    fund_id: Mapped[int]
    position_id: Mapped[int] = mapped_column(ForeignKey("positions.id"))
    entry_id: Mapped[int] = mapped_column(unique=True)
    kind: Mapped[Code]
    way: Mapped[Code]
    cost_vnd: Mapped[Vnd]
    proceeds_vnd: Mapped[Vnd]
    exited_on: Mapped[date]
    decision: Mapped[Words]
    justification: Mapped[Words]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    recorded_at: Mapped[Instant] = mapped_column(default=now)

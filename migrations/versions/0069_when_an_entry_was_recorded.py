"""Find the entries of a fund that were recorded after a day without reading the others."""

from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_ledger_entries_recorded", "ledger_entries", ["fund_id", "recorded_at"])


def downgrade() -> None:
    op.drop_index("ix_ledger_entries_recorded", "ledger_entries")

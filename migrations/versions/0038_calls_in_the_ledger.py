"""Find the calls among the entries of a ledger without reading the others."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

NAME = "ix_ledger_entries_calls"


def upgrade() -> None:
    columns = ["fund_id", "effective_on", "id"]
    op.create_index(NAME, "ledger_entries", columns, postgresql_where=sa.text("kind = 'call'"))


def downgrade() -> None:
    op.drop_index(NAME, "ledger_entries")

"""Refuse distributions of money that is not there, and find reversals without reading the other entries."""

import sqlalchemy as sa
from alembic import op

from foundation.database import AS_IT_STANDS
from fund.models.guards import CASH, CLOSES

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

NAME = "ix_ledger_entries_reversals"
ANEW = CLOSES.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


def upgrade() -> None:
    op.get_bind().exec_driver_sql(ANEW, execution_options=AS_IT_STANDS)
    columns = ["fund_id", "effective_on"]
    op.create_index(NAME, "ledger_entries", columns, postgresql_where=sa.text("kind = 'reversal'"))


def downgrade() -> None:
    op.drop_index(NAME, "ledger_entries")
    op.get_bind().exec_driver_sql(ANEW.replace(CASH, "\n"), execution_options=AS_IT_STANDS)

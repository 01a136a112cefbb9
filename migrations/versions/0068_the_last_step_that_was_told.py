"""A fund knows the last of the database's own steps that its trail tells; what was made before counts as told."""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("funds", sa.Column("told_move_id", sa.BigInteger(), server_default="0", nullable=False))
    op.execute("UPDATE funds SET told_move_id = (SELECT coalesce(max(id), 0) FROM fund_moves WHERE fund_id = funds.id)")


def downgrade() -> None:
    op.drop_column("funds", "told_move_id")

"""Terms of a fund may leave it to another person to issue a call than the one who prepared it."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("fund_terms", sa.Column("calls_by_two", sa.Boolean(), server_default="false", nullable=False))


def downgrade() -> None:
    op.drop_column("fund_terms", "calls_by_two")

"""Room on the pages of spaces, so that a claim changes the row of its space where it stands."""

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE spaces SET (fillfactor = 80)")


def downgrade() -> None:
    op.execute("ALTER TABLE spaces RESET (fillfactor)")

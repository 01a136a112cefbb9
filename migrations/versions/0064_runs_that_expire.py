"""The job that makes the steps of clocks reads those whose term makes a step, not all that are late."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    makes_a_step = sa.text("ended_at IS NULL AND expires_by IS NOT NULL")
    op.create_index("ix_clock_runs_expiring", "clock_runs", ["due_at", "id"], postgresql_where=makes_a_step)
    op.drop_index("ix_clock_runs_due", "clock_runs")


def downgrade() -> None:
    running = sa.text("ended_at IS NULL")
    op.create_index("ix_clock_runs_due", "clock_runs", ["due_at"], postgresql_where=running)
    op.drop_index("ix_clock_runs_expiring", "clock_runs")

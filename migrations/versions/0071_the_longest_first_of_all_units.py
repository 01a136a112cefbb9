"""Indexes of what stands still longest in all units, and of the reviews that somebody still owes."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

LONGEST, OWED = "ix_stuck_cases_since", "ix_review_assignments_open"


def upgrade() -> None:
    open_ones = sa.text("removed_at IS NULL AND submitted_at IS NULL")
    op.create_index(LONGEST, "stuck_cases", ["since", "case_id"])
    op.create_index(OWED, "review_assignments", ["reviewer_id"], postgresql_where=open_ones)


def downgrade() -> None:
    op.drop_index(OWED, "review_assignments")
    op.drop_index(LONGEST, "stuck_cases")

"""A reviewer's tasks are indexed in the order of their list: open ones first, then the newest."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_review_assignments_reviewer", "review_assignments"
CURRENT = sa.text("removed_at IS NULL")
OPEN_FIRST = ["reviewer_id", sa.text("(submitted_at IS NOT NULL)"), sa.text("id DESC")]


def upgrade() -> None:
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, OPEN_FIRST, postgresql_where=CURRENT)


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, ["reviewer_id", "id"], postgresql_where=CURRENT)

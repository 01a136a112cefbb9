"""Notices are mailed in rounds; who holds a role is reference data that tells when it changes."""

import sqlalchemy as sa
from alembic import op

from foundation.revisions import follow_statement

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

UNMAILED = sa.text("mailed_at IS NULL")


def upgrade() -> None:
    op.add_column("notices", sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE notices SET mailed_at = created_at")
    op.create_index("ix_notices_unmailed", "notices", ["id"], postgresql_where=UNMAILED)
    op.execute(follow_statement("role_grants", "grants"))
    op.execute("INSERT INTO revisions (name) VALUES ('grants') ON CONFLICT DO NOTHING")


def downgrade() -> None:
    op.execute("DROP TRIGGER role_grants_revision ON role_grants")
    op.drop_index("ix_notices_unmailed", table_name="notices", postgresql_where=UNMAILED)
    op.drop_column("notices", "mailed_at")

"""Any list may be written to a file by a job: which one is kept with it."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    queue = sa.Column("kind", sa.String(length=120), nullable=False, server_default="applications.queue_file")
    op.add_column("list_exports", queue)
    op.alter_column("list_exports", "kind", server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM list_exports WHERE kind <> 'applications.queue_file'")
    op.drop_column("list_exports", "kind")

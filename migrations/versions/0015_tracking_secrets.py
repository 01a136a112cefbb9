"""A dossier can be followed with its code and a secret, of which only the digest is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("applications", sa.Column("tracking_digest", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("applications", "tracking_digest")

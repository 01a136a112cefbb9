"""Documents say when a scanner looked at them for viruses, and what it found."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("scanned_at", sa.DateTime(timezone=True)))
    op.add_column("documents", sa.Column("infection", sa.Text()))
    op.create_check_constraint(
        op.f("ck_documents_infection"), "documents", "infection IS NULL OR scanned_at IS NOT NULL"
    )
    unscanned = sa.text("scanned_at IS NULL")
    op.create_index("ix_documents_unscanned", "documents", ["id"], postgresql_where=unscanned)


def downgrade() -> None:
    op.drop_index("ix_documents_unscanned", table_name="documents")
    op.drop_constraint(op.f("ck_documents_infection"), "documents")
    op.drop_column("documents", "infection")
    op.drop_column("documents", "scanned_at")

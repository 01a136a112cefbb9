"""A document that was given before says which one it is."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("reused_from_id", sa.BigInteger()))
    op.create_foreign_key(
        op.f("fk_documents_reused_from_id_documents"), "documents", "documents", ["reused_from_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_documents_reused_from_id_documents"), "documents", type_="foreignkey")
    op.drop_column("documents", "reused_from_id")

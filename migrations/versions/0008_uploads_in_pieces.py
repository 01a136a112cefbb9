"""Files arrive in pieces and go on where they stopped."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("folder", sa.String(32), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.String(120), nullable=False),
        sa.Column("replaces_id", sa.BigInteger()),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(120), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("pieces", ARRAY(sa.String(32)), nullable=False),
        sa.Column("document_id", sa.BigInteger()),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("received BETWEEN 0 AND size AND size > 0", name="ck_uploads_received"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_uploads_case_id"),
        sa.ForeignKeyConstraint(["replaces_id"], ["documents.id"], name="fk_uploads_replaces_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_uploads_person_id"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_uploads_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
    )
    op.create_index("uq_uploads_folder", "uploads", ["folder"], unique=True)
    op.create_index("ix_uploads_touched_at", "uploads", ["touched_at"])
    same_file = ["person_id", "case_id", "slot", "filename", "size", "modified"]
    unfinished = sa.text("document_id IS NULL")
    op.create_index("uq_uploads_same_file", "uploads", same_file, unique=True, postgresql_where=unfinished)


def downgrade() -> None:
    op.drop_table("uploads")

"""Long lists are written to files by jobs, and their progress is kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "list_exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("extension", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=120), nullable=False),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.String(length=120), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("progress", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("scopes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("keep_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'writing', 'ready', 'cancelled', 'failed', 'expired')",
            name=op.f("ck_list_exports_status"),
        ),
        sa.CheckConstraint("extension IN ('csv', 'xlsx')", name=op.f("ck_list_exports_extension")),
        sa.CheckConstraint("(status = 'ready') = (file IS NOT NULL)", name=op.f("ck_list_exports_file")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_list_exports_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_exports")),
    )
    op.create_index("ix_list_exports_person", "list_exports", ["person_id", "asked_at"])
    op.create_index(
        "ix_list_exports_file",
        "list_exports",
        ["file"],
        unique=True,
        postgresql_where=sa.text("file IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("list_exports")

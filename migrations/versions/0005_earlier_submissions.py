"""What was sent before a correction stays beside what was sent after it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "earlier_submissions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("content", JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["applications.id"], name="fk_earlier_submissions_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_earlier_submissions"),
        sa.UniqueConstraint("case_id", "number", name="uq_earlier_submissions_case_id_number"),
    )


def downgrade() -> None:
    op.drop_table("earlier_submissions")

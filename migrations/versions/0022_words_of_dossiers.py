"""The words by which dossiers are found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

CHANGED = sa.text("words_at IS NULL OR words_at < updated_at")


def upgrade() -> None:
    op.create_table(
        "case_words",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sent", TSVECTOR(), nullable=False),
        sa.Column("own", TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_words_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_words"),
    )
    op.create_index("ix_case_words_sent", "case_words", ["sent"], postgresql_using="gin")
    op.create_index("ix_case_words_own", "case_words", ["own"], postgresql_using="gin")
    op.add_column("cases", sa.Column("words_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_cases_words", "cases", ["id"], postgresql_where=CHANGED)


def downgrade() -> None:
    op.drop_index("ix_cases_words", table_name="cases", postgresql_where=CHANGED)
    op.drop_column("cases", "words_at")
    op.drop_table("case_words")

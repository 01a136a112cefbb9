"""The words that name a dossier are indexed apart, so that the queue finds titles without their marks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

TABLE, COLUMN, INDEX = "case_words", "names", "ix_case_words_names"


def upgrade() -> None:
    named = sa.Computed("ts_filter(sent, '{a}'::\"char\"[])", persisted=True)
    op.add_column(TABLE, sa.Column(COLUMN, TSVECTOR, named, nullable=False))
    op.execute(f"ALTER TABLE {TABLE} ALTER COLUMN {COLUMN} SET STATISTICS 0")
    op.create_index(INDEX, TABLE, [COLUMN], postgresql_using="gin")


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
    op.drop_column(TABLE, COLUMN)

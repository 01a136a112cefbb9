"""Long values are only added and never read by an index alone: no vacuum has to come because they grew."""

from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

TABLES = ("applications", "letters", "case_words")


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} SET (toast.autovacuum_vacuum_insert_threshold = -1)")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} RESET (toast.autovacuum_vacuum_insert_threshold)")

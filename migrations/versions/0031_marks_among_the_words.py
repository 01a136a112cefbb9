"""The kept words of a dossier say where it belongs and how new it is."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

MARK = """
    UPDATE case_words SET sent = sent || marks, own = own || marks
    FROM (
      SELECT cases.id, array_to_tsvector(array_remove(ARRAY[
        '@unit ' || unit_id, '@procedure ' || procedures.code, '@organisation ' || organisation_id,
        '@of 512: ' || (cases.id >> 9), '@of 8192: ' || (cases.id >> 13), '@of 131072: ' || (cases.id >> 17)
      ], NULL)) AS marks
      FROM cases JOIN procedures ON procedures.id = procedure_id
    ) marked
    WHERE marked.id = case_id
"""
COLUMNS = ("sent", "own")


def upgrade() -> None:
    op.execute(MARK)
    for column in COLUMNS:
        op.execute(f"ALTER TABLE case_words ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    for column in COLUMNS:
        op.execute(f"ALTER TABLE case_words ALTER COLUMN {column} SET STATISTICS -1")

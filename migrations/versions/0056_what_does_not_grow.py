"""Pages that asked more of a larger database: indexes in the order of their lists, words kept once, a revision of tests."""

import sqlalchemy as sa
from alembic import op

from foundation.revisions import follow_statement

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

OPEN, BEGUN, DIFFERS = (
    sa.text("state_kind = 'open'"),
    sa.text("state_kind <> 'final'"),
    sa.text("own IS NOT NULL"),
)
BY_PLACE = ["procedure_id", "state", "holder_id"]
UNCOMPRESSED = (
    ("case_words", "sent"),
    ("case_words", "own"),
    ("letters", "facts"),
    ("applications", "answers"),
    ("applications", "submitted"),
)
FOLLOW_TESTS = follow_statement("test_regulations", "regulations")


def upgrade() -> None:
    op.create_index("ix_memberships_person_id", "memberships", ["person_id"])
    op.drop_index("ix_cases_late", "cases")
    late = ["unit_id", "original_due_at"]
    op.create_index("ix_cases_late", "cases", late, postgresql_include=BY_PLACE, postgresql_where=OPEN)
    awaited = ["procedure_id", "state", "urgent_at", "id"]
    op.create_index("ix_cases_awaited", "cases", awaited, postgresql_where=OPEN)
    op.create_index("ix_cases_owed", "cases", ["organisation_id", "state"], postgresql_where=BEGUN)
    _keep_as_it_is()
    _keep_words_once()
    op.execute(FOLLOW_TESTS)
    op.execute("INSERT INTO revisions (name) VALUES ('regulations') ON CONFLICT DO NOTHING")


def _keep_as_it_is() -> None:
    """Words do not compress at all, and frozen facts by a fifth: trying takes longer than writing them."""
    for table, column in UNCOMPRESSED:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL")


def _keep_words_once() -> None:
    op.drop_index("ix_case_words_own", "case_words")
    op.alter_column("case_words", "own", nullable=True)
    op.execute("UPDATE case_words SET own = NULL WHERE own = sent")
    op.create_index("ix_case_words_own", "case_words", ["own"], postgresql_using="gin", postgresql_where=DIFFERS)


def downgrade() -> None:
    op.execute("DROP TRIGGER test_regulations_revision ON test_regulations")
    op.execute("DELETE FROM revisions WHERE name = 'regulations'")
    op.drop_index("ix_case_words_own", "case_words")
    op.execute("UPDATE case_words SET own = sent WHERE own IS NULL")
    for table, column in UNCOMPRESSED:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTENDED")
    op.alter_column("case_words", "own", nullable=False)
    op.create_index("ix_case_words_own", "case_words", ["own"], postgresql_using="gin")
    op.drop_index("ix_cases_owed", "cases")
    op.drop_index("ix_cases_awaited", "cases")
    op.drop_index("ix_cases_late", "cases")
    op.create_index("ix_cases_late", "cases", ["original_due_at"], postgresql_where=OPEN)
    op.drop_index("ix_memberships_person_id", "memberships")

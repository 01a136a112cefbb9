"""The register of tests finds by words that are kept, not by titles that are folded one by one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

INDEX = "ix_test_regulations_words"
TITLE = "lower(cases.title)"
FOLDED = f"""
    regexp_replace(regexp_replace(normalize(replace({TITLE}, 'đ', 'd'), NFKD), '[\u0300-\u036f]', '', 'g'),
                   '[^[:alnum:]]+', ' ', 'g')
"""
KEEP = f"""
    UPDATE test_regulations SET words = to_tsvector('simple',
        concat_ws(' ', {FOLDED}, regexp_replace(replace(lower(decisions.number), 'đ', 'd'), '[^[:alnum:]]+', ' ', 'g'),
                  organisations.search_text))
      FROM decisions, cases LEFT JOIN organisations ON organisations.id = cases.organisation_id
     WHERE decisions.id = test_regulations.decision_id AND cases.id = test_regulations.case_id
"""


def upgrade() -> None:
    op.add_column("test_regulations", sa.Column("words", TSVECTOR(), server_default=sa.text("''"), nullable=False))
    op.execute(KEEP)
    op.create_index(
        INDEX, "test_regulations", ["words"], postgresql_using="gin", postgresql_where=sa.text("is_published")
    )


def downgrade() -> None:
    op.drop_index(INDEX, "test_regulations")
    op.drop_column("test_regulations", "words")

"""The words that dossiers hold, so that the beginning of one is looked for by the words that begin so."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

WORDS_BEGINNING = r"""
CREATE FUNCTION words_beginning(beginning text) RETURNS tsquery LANGUAGE sql STABLE AS $$
    SELECT coalesce(string_agg(quote_literal(word), ' | '), quote_literal(beginning))::tsquery
    FROM (
        (SELECT word FROM search_words
         WHERE NOT is_code AND word >= beginning AND word < beginning || U&'\+10FFFF' ORDER BY word LIMIT 64)
        UNION ALL
        (SELECT word FROM search_words
         WHERE is_code AND word >= beginning AND word < beginning || U&'\+10FFFF' ORDER BY word LIMIT 64)
        LIMIT 64
    ) AS found
$$
"""
LEARN = r"""
INSERT INTO search_words (word)
SELECT DISTINCT word FROM case_words, unnest(tsvector_to_array(sent) || tsvector_to_array(coalesce(own, ''))) AS word
WHERE word !~ '^@'
"""


def upgrade() -> None:
    is_code = sa.Computed("word ~ '[0-9]'", persisted=True)
    op.create_table(
        "search_words",
        sa.Column("word", sa.Text(collation="C"), nullable=False),
        sa.Column("is_code", sa.Boolean(), is_code, nullable=False),
        sa.PrimaryKeyConstraint("is_code", "word", name="pk_search_words"),
    )
    op.execute(WORDS_BEGINNING)
    op.execute(LEARN)


def downgrade() -> None:
    op.execute("DROP FUNCTION words_beginning")
    op.drop_table("search_words")

"""Nothing is looked for by the beginning of a word where none was typed."""

from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

WORDS_BEGINNING = r"""
CREATE OR REPLACE FUNCTION words_beginning(beginning text) RETURNS tsquery LANGUAGE sql STABLE AS $$
    SELECT coalesce(string_agg(quote_literal(word), ' | '), {otherwise})::tsquery
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


def upgrade() -> None:
    op.execute(WORDS_BEGINNING.format(otherwise="quote_literal(nullif(beginning, '')), ''"))


def downgrade() -> None:
    op.execute(WORDS_BEGINNING.format(otherwise="quote_literal(beginning)"))

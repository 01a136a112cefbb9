"""The words by which a dossier is found, for the house and for the applicant."""

from typing import Any

from sqlalchemy import DDL, Computed, ForeignKey, Index, Text, event, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Model


class CaseWords(Model):
    """``sent`` holds what the authority got to see, ``own`` what stands in the dossier now where that differs; no
    sensitive answer.

    Both hold the dossier's marks (``applications.wordmarks``) too. ``names`` are those among them that name it: its
    codes, its title and its applicant's names. The planner keeps no statistics of these columns:
    without them it always asks the index, and never reads the words of every dossier.
    """

    __tablename__ = "case_words"
    __table_args__ = (
        Index("ix_case_words_sent", "sent", postgresql_using="gin"),
        Index("ix_case_words_own", "own", postgresql_using="gin", postgresql_where=text("own IS NOT NULL")),
        Index("ix_case_words_names", "names", postgresql_using="gin"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    sent: Mapped[Any] = mapped_column(TSVECTOR)
    own: Mapped[Any | None] = mapped_column(TSVECTOR)
    names: Mapped[Any] = mapped_column(TSVECTOR, Computed("ts_filter(sent, '{a}'::\"char\"[])", persisted=True))


class SearchWord(Model):
    """A word that some dossier holds. The database's ``words_beginning`` finds by them what a beginning may become:
    asked for by a beginning, the index of words would read every dossier that any of these words stands in.
    """

    __tablename__ = "search_words"

    is_code: Mapped[bool] = mapped_column(Computed("word ~ '[0-9]'", persisted=True), primary_key=True)
    word: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)


WORDS_BEGINNING = r"""
CREATE FUNCTION words_beginning(beginning text) RETURNS tsquery LANGUAGE sql STABLE AS $$
    SELECT coalesce(string_agg(quote_literal(word), ' | '), quote_literal(nullif(beginning, '')), '')::tsquery
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
"""The words that begin so, as a query for any of them: the first 64, codes behind all others."""
event.listen(SearchWord.__table__, "after_create", DDL(WORDS_BEGINNING))  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy

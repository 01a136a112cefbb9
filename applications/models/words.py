"""The words by which a dossier is found, for the house and for the applicant."""

from typing import Any

from sqlalchemy import Computed, ForeignKey, Index, text
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

"""Filters of the queue and of the search that people keep under a name, and the one that each queue begins with."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Code, Instant, Key, Model, now

QUEUE, SEARCH = "queue", "search"
PAGES = (QUEUE, SEARCH)


class SavedFilter(Model):
    """What somebody asks of a page again and again: ``asked`` as in its address. With a unit, all of it see it."""

    __tablename__ = "saved_filters"
    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint(f"page IN {PAGES}", name="page"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    page: Mapped[Code] = mapped_column(default=QUEUE, server_default=QUEUE)
    name: Mapped[str]
    asked: Mapped[dict[str, Any]]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    created_at: Mapped[Instant] = mapped_column(default=now)


Index("uq_saved_filters_name", SavedFilter.person_id, SavedFilter.page, func.lower(SavedFilter.name), unique=True)


class FirstFilter(Model):
    """The saved filter with which somebody's queue opens, their own or a shared one."""

    __tablename__ = "first_filters"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    filter_id: Mapped[int] = mapped_column(ForeignKey("saved_filters.id", ondelete="CASCADE"), index=True)

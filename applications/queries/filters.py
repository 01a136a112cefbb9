"""The saved filters that somebody can use: their own, and those shared with the units that they may look into."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from accounts.models import Person
from applications.models import FirstFilter, SavedFilter
from applications.models.filters import QUEUE
from foundation.actors import Actor
from foundation.errors import NotFound
from foundation.prepared import Prepared, inline, prepare


def saved_filters(session: Session, unit_ids: Collection[int], *, actor: Actor, page: str = QUEUE) -> list[Any]:
    """Those of a page, own ones first.

    Rows with ``id``, ``name``, ``asked``, ``unit_id``, ``owner``, ``is_own`` and ``is_first``.
    """
    return _statement(tuple(sorted(unit_ids)), actor, page).rows(session)


@lru_cache(maxsize=256)
def _statement(unit_ids: tuple[int, ...], actor: Actor, page: str) -> Prepared:
    is_own = SavedFilter.person_id == actor.person_id
    is_first = and_(FirstFilter.filter_id == SavedFilter.id, FirstFilter.person_id == actor.person_id)
    query = (
        select(
            SavedFilter.id,
            SavedFilter.name,
            SavedFilter.asked,
            SavedFilter.unit_id,
            Person.full_name.label("owner"),
            is_own.label("is_own"),
            FirstFilter.person_id.is_not(None).label("is_first"),
        )
        .join(Person, Person.id == SavedFilter.person_id)
        .outerjoin(FirstFilter, is_first)
        .where(SavedFilter.page == inline(page), or_(is_own, SavedFilter.unit_id.in_(unit_ids)))
        .order_by(is_own.desc(), SavedFilter.name, SavedFilter.id)
        .limit(200)
    )
    return prepare(query)


def find_filter(session: Session, filter_id: int, unit_ids: Collection[int], *, actor: Actor) -> Any:
    """One of them. Raises NotFound."""
    for row in saved_filters(session, unit_ids, actor=actor):
        if row.id == filter_id:
            return row
    raise NotFound

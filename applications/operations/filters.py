"""Keeping filters of the queue and the search: under a name, alone or with a unit, one of them to begin with."""

from collections.abc import Collection, Mapping

from flask_babel import lazy_gettext
from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from applications.models import FirstFilter, SavedFilter
from applications.models.filters import QUEUE
from foundation.actors import Actor
from foundation.errors import Blocked, Invalid, NotAllowed, NotFound, Reason
from foundation.reasons import register_reasons

MOST = 50
LONGEST_NAME = 80


def save_filter(
    session: Session,
    name: str,
    asked: Mapping[str, str],
    *,
    page: str = QUEUE,
    unit_id: int | None = None,
    actor: Actor,
) -> SavedFilter:
    """Keep what is asked of a page under a name; ``unit_id``, which the caller has checked, shares it.

    Raises Invalid for a name that is empty, too long or in use, and Blocked for more than anybody oversees.
    """
    if actor.person_id is None:
        raise NotAllowed
    kept = select(func.count()).select_from(SavedFilter).where(SavedFilter.person_id == actor.person_id)
    if (session.scalar(kept) or 0) >= MOST:
        raise Blocked(Reason("too_many_filters", {"most": MOST}))
    saved = SavedFilter(page=page, asked=dict(asked), unit_id=unit_id)
    saved.person_id, saved.name = actor.person_id, _name(session, name, saved, actor)
    session.add(saved)
    session.flush()
    return saved


def change_filter(session: Session, filter_id: int, name: str, *, unit_id: int | None, actor: Actor) -> None:
    """Give an own filter another name, or share it otherwise. Raises NotFound for what is not the actor's."""
    saved = _own(session, filter_id, actor)
    saved.name, saved.unit_id = _name(session, name, saved, actor), unit_id
    session.flush()


def delete_filter(session: Session, filter_id: int, *, actor: Actor) -> None:
    """Forget an own filter, for those with whom it was shared too."""
    session.delete(_own(session, filter_id, actor))
    session.flush()


def begin_with(session: Session, filter_id: int | None, unit_ids: Collection[int], *, actor: Actor) -> None:
    """Open the actor's queue with a filter of their own or of these units; ``None``: with all open dossiers."""
    session.execute(delete(FirstFilter).where(FirstFilter.person_id == actor.person_id))
    if filter_id is None:
        return
    seen = or_(SavedFilter.person_id == actor.person_id, SavedFilter.unit_id.in_(unit_ids))
    query = select(SavedFilter.id).where(SavedFilter.id == filter_id, SavedFilter.page == QUEUE, seen)
    if session.scalar(query) is None:
        raise NotFound
    values = {"person_id": actor.person_id, "filter_id": filter_id}
    chosen = insert(FirstFilter).values(**values)
    session.execute(chosen.on_conflict_do_update(index_elements=["person_id"], set_={"filter_id": filter_id}))


def _own(session: Session, filter_id: int, actor: Actor) -> SavedFilter:
    saved = session.get(SavedFilter, filter_id, with_for_update=True)
    if saved is None or saved.person_id != actor.person_id:
        raise NotFound
    return saved


def _name(session: Session, name: str, saved: SavedFilter, actor: Actor) -> str:
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise Invalid({"name": ["required"]})
    if len(name) > LONGEST_NAME:
        raise Invalid({"name": [Reason("name_too_long", {"most": LONGEST_NAME})]})
    same = select(SavedFilter.id).where(
        SavedFilter.person_id == actor.person_id,
        SavedFilter.page == saved.page,
        func.lower(SavedFilter.name) == func.lower(name),
    )
    if session.scalar(same) not in (None, saved.id):
        raise Invalid({"name": ["filter_name_taken"]})
    return name


register_reasons(
    {
        "too_many_filters": lazy_gettext("You keep %(most)s filters already. Delete one first."),
        "name_too_long": lazy_gettext("At most %(most)s characters."),
        "filter_name_taken": lazy_gettext("You already have a filter with this name."),
    }
)

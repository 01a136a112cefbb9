"""Objects of a session made from rows that a prepared statement read, as if the session had read them itself."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict, manager_of_class
from sqlalchemy.orm.util import identity_key

from foundation.database import Model

Kind = TypeVar("Kind", bound=Model)


def entity(session: Session, model: type[Kind], values: Mapping[str, Any], *, is_fresh: bool) -> Kind:
    """The session's object of this row, which has all its columns by name.

    An object that the session has already stays as it is unless the row ``is_fresh``: read behind its lock.
    """
    known: Kind | None = session.identity_map.get(identity_key(model, values["id"]))
    if known is None:
        made: Kind = manager_of_class(model).new_instance()
        instance_dict(made).update(values)
        make_transient_to_detached(made)
        session.add(made)
        return made
    if is_fresh:
        instance_dict(known).update(values)
        settle(session, known)
    return known


def settle(session: Session, known: Model) -> None:
    """Let the session take an object for what the database has, as it does after a flush."""
    state = inspect(known)
    state._commit_all(state.dict, session.identity_map)


def settle_columns(known: Model, names: frozenset[str]) -> None:
    """Let the session take these columns of an object for what the database has, and no others."""
    state = inspect(known)
    state._commit(state.dict, names & state.committed_state.keys())

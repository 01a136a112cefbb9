"""Lists that can be had as files: each is known by its address, and said the same way at once and by a job."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from foundation.access import AccessRule
from foundation.actors import Actor
from foundation.errors import NotAllowed, NotFound
from foundation.exports import Column
from foundation.longlists import LongList


@dataclass(frozen=True, slots=True)
class Asking:
    """Who wants a list, and how it is narrowed: what its address names, empty where nothing is named."""

    session: Session
    actor: Actor
    asked: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.asked.get(name, "")


Whole = Callable[[Asking, Connection], tuple[int, LongList]]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as a file says it, in the language of the present text; ``rows`` are read as they are written.

    ``is_long`` says what is known beforehand: that there are too many for an answer.
    """

    stem: str
    columns: Sequence[Column]
    rows: Iterable[Any]
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class ListKind:
    """A list that can be had as a file. ``page`` is the endpoint that shows it, under the names of ``asked``.

    ``roles`` are those whose scopes narrow the list; empty: all that the reader holds. ``whole`` says a list that may
    be very long as one statement, with the number of its rows at the same instant.
    """

    name: str
    title: str
    page: str
    rule: AccessRule
    read: Callable[[Asking], Listed]
    asked: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    whole: Whole | None = None

    @property
    def stem(self) -> str:
        """What its files are called."""
        return self.name.partition(".")[2].removesuffix("_file").replace("_", "-")

    def named(self, source: Mapping[str, Any]) -> dict[str, str]:
        """What ``source`` says of this list, without what it leaves empty."""
        said = {name: str(source.get(name) or "").strip() for name in self.asked}
        return {name: value for name, value in said.items() if value}

    def listed(self, asking: Asking) -> Listed:
        """The list for who asks. Raises NotAllowed, and what the list itself refuses."""
        if not self.rule.admits(asking.actor):
            raise NotAllowed
        return self.read(asking)


_KINDS: dict[str, ListKind] = {}


def register_list(kind: ListKind) -> ListKind:
    """Make a list known by its name."""
    if kind.name in _KINDS:
        raise ValueError(f"list {kind.name} is registered twice")
    _KINDS[kind.name] = kind
    return kind


def list_kind(name: str) -> ListKind:
    """The list of this name. Raises NotFound."""
    if name not in _KINDS:
        raise NotFound
    return _KINDS[name]


def all_list_kinds() -> list[ListKind]:
    """Every list that can be had as a file, by name."""
    return [_KINDS[name] for name in sorted(_KINDS)]

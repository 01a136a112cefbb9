"""A newer version of a procedure, and what it changes for a draft: what is new, gone, or asked otherwise."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from applications.models import Application
from applications.packs.catalogue import version_id_in_force
from applications.packs.model import DocumentSpec, FieldSpec, Pack
from foundation.database import now
from foundation.workdays import local_date

Kind = Literal["new", "gone", "changed"]
Part = FieldSpec | DocumentSpec

ASPECTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("wording", ("label",)),
    ("kind", ("type",)),
    ("demand", ("required",)),
    ("condition", ("when",)),
    ("choices", ("choices",)),
    ("rows", ("columns",)),
    ("limits", ("limits", "accept", "max_mb", "max_files")),
    ("basis", ("source", "copy")),
)
"""What may be another in a question or a document, by the attributes that say so."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A question or a document that two versions do not ask alike; ``before`` is what the old one asked instead."""

    kind: Kind
    part: Part
    aspects: tuple[str, ...] = ()
    before: Part | None = None

    @property
    def is_document(self) -> bool:
        return isinstance(self.part, DocumentSpec)


def newer_version(session: Session, application: Application) -> int | None:
    """The id of the version that a draft should follow now, where that is another than it follows."""
    if application.state_kind != "draft":
        return None
    version_id = version_id_in_force(session, application.procedure_id, local_date(now()))
    return version_id if version_id not in (None, application.version_id) else None


def differences(old: Pack, new: Pack) -> list[Difference]:
    """What the new version asks and the old did not, what it asks otherwise, and what it no longer asks."""
    fields = _between(old.field_by_key.values(), new.field_by_key.values())
    return [*fields, *_between(old.documents, new.documents)]


def _between(before: Iterable[Part], after: Iterable[Part]) -> Iterator[Difference]:
    known = {part.key: part for part in before}
    left = dict(known)
    for part in after:
        left.pop(part.key, None)
        if part.key not in known:
            yield Difference("new", part)
        elif aspects := tuple(_aspects(known[part.key], part)):
            yield Difference("changed", part, aspects, known[part.key])
    yield from (Difference("gone", part) for part in left.values())


def _aspects(before: Part, after: Part) -> Iterator[str]:
    for name, attributes in ASPECTS:
        if any(getattr(before, one, None) != getattr(after, one, None) for one in attributes):
            yield name

"""Two dossiers side by side: the same questions with both answers, and whether they differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from applications.fields import visible_fields
from applications.models import Case, Document
from applications.models.documents import STEP_SLOT
from applications.packs.conditions import is_answered
from applications.packs.model import DocumentSpec, FieldSpec, Section
from applications.queries.codes import codes_meant
from applications.queries.dossier import DossierView, dossier_view
from applications.visibility import visible_cases
from foundation.actors import Actor
from foundation.errors import NotFound


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two dossiers, with the names that its answers refer to."""

    view: DossierView
    names: Mapping[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class ComparedAnswer:
    """A question with both answers; ``specs`` are the question as each procedure asks it, if it does.

    Whether protected answers differ is not told: it would tell something of them.
    """

    specs: tuple[FieldSpec | None, FieldSpec | None]
    values: tuple[Any, Any]

    @property
    def spec(self) -> FieldSpec:
        spec = self.specs[0] or self.specs[1]
        assert spec is not None  # noqa: S101 - one of the two asks it
        return spec

    @property
    def is_hidden(self) -> bool:
        known = [spec for spec in self.specs if spec is not None]
        return any(spec.sensitive or any(column.sensitive for column in spec.columns) for spec in known)

    @property
    def is_different(self) -> bool:
        return not self.is_hidden and _plain(self.values[0]) != _plain(self.values[1])


@dataclass(frozen=True, slots=True)
class ComparedFiles:
    """The files of both dossiers for one document of the procedure."""

    spec: DocumentSpec
    files: tuple[Sequence[Any], Sequence[Any]]

    @property
    def is_different(self) -> bool:
        first, second = ([row.sha256 for row in rows] for rows in self.files)
        return first != second


def _plain(value: Any) -> Any:
    return value if is_answered(value) else None


def keys_of(session: Session, wanted: Sequence[str], *, actor: Actor) -> dict[str, str]:
    """The keys of the dossiers that are meant by these keys or codes, as far as the actor may see them."""
    meant = {name: codes_meant(session, name) for name in wanted}
    spelt = {spelling for spellings in meant.values() for spelling in spellings}
    query = select(Case.key, Case.code).where(visible_cases(actor), or_(Case.key.in_(spelt), Case.code.in_(spelt)))
    keys = {name: row.key for row in session.execute(query) for name in (row.key, row.code)}
    return {name: keys[spelling] for name, spellings in meant.items() for spelling in spellings if spelling in keys}


def sides_of(session: Session, keys: Sequence[str], *, actor: Actor) -> tuple[Side, Side]:
    """Both dossiers. Raises NotFound when one of them is not there or not for this actor."""
    first, second = (_side(dossier_view(session, key, actor=actor)) for key in keys)
    return first, second


def _side(view: DossierView) -> Side:
    people = {("person", number): name for number, name in view.names.items()}
    return Side(view, people | {("file", row.id): row.filename for row in view.documents})


def compared_answers(sides: tuple[Side, Side]) -> Iterator[tuple[Section, list[ComparedAnswer]]]:
    """Section by section, in the order of the first procedure, then what only the second asks."""
    asked = [_asked(side.view) for side in sides]
    for key in dict.fromkeys([*asked[0], *asked[1]]):
        titles, specs = zip(*(found.get(key, (None, {})) for found in asked), strict=True)
        yield (
            titles[0] or titles[1],
            [
                ComparedAnswer(
                    (specs[0].get(name), specs[1].get(name)),
                    (sides[0].view.answers.get(name), sides[1].view.answers.get(name)),
                )
                for name in dict.fromkeys([*specs[0], *specs[1]])
            ],
        )


def _asked(view: DossierView) -> dict[str, tuple[Section, dict[str, FieldSpec]]]:
    found: dict[str, tuple[Section, dict[str, FieldSpec]]] = {}
    for section, spec in visible_fields(view.pack.sections, view.answers):
        found.setdefault(section.key, (section, {}))[1][spec.key] = spec
    return found


def compared_files(sides: tuple[Side, Side]) -> Iterator[ComparedFiles]:
    """The documents that one of the two has, slot by slot."""
    slots = {key: spec for side in sides for key, spec in side.view.pack.document_by_key.items()}
    for key, spec in slots.items():
        first, second = (_files(side.view, key) for side in sides)
        if first or second:
            yield ComparedFiles(spec, (first, second))


def _files(view: DossierView, slot: str) -> list[Any]:
    return [row for row in view.documents if row.slot == slot != STEP_SLOT and row.removed_at is None]


def other_version(found: Document, versions: Sequence[Document], wanted: int | None) -> Document:
    """The version that is wanted beside ``found``, else the one before. Raises NotFound where there is none."""
    others = [row for row in versions if row.id != found.id and wanted in (None, row.id)]
    if not others:
        raise NotFound
    earlier = [row for row in others if row.version < found.version]
    return (earlier or others)[0]

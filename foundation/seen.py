"""Rows of several models read at once, as instances that belong to no session: for pages that only look."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, inspect
from sqlalchemy.orm import Mapper, Session

from foundation.prepared import Prepared, prepare


@dataclass(frozen=True, slots=True)
class Part:
    """One model among those of a row, with its attributes in their order.

    ``kinds`` are the models that stand in for it by what ``discriminator`` says, each with the attributes it lacks.
    """

    mapper: Mapper[Any]
    keys: tuple[str, ...]
    kinds: Mapping[Any, tuple[Mapper[Any], frozenset[str]]]
    discriminator: str | None

    def instance(self, values: tuple[Any, ...]) -> Any:
        """The instance with these values; None where an outer join found nothing."""
        facts = dict(zip(self.keys, values, strict=True))
        if facts[self.mapper.primary_key[0].name] is None:
            return None
        mapper, lacking = self.kinds[facts[self.discriminator]] if self.discriminator else (self.mapper, ())
        for key in lacking:
            del facts[key]
        found = mapper.class_manager.new_instance()
        found.__dict__.update(facts)
        return found


@dataclass(frozen=True, slots=True)
class Seen:
    """A statement whose rows are instances of several models.

    Instances have the values of their columns and nothing else: they are never written, and what they refer to is
    not fetched.
    """

    prepared: Prepared
    parts: tuple[Part, ...]

    def one(self, session: Session, **values: Any) -> tuple[Any, ...] | None:
        """The one row, or None. Raises DBAPIError as the session does."""
        rows = self.prepared.rows(session, **values)
        return tuple(self._instances(rows[0])) if rows else None

    def _instances(self, row: tuple[Any, ...]) -> Iterator[Any]:
        place = 0
        for part in self.parts:
            yield part.instance(row[place : (place := place + len(part.keys))])


def see(query: Select[*tuple[Any, ...]]) -> Seen:
    """``query`` selects models, or one with what its kinds add; what is given with each run is bound to None."""
    found = [_part(inspect(one["expr"])) for one in query.column_descriptions]
    columns = [column for _, own in found for column in own]
    labelled = [column.label(f"column_{number}") for number, column in enumerate(columns)]
    return Seen(
        prepare(query.with_only_columns(*labelled, maintain_column_froms=True)), tuple(part for part, _ in found)
    )


def _part(entity: Any) -> tuple[Part, list[Any]]:
    mapper: Mapper[Any] = entity.mapper
    kinds = list(mapper.self_and_descendants) if mapper.polymorphic_on is not None else [mapper]
    columns = {key: attribute.columns[0] for kind in reversed(kinds) for key, attribute in kind.column_attrs.items()}
    lacking = {
        kind.polymorphic_identity: (kind, frozenset(columns.keys() - kind.column_attrs.keys())) for kind in kinds
    }
    discriminator = None if mapper.polymorphic_on is None else mapper.polymorphic_on.name
    return Part(mapper, tuple(columns), lacking, discriminator), list(columns.values())

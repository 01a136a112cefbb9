"""What the public is told of city money in a fund: field by field, by law, by choice, or never."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from foundation.wording import Trilingual

FILE = Path(__file__).parent / "data" / "publication.yaml"

ALWAYS, PUBLISHED, WITHHELD, NEVER = "always", "published", "withheld", "never"
BY_CHOICE = frozenset({PUBLISHED, WITHHELD})


@dataclass(frozen=True, slots=True)
class Field:
    """A field that could be told; ``rule`` is what holds as long as nobody decided otherwise."""

    name: str
    rule: str
    title: Trilingual

    @property
    def is_by_choice(self) -> bool:
        return self.rule in BY_CHOICE


@dataclass(frozen=True, slots=True)
class Rules:
    basis: Trilingual
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)


@cache
def publication_rules() -> Rules:
    """The rules as enacted, in the order of the file."""
    data: Mapping[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return Rules(data["basis"], tuple(Field(row["name"], row["rule"], row["title"]) for row in data["fields"]))


def is_told(field: Field, choices: Mapping[str, bool]) -> bool:
    """Whether the public is told, given what was decided by name of the field."""
    if field.is_by_choice:
        return choices.get(field.name, field.rule == PUBLISHED)
    return field.rule == ALWAYS

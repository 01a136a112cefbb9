"""Where things belong: the wards of the city and the tree of its units."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Code, Facts, Instant, Key, Model, Words, now
from foundation.revisions import follow

UNIT_KINDS = (
    "committee",
    "office",
    "one_stop",
    "department",
    "division",
    "park_board",
    "operator",
    "ward",
)
WARD_KINDS_FR = {"Phường": "Quartier", "Xã": "Commune"}
DOSSIER_CODE_PATTERN = "{unit}-{yymmdd}-{serial:04}"
"""Unit identifier, day of receipt, serial number of the day (Circular 01/2018/TT-VPCP, article 19)."""


def one_of(column: str, values: tuple[str, ...]) -> str:
    """The SQL condition that ``column`` holds one of ``values``."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def ward_title(facts: Mapping[str, Any], language: str) -> str:
    """The full name of a ward or commune for a reader of ``language``; French says the kind and keeps the name."""
    if language == "fr":
        kind, _, name = str(facts["full_name"]).partition(" ")
        return f"{WARD_KINDS_FR[kind]} {name}"
    return str(facts["full_name_en"] if language == "en" else facts["full_name"])


class Ward(Model):
    """A ward or commune in force since 1 July 2025; boundaries stay in the data file."""

    __tablename__ = "wards"

    code: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[Words]
    name_en: Mapped[Words]
    full_name: Mapped[Words]
    full_name_en: Mapped[Words]
    area_km2: Mapped[Decimal] = mapped_column(Numeric(8, 2))

    def title(self, language: str) -> str:
        """The ward's full name for a reader of ``language``."""
        return ward_title({"full_name": self.full_name, "full_name_en": self.full_name_en}, language)


@follow("units")
class Unit(Model):
    """An administrative unit of the city, or a body to which the city entrusts a task.

    ``path`` is the codes from the root to this unit, each followed by a slash, so that the units below
    are those whose path starts with it. ``name`` is trilingual.
    """

    __tablename__ = "units"
    __table_args__ = (
        CheckConstraint("code ~ '^[A-Z0-9][A-Z0-9.-]*$'", name="code_form"),
        CheckConstraint(one_of("kind", UNIT_KINDS), name="kind"),
        CheckConstraint("right(path, length(code) + 1) = code || '/'", name="path_ends_with_code"),
        CheckConstraint("position('{serial' in dossier_code_pattern) > 0", name="pattern_has_serial"),
        Index("ix_units_path", "path", postgresql_ops={"path": "text_pattern_ops"}),
    )

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Facts]
    kind: Mapped[Code]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"), index=True)
    path: Mapped[Words]
    dossier_code_pattern: Mapped[Words] = mapped_column(default=DOSSIER_CODE_PATTERN)
    created_at: Mapped[Instant] = mapped_column(default=now)

    @property
    def depth(self) -> int:
        """How many units stand above this one."""
        return self.path.count("/") - 1

    def title(self, language: str) -> str:
        """The unit's name in ``language``, else in Vietnamese."""
        names: dict[str, Any] = self.name
        return str(names.get(language) or names["vi"])

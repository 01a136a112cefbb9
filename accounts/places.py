"""The wards and units with which an installation begins, read from the data files of this package."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from accounts.models import Unit, Ward
from accounts.models.places import DOSSIER_CODE_PATTERN

DATA = Path(__file__).parent / "data"
WARDS_FILE = DATA / "hanoi-wards.geojson"
UNITS_FILE = DATA / "units.yaml"


@cache
def ward_facts() -> tuple[Mapping[str, Any], ...]:
    """The 126 wards as rows of the table, without their boundaries."""
    features = json.loads(WARDS_FILE.read_text(encoding="utf-8"))["features"]
    return tuple(_ward_row(feature["properties"]) for feature in features)


def _ward_row(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "code": facts["code"],
        "name": facts["name"],
        "name_en": facts["nameEn"],
        "full_name": facts["fullName"],
        "full_name_en": facts["fullNameEn"],
        "area_km2": facts["areaKm2"],
    }


def ensure_wards(session: Session) -> int:
    """Add the wards that are missing and correct the others; how many there are."""
    rows = [dict(facts) for facts in ward_facts()]
    statement = insert(Ward)
    changes = {name: statement.excluded[name] for name in rows[0] if name != "code"}
    session.execute(statement.on_conflict_do_update(index_elements=["code"], set_=changes), rows)
    return len(rows)


def ensure_units(session: Session, tree: Iterable[Mapping[str, Any]] | None = None) -> int:
    """Add the units of the tree that are missing, leave those that are there; how many were added."""
    tree = yaml.safe_load(UNITS_FILE.read_text(encoding="utf-8")) if tree is None else tree
    known = {unit.code: unit for unit in session.scalars(select(Unit))}
    before = len(known)
    for facts in tree:
        _ensure_unit(session, facts, parent=None, known=known)
    return len(known) - before


def _ensure_unit(session: Session, facts: Mapping[str, Any], *, parent: Unit | None, known: dict[str, Unit]) -> None:
    unit = known.get(facts["code"])
    if unit is None:
        unit = known[facts["code"]] = new_unit(
            code=facts["code"], name=facts["name"], kind=facts["kind"], parent=parent
        )
        unit.dossier_code_pattern = facts.get("dossier_code_pattern", DOSSIER_CODE_PATTERN)
        session.add(unit)
        session.flush()
    for below in facts.get("units", ()):
        _ensure_unit(session, below, parent=unit, known=known)


def new_unit(*, code: str, name: Mapping[str, str], kind: str, parent: Unit | None) -> Unit:
    """A unit in its place in the tree, not yet stored."""
    above = "" if parent is None else parent.path
    return Unit(
        code=code,
        name=dict(name),
        kind=kind,
        parent_id=None if parent is None else parent.id,
        path=f"{above}{code}/",
    )

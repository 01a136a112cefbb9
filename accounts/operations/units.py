"""The tree of units: adding one, changing what it is called and how it numbers dossiers."""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from accounts.models import Unit
from accounts.models.places import UNIT_KINDS
from accounts.places import new_unit
from accounts.rules import refuse_unless_administrator
from accounts.trail import record
from accounts.uniqueness import told_by_field
from foundation.actors import Actor
from foundation.errors import Invalid, NotFound
from foundation.wording import LANGUAGES

NEEDED_PARTS = frozenset({"unit", "yymmdd", "serial"})
_PART = re.compile(r"\{(unit|yymmdd|yyyy|serial)(?::0?[1-9])?\}")
_CODE_LETTERS = frozenset(string.ascii_uppercase + string.digits + ".-")


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What can be said of a unit; ``name`` is trilingual."""

    code: str
    name: Mapping[str, str]
    kind: str
    dossier_code_pattern: str


def create_unit(session: Session, actor: Actor, facts: UnitFacts, *, parent_id: int | None) -> Unit:
    """Add a unit below another one, or a root.

    Raises:
        NotAllowed: the actor is no administrator.
        Invalid: per field what is wrong, a taken code included.
    """
    refuse_unless_administrator(actor)
    _refuse_bad(facts)
    parent = None if parent_id is None else session.get(Unit, parent_id)
    if parent is None and parent_id is not None:
        raise Invalid({"parent_id": ["unit_unknown"]})
    unit = new_unit(code=facts.code, name=facts.name, kind=facts.kind, parent=parent)
    unit.dossier_code_pattern = facts.dossier_code_pattern
    with told_by_field(session):
        session.add(unit)
    record(session, actor, "accounts:unit:create", ("unit", unit.id), code=unit.code)
    return unit


def update_unit(session: Session, actor: Actor, unit_id: int, facts: UnitFacts) -> Unit:
    """Change a unit; a new code moves the paths of all units below it. Codes already given stay as they are.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is no such unit.
        Invalid: per field what is wrong, a taken code included.
    """
    refuse_unless_administrator(actor)
    _refuse_bad(facts)
    session.execute(select(Unit.id).order_by(Unit.id).with_for_update())  # paths of a whole branch move together
    unit = session.get(Unit, unit_id, populate_existing=True)
    if unit is None:
        raise NotFound
    before = unit.code
    with told_by_field(session):
        _recode(session, unit, facts.code)
        unit.name, unit.kind = dict(facts.name), facts.kind
        unit.dossier_code_pattern = facts.dossier_code_pattern
    record(session, actor, "accounts:unit:update", ("unit", unit_id), code=facts.code, code_before=before)
    return unit


def _recode(session: Session, unit: Unit, code: str) -> None:
    """Give the unit its code and all paths through it their new beginning, in one statement each."""
    if code == unit.code:
        return
    before = unit.path
    after = before.removesuffix(f"{unit.code}/") + f"{code}/"
    unit.code, unit.path = code, after
    session.flush()
    below = func.starts_with(Unit.path, before)
    moved = func.concat(after, func.substr(Unit.path, len(before) + 1))
    session.execute(update(Unit).where(below).values(path=moved))


def _refuse_bad(facts: UnitFacts) -> None:
    problems: dict[str, list[str]] = {}
    if not facts.code or not set(facts.code) <= _CODE_LETTERS or facts.code[0] in ".-":
        problems["code"] = ["unit_code_form"]
    if facts.kind not in UNIT_KINDS:
        problems["kind"] = ["unit_kind_unknown"]
    for language in LANGUAGES:
        if not facts.name.get(language, "").strip():
            problems[f"name_{language}"] = ["required"]
    if not is_pattern_sound(facts.dossier_code_pattern):
        problems["dossier_code_pattern"] = ["pattern_not_sound"]
    if problems:
        raise Invalid(problems)


def is_pattern_sound(pattern: str) -> bool:
    """Whether a pattern of dossier codes tells units, days and serial numbers apart, and knows nothing else."""
    found = {match[1] for match in _PART.finditer(pattern)}
    rest = _PART.sub("", pattern)
    return found >= NEEDED_PARTS and not set(rest) & set("{}")

"""Wards and units are there from the beginning, and units can be added, renamed and renumbered."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Unit, Ward
from accounts.models.places import ward_title
from accounts.operations.units import UnitFacts, create_unit, is_pattern_sound, update_unit
from accounts.places import ensure_units, ensure_wards, ward_facts
from accounts.queries.units import unit_tree
from foundation.actors import SYSTEM
from foundation.errors import Invalid, NotAllowed, NotFound, Reason
from foundation.wording import LANGUAGES
from tests.accounts.factories import actor_for, make_person, make_unit

PATTERN = "{unit}-{yymmdd}-{serial:04}"


def _facts(**changes: Any) -> UnitFacts:
    name = {"vi": "Sở Tư pháp", "en": "Department of Justice", "fr": "Département de la justice"}
    return UnitFacts(
        **{"code": "900.00.77.H26", "name": name, "kind": "department", "dossier_code_pattern": PATTERN, **changes}
    )


def test_all_wards_are_there_however_often_they_are_ensured(session: Session) -> None:
    ensure_wards(session)
    session.get_one(Ward, "00004").name = "Khác"
    session.flush()

    ensure_wards(session)

    session.expire_all()
    wards = session.scalars(select(Ward)).all()
    assert len(wards) == 126
    assert len({ward.full_name for ward in wards}) == 126
    assert session.get_one(Ward, "00004").full_name == "Phường Ba Đình"
    assert session.get_one(Ward, "00004").name == "Ba Đình"


@pytest.mark.parametrize(
    ("code", "language", "title"),
    [
        ("00004", "vi", "Phường Ba Đình"),
        ("00004", "en", "Ba Dinh Ward"),
        ("00004", "fr", "Quartier Ba Đình"),
        ("09877", "fr", "Commune An Khánh"),
    ],
)
def test_a_ward_is_named_in_the_readers_language(code: str, language: str, title: str) -> None:
    facts = next(facts for facts in ward_facts() if facts["code"] == code)

    assert ward_title(facts, language) == title


def test_the_tree_of_units_is_there_once_and_in_three_languages(session: Session) -> None:
    first = ensure_units(session)
    second = ensure_units(session)

    units = unit_tree(session)
    assert (first, second) == (len(units), 0)
    assert units[0].code == "000.00.00.H26"
    assert units[0].parent_id is None
    assert all(unit.path.startswith("000.00.00.H26/") for unit in units)
    assert all(unit.name[language] for unit in units for language in LANGUAGES)
    by_id = {unit.id: unit for unit in units}
    assert all(unit.path == f"{by_id[unit.parent_id].path}{unit.code}/" for unit in units if unit.parent_id)


def test_a_unit_that_the_city_changed_stays_as_it_is(session: Session) -> None:
    ensure_units(session)
    unit = session.scalars(select(Unit).where(Unit.code == "000.00.10.H26")).one()
    unit.name = {**unit.name, "vi": "Sở Khoa học, Công nghệ và Đổi mới"}
    session.flush()

    ensure_units(session)

    session.refresh(unit)
    assert unit.title("vi") == "Sở Khoa học, Công nghệ và Đổi mới"


def test_a_new_unit_stands_below_its_parent(session: Session) -> None:
    parent = make_unit(session)

    unit = create_unit(session, SYSTEM, _facts(), parent_id=parent.id)

    assert unit.path == f"{parent.path}900.00.77.H26/"
    assert unit.title("fr") == "Département de la justice"


def test_a_new_code_moves_the_paths_below_and_no_others(session: Session) -> None:
    top = make_unit(session, code="900.00.01.H26")
    middle = make_unit(session, code="900.00.77.H26", parent=top)
    bottom = make_unit(session, code="900.01.77.H26", parent=middle)
    beside = make_unit(session, code="900.00.78.H26", parent=top)

    update_unit(session, SYSTEM, middle.id, _facts(code="900.00.79.H26"))

    session.expire_all()
    assert bottom.path == "900.00.01.H26/900.00.79.H26/900.01.77.H26/"
    assert beside.path == "900.00.01.H26/900.00.78.H26/"
    reviewer = make_person(session, grants=[{"role": "reviewer", "scope_unit_id": middle.id}])
    assert actor_for(session, reviewer).has_role("reviewer", unit_id=bottom.id)


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"code": "900.00.01.H26"}, "code", "unit_code_taken"),
        ({"code": "a/b"}, "code", "unit_code_form"),
        ({"code": ""}, "code", "unit_code_form"),
        ({"kind": "palace"}, "kind", "unit_kind_unknown"),
        ({"name": {"vi": "Sở Tư pháp", "en": "", "fr": "x"}}, "name_en", "required"),
        ({"dossier_code_pattern": "{unit}"}, "dossier_code_pattern", "pattern_not_sound"),
    ],
)
def test_wrong_facts_are_refused_beside_their_field(
    session: Session, changes: dict[str, Any], field: str, reason: str
) -> None:
    make_unit(session, code="900.00.01.H26")

    with pytest.raises(Invalid) as refusal:
        create_unit(session, SYSTEM, _facts(**changes), parent_id=None)

    assert refusal.value.fields == {field: [Reason(reason)]}


def test_only_administrators_change_the_tree(session: Session) -> None:
    unit = make_unit(session)
    officer = actor_for(session, make_person(session, grants=["issuer", "auditor"]))

    with pytest.raises(NotAllowed):
        create_unit(session, officer, _facts(), parent_id=None)
    with pytest.raises(NotAllowed):
        update_unit(session, officer, unit.id, _facts())
    with pytest.raises(NotFound):
        update_unit(session, SYSTEM, 0, _facts())


@pytest.mark.parametrize(
    ("pattern", "is_sound"),
    [
        (PATTERN, True),
        ("HN.{unit}.{yymmdd}.{serial:06}/{yyyy}", True),
        ("{unit}-{yymmdd}-{serial}", True),
        ("{unit}-{yymmdd}", False),
        ("{unit}-{serial:04}", False),
        ("{unit}-{yymmdd}-{serial:04}-{secret}", False),
        ("{unit.__class__}-{unit}-{yymmdd}-{serial}", False),
        ("{unit}-{yymmdd}-{serial:04", False),
    ],
)
def test_a_pattern_names_what_keeps_codes_apart(pattern: str, is_sound: bool) -> None:
    assert is_pattern_sound(pattern) is is_sound

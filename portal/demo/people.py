"""The invented people and organisations of the demonstration."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum.vn import mst

from accounts.models import Membership, Organisation, Person, RoleGrant, Unit
from accounts.passwords import hash_of
from accounts.queries import actor_of_person
from foundation.actors import Actor
from foundation.database import now
from foundation.workdays import local_date

WORLD = Path(__file__).with_name("world.yaml")
FIRST_TAX_CODE = 19000000
"""Invented tax codes begin here; their last digit is computed so that they are well formed."""

INVESTOR = 900
"""Its number among organisations, far from those that apply."""


@cache
def world() -> Mapping[str, Any]:
    """The data of the demonstration."""
    data: Mapping[str, Any] = yaml.safe_load(WORLD.read_text(encoding="utf-8"))
    return data


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays: organisations in the order of the file, people by the first part of their address."""

    organisations: list[Organisation]
    actors: Mapping[str, Actor]
    members: Mapping[int, Actor]


def make_people(session: Session) -> Cast:
    """Create all organisations and people; everybody has the same password, except those who only apply."""
    organisations = [_organisation(session, number, facts) for number, facts in enumerate(world()["organisations"])]
    password = hash_of(world()["password"])
    people = {facts["email"]: _person(session, facts, password, organisations) for facts in world()["people"]}
    members = {}
    for number, organisation in enumerate(organisations):
        known = next((f for f in world()["people"] if f.get("organisation") == number), None)
        person = people[known["email"]] if known else _founder(session, number, organisation, password)
        members[organisation.id] = person
    session.flush()
    return Cast(
        organisations,
        {email.partition("@")[0]: actor_of_person(session, person.id) for email, person in people.items()},
        {key: actor_of_person(session, person.id) for key, person in members.items()},
    )


def make_investor(session: Session) -> Organisation:
    """The organisation that contributes to the fund of the demonstration, with its own person."""
    facts = world()["investor"]
    organisation = _organisation(session, INVESTOR, facts)
    _join(session, _account(session, facts["email"], facts["person"], hash_of(world()["password"])), organisation)
    return organisation


def tax_code(number: int) -> str:
    """A well-formed tax code that belongs to nobody known here."""
    stem = f"{FIRST_TAX_CODE + number * 7:09d}"
    code = stem + str(mst.calc_check_digit(stem + "0"))
    return code if mst.is_valid(code) else tax_code(number + 1000)


def _organisation(session: Session, number: int, facts: Mapping[str, Any]) -> Organisation:
    organisation = Organisation(
        name_vi=facts["name"],
        name_en=facts["en"],
        tax_code=tax_code(number),
        legal_form=facts["form"],
        ward_code=facts.get("ward", "00004"),
        address=f"Số {number + 1}, phố Minh Hoạ",
        email=f"lienhe{number + 1}@demo.example",
    )
    session.add(organisation)
    session.flush()
    return organisation


def _person(session: Session, facts: Mapping[str, Any], password: str, organisations: list[Organisation]) -> Person:
    person = _account(session, facts["email"], facts["name"], password)
    if "organisation" in facts:
        _join(session, person, organisations[facts["organisation"]])
    _grant(session, person, facts)
    _grant(session, person, facts.get("also", {}))
    return person


def _grant(session: Session, person: Person, facts: Mapping[str, Any]) -> None:
    unit = session.scalar(select(Unit.id).where(Unit.code == facts["unit"])) if "unit" in facts else None
    for role in facts.get("roles", []):
        session.add(
            RoleGrant(
                person_id=person.id,
                role=role,
                scope_unit_id=unit,
                scope_park=facts.get("park"),
                starts_on=local_date(now()).replace(month=1, day=1),
                reason="Dữ liệu trình diễn",
            )
        )


def _founder(session: Session, number: int, organisation: Organisation, password: str) -> Person:
    person = _account(session, f"doanhnghiep{number + 1}@demo.example", f"Đại diện doanh nghiệp {number + 1}", password)
    _join(session, person, organisation)
    return person


def _account(session: Session, email: str, name: str, password: str) -> Person:
    person = Person(
        email=email,
        full_name=name,
        password_hash=password,
        language="vi",
        email_confirmed_at=now(),
    )
    session.add(person)
    session.flush()
    return person


def _join(session: Session, person: Person, organisation: Organisation) -> None:
    session.add(Membership(person_id=person.id, organisation_id=organisation.id, role="owner"))
    session.flush()

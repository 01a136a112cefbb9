"""Who lives in a large world: units with their staff, reviewers, and organisations that apply."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import orjson
from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session
from stdnum.vn import mst

from accounts.models import Membership, Organisation, Person, RoleGrant, Unit, Ward
from foundation.database import now
from foundation.searchtext import fold
from foundation.workdays import local_date

UNITS = 20
BUSY_SHARES = (40.0, 20.0, 12.0, 8.0)
"""Per cent of the work of the first units: four of twenty have four fifths of it."""

BUSY_OFFICERS, OFFICERS = 12, 3
REVIEWERS = 60
DOSSIERS_PER_ORGANISATION = 40
MOST_ORGANISATIONS = 30_000
FIRST_TAX_CODE = 20_000_000
"""Behind those of the demonstration."""

AT_ONCE = 5_000
GROUND = "Dữ liệu trình diễn"

Named = tuple[int, str]


@dataclass(frozen=True, slots=True)
class UnitAtWork:
    """A unit, how its dossier codes look, and who works there, by role."""

    id: int
    code: str
    pattern: str
    name: bytes
    staff: Mapping[str, Sequence[Named]]


@dataclass(frozen=True, slots=True)
class Applying:
    """An organisation, its names as JSON and as folded words, and the person who files for it."""

    id: int
    name: bytes
    words: str
    person: Named


@dataclass(frozen=True, slots=True)
class Population:
    """Everybody; units in the order of their work, and those ``apart`` that alone receive a procedure, by number."""

    units: Sequence[UnitAtWork]
    apart: Mapping[int, UnitAtWork]
    reviewers: Sequence[Named]
    organisations: Sequence[Applying]
    wards: Sequence[str]

    def shares(self) -> list[float]:
        """How much of the work each unit has."""
        rest = (100 - sum(BUSY_SHARES)) / (len(self.units) - len(BUSY_SHARES))
        return [*BUSY_SHARES, *[rest] * (len(self.units) - len(BUSY_SHARES))]


def make_population(session: Session, dossiers: int, *, apart: Iterable[int]) -> Population:
    """Add units, staff and organisations to those of the demonstration, enough for so many dossiers."""
    wards = list(session.scalars(select(Ward).order_by(Ward.code)))
    units = _units(session, wards)
    for place, unit in enumerate(units):
        _employ(session, unit, BUSY_OFFICERS if place < len(BUSY_SHARES) else OFFICERS)
    _grant(session, _people(session, "thamdinh", "Chuyên gia thẩm định", REVIEWERS), "reviewer", None)
    _found_organisations(session, min(MOST_ORGANISATIONS, dossiers // DOSSIERS_PER_ORGANISATION + 1), wards)
    session.flush()
    return Population(
        [_at_work(session, unit) for unit in units],
        {unit.id: _at_work(session, unit) for unit in session.scalars(select(Unit).where(Unit.id.in_(apart)))},
        _holding(session, "reviewer", None),
        _applying(session),
        [ward.full_name for ward in wards],
    )


def _units(session: Session, wards: Sequence[Ward]) -> list[Unit]:
    """The unit that receives in the demonstration, then people's committees of wards."""
    busiest = session.scalars(
        select(Unit).join(RoleGrant, RoleGrant.scope_unit_id == Unit.id)
        .where(RoleGrant.role == "decision_drafter").order_by(Unit.id).limit(1)
    ).one()  # fmt: skip
    there = list(session.scalars(select(Unit).where(Unit.kind == "ward").order_by(Unit.id)))
    root = session.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)).one()
    for number, ward in enumerate(wards[-(UNITS - 1 - len(there)) :], 500):
        there.append(_committee(session, root, ward, number))
    return [busiest, *there]


def _committee(session: Session, root: Unit, ward: Ward, number: int) -> Unit:
    code = f"000.00.{number}.H26"
    name = {
        "vi": f"Ủy ban nhân dân {ward.full_name}",
        "en": f"People’s Committee of {ward.full_name_en}",
        "fr": f"Comité populaire de {ward.full_name_en}",
    }
    unit = Unit(code=code, name=name, kind="ward", parent_id=root.id, path=f"{root.path}{code}/")
    session.add(unit)
    session.flush()
    return unit


def _employ(session: Session, unit: Unit, officers: int) -> None:
    mailbox = f"donvi{unit.id}"
    for role, title, number in (
        ("intake_officer", "Cán bộ tiếp nhận", 2),
        ("case_officer", "Chuyên viên thụ lý", officers),
        ("panel_secretary", "Thư ký hội đồng", 1),
        ("panel_chair", "Chủ tịch hội đồng", 1),
        ("panel_member", "Thành viên hội đồng", 2),
        ("decision_drafter", "Cán bộ soạn thảo", 1),
    ):
        people = _people(
            session, f"{mailbox}.{role.removeprefix('panel_').partition('_')[0]}", f"{title} {unit.id}", number
        )
        _grant(session, people, role, unit.id)


def _people(session: Session, mailbox: str, title: str, number: int) -> list[int]:
    rows = [_account(f"{mailbox}{place}@demo.example", f"{title}.{place}") for place in range(1, number + 1)]
    return list(session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), rows))


def _account(email: str, name: str) -> dict[str, Any]:
    words = fold(f"{name} {email}")
    return {"email": email, "full_name": name, "search_text": words, "email_confirmed_at": now()}


def _grant(session: Session, people: Sequence[int], role: str, unit_id: int | None) -> None:
    starts_on = local_date(now()).replace(month=1, day=1)
    grant = {"role": role, "scope_unit_id": unit_id, "starts_on": starts_on, "reason": GROUND}
    session.execute(insert(RoleGrant), [{"person_id": person, **grant} for person in people])


def _found_organisations(session: Session, number: int, wards: Sequence[Ward]) -> None:
    codes = tax_codes()
    for first in range(1, number + 1, AT_ONCE):
        numbers = range(first, min(number, first + AT_ONCE - 1) + 1)
        companies = [_company(place, wards[place % len(wards)].code, next(codes)) for place in numbers]
        filed = insert(Organisation).returning(Organisation.id, sort_by_parameter_order=True)
        organisations = list(session.scalars(filed, companies))
        founders = [_account(f"nguoinop{place}@demo.example", f"Người nộp hồ sơ {place}") for place in numbers]
        people = list(session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), founders))
        pairs = zip(people, organisations, strict=True)
        owners = [{"person_id": person, "organisation_id": company, "role": "owner"} for person, company in pairs]
        session.execute(insert(Membership), owners)


def tax_codes() -> Iterator[str]:
    """Well-formed tax codes of nobody known here, each once."""
    stems = (f"{FIRST_TAX_CODE + 7 * number:09d}" for number in count())
    return filter(mst.is_valid, (stem + str(mst.calc_check_digit(stem + "0")) for stem in stems))


def _company(place: int, ward: str, code: str) -> dict[str, Any]:
    name = f"Công ty TNHH Minh Hoạ {place:05d}"
    english = f"Illustrative Company {place:05d} Ltd"
    return {
        "name_vi": name,
        "name_en": english,
        "search_text": fold(f"{name} {english} {code}"),
        "tax_code": code,
        "legal_form": "limited_company",
        "ward_code": ward,
        "address": f"Số {place}, phố Minh Hoạ",
        "email": f"congty{place}@demo.example",
    }


def _at_work(session: Session, unit: Unit) -> UnitAtWork:
    panel = ("panel_secretary", "panel_chair", "panel_member")
    roles = ("intake_officer", "case_officer", *panel, "decision_drafter")
    staff = {role: _holding(session, role, unit.id) for role in roles}
    return UnitAtWork(unit.id, unit.code, unit.dossier_code_pattern, orjson.dumps(unit.name), staff)


def _holding(session: Session, role: str, unit_id: int | None) -> list[Named]:
    query = select(Person.id, Person.full_name).join(RoleGrant, RoleGrant.person_id == Person.id)
    query = query.where(RoleGrant.role == role, RoleGrant.scope_unit_id.is_not_distinct_from(unit_id))
    return [(number, name) for number, name in session.execute(query.order_by(Person.id))]


def _applying(session: Session) -> list[Applying]:
    query = (
        select(Organisation, Person.id, Person.full_name)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.role == "owner")
        .ext(distinct_on(Organisation.id))
        .order_by(Organisation.id, Person.id)
    )
    return [_applicant(organisation, (number, name)) for organisation, number, name in session.execute(query)]


def _applicant(organisation: Organisation, person: Named) -> Applying:
    other = organisation.name_en or organisation.name_vi
    names = orjson.dumps({"vi": organisation.name_vi, "en": other, "fr": other})
    said = (organisation.name_vi, organisation.name_en or "", organisation.tax_code or "")
    return Applying(organisation.id, names, fold(" ".join(said)), person)

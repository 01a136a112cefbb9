"""The public register of tests: what was permitted to whom, where and until when, and who hears complaints.

Only what the applicant agreed to publish and what the permit itself says; never the test plan, scores, sums at risk
or anything that takes part in the test.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, false, func, select, text
from sqlalchemy.orm import Session

from accounts.models import Organisation
from applications.forms.display import shown_answer
from applications.forms.wards import ward_name
from applications.models import Application, Case, Decision
from applications.packs.catalogue import pack_of_version
from applications.queries.lists import applicant_name
from foundation.companypanels import SHOWN
from foundation.errors import NotFound
from foundation.paging import PAGE_SIZE, Order, Page, page_of_columns
from foundation.revisions import kept
from foundation.searchtext import query_terms
from sandbox.models import DisappliedProvision, TestRegulation

PLANNED, RUNNING, ENDED = "planned", "running", "ended"
STATUSES = (PLANNED, RUNNING, ENDED)
NUMBER = re.compile(r"DKTN-(\d{4})-(\d{4,18})")
LONGEST_WORDS = 100
NEWEST_FIRST = Order((TestRegulation.id,), is_descending=True)

_answers = Application.submitted["answers"]
COLUMNS = (
    TestRegulation.id,
    TestRegulation.scope,
    TestRegulation.area,
    TestRegulation.starts_on,
    TestRegulation.ends_on,
    TestRegulation.user_limit,
    TestRegulation.conditions,
    TestRegulation.complaints,
    Decision.number.label("decision"),
    Decision.decided_on,
    Case.title,
    Case.version_id,
    Organisation.name_vi.label("organisation_vi"),
    Organisation.name_en.label("organisation_en"),
    TestRegulation.sector,
    _answers["regime"].as_string().label("regime"),
    _answers["summary"].as_string().label("summary"),
    _answers["complaints_contact"].as_string().label("complaints_contact"),
)


SECTORS = text(
    """
    WITH RECURSIVE one AS (
      (SELECT sector, case_id FROM test_regulations WHERE is_published ORDER BY sector DESC, case_id DESC LIMIT 1)
      UNION ALL
      SELECT following.* FROM one, LATERAL (
        SELECT sector, case_id FROM test_regulations WHERE is_published AND sector < one.sector
        ORDER BY sector DESC, case_id DESC LIMIT 1
      ) following
    )
    SELECT sector, version_id FROM one JOIN cases ON cases.id = case_id WHERE sector <> ''
    """
)
"""Each sector once with its newest dossier: one look into an index for each, however many entries there are."""


@dataclass(frozen=True, slots=True)
class RegisterFilters:
    """What narrows the register; empty means everything."""

    words: str = ""
    sector: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class RegisteredTest:
    """An entry of the register in one language; texts of the applicant and of the permit are as they were written.

    ``area`` holds pairs of ward and place, ``conditions`` the conditions alone, without their grounds.
    """

    number: str
    title: str
    organisation: str
    summary: str
    sector: str
    regime: str
    scope: str
    area: Sequence[tuple[str, str]]
    starts_on: date
    ends_on: date
    status: str
    user_limit: int
    conditions: Sequence[str]
    disapplied: Sequence[DisappliedProvision]
    complaints: str
    complaints_contact: str
    decision: str
    decided_on: date


def registered_tests(
    session: Session,
    filters: RegisterFilters,
    *,
    language: str,
    today: date,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[RegisteredTest]:
    """The entries of the register, the newest permit first."""
    query = _published().where(*_conditions(filters, today))
    page = page_of_columns(session, query, NEWEST_FIRST, after=cursor, size=size)
    provisions = _provisions(session, [row.id for row in page.rows])
    entries = [_entry(session, row, provisions[row.id], language, today) for row in page.rows]
    return Page(entries, page.next_cursor)


def registered_test(session: Session, number: str, *, language: str, today: date) -> RegisteredTest:
    """The entry with this number. Raises NotFound."""
    match = NUMBER.fullmatch(number)
    row = session.execute(_published().where(TestRegulation.id == int(match[2]))).one_or_none() if match else None
    if row is None or number_of(row) != number:
        raise NotFound
    return _entry(session, row, _provisions(session, [row.id])[row.id], language, today)


def tests_of(session: Session, organisation_id: int, language: str, today: date) -> list[RegisteredTest]:
    """The newest entries of one organisation."""
    query = _published().where(Case.organisation_id == organisation_id)
    rows = session.execute(query.order_by(TestRegulation.id.desc()).limit(SHOWN)).all()
    provisions = _provisions(session, [row.id for row in rows])
    return [_entry(session, row, provisions[row.id], language, today) for row in rows]


def sectors_of_register(session: Session, language: str) -> list[tuple[str, str]]:
    """The sectors that have an entry, as pairs of value and title, sorted by title."""
    found = [
        (row.sector, _choice(session, row.version_id, "sector", row.sector, language))
        for row in session.execute(SECTORS)
    ]
    return sorted(found, key=lambda pair: pair[1])


def running_tests(session: Session, today: date) -> int:
    """How many tests run today; counted anew on another day and after a change of any of them."""
    return kept(session, "regulations", today, lambda: _running_tests(session, today))


def _running_tests(session: Session, today: date) -> int:
    query = (
        select(func.count())
        .select_from(TestRegulation)
        .where(TestRegulation.is_published, *_conditions(RegisterFilters(status=RUNNING), today))
    )
    return int(session.execute(query).scalar_one())


def number_of(row: Any) -> str:
    """The number of an entry in the register: the year of the decision and the number of its regulation."""
    return f"DKTN-{row.decided_on.year}-{row.id:04d}"


def status_on(day: date, starts_on: date, ends_on: date) -> str:
    """Whether a test of this period is planned, running or ended on a day."""
    if day < starts_on:
        return PLANNED
    return RUNNING if day <= ends_on else ENDED


def _published() -> Any:
    return (
        select(*COLUMNS)
        .select_from(TestRegulation)
        .join(Application, Application.id == TestRegulation.case_id)
        .join(Decision, Decision.id == TestRegulation.decision_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(TestRegulation.is_published, Decision.outcome == "granted")
    )


def _conditions(filters: RegisterFilters, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.sector:
        found.append(TestRegulation.sector == filters.sector)
    if filters.status == PLANNED:
        found.append(TestRegulation.starts_on > today)
    elif filters.status == RUNNING:
        found += [TestRegulation.starts_on <= today, TestRegulation.ends_on >= today]
    elif filters.status == ENDED:
        found.append(TestRegulation.ends_on < today)
    if words := filters.words.strip():
        found.append(_holds(words))
    return found


def _holds(words: str) -> ColumnElement[bool]:
    """The words stand in the statement, so that the server plans for them: words that nearly every test holds are met
    soon, newest first, and rare ones in their index."""
    terms = query_terms(words)
    if terms is None:
        return false()
    asked = func.to_tsquery(text("'simple'"), bindparam("terms", terms, type_=Text, literal_execute=True))
    holds: ColumnElement[bool] = TestRegulation.words.bool_op("@@")(asked)
    return holds


def _provisions(session: Session, ids: Iterable[int]) -> Mapping[int, list[DisappliedProvision]]:
    query = (
        select(DisappliedProvision)
        .where(DisappliedProvision.regulation_id.in_(list(ids)))
        .order_by(DisappliedProvision.id)
    )
    found: dict[int, list[DisappliedProvision]] = defaultdict(list)
    for provision in session.scalars(query):
        found[provision.regulation_id].append(provision)
    return found


def _entry(
    session: Session, row: Any, provisions: Sequence[DisappliedProvision], language: str, today: date
) -> RegisteredTest:
    return RegisteredTest(
        number=number_of(row),
        title=row.title,
        organisation=applicant_name(row, language),
        summary=row.summary or "",
        sector=_choice(session, row.version_id, "sector", row.sector, language),
        regime=_choice(session, row.version_id, "regime", row.regime, language),
        scope=row.scope,
        area=[(ward_name(place.get("ward"), language), str(place.get("place") or "")) for place in row.area],
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        status=status_on(today, row.starts_on, row.ends_on),
        user_limit=row.user_limit,
        conditions=[str(condition["condition"]) for condition in row.conditions],
        disapplied=provisions,
        complaints=row.complaints,
        complaints_contact=row.complaints_contact or "",
        decision=row.decision,
        decided_on=row.decided_on,
    )


def _choice(session: Session, version_id: int, key: str, value: str | None, language: str) -> str:
    spec = pack_of_version(session, version_id).field_by_key.get(key)
    return shown_answer(spec, value, language) if spec is not None and value else value or ""

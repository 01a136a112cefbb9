"""Stories: all rows of a dossier of the demonstration, read once to be told again of other dossiers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from applications.documenttexts import read_document
from applications.models import Application, Case, Document, DocumentText
from applications.wordindex import keep_some, words_of
from foundation.workdays import local_date
from portal.seeding.tables import FILLED, NUMBERED, TABLES

PROCEDURES = ("controlled-test", "innovation-desk")
"""Whose dossiers stand for themselves; a deal of a fund or a test elsewhere has rows in books of others too."""

FOUND_ANEW = ("stuck_cases",)
"""What a nightly job finds out of every dossier, so also of new ones."""

ELSEWHERE = """
    SELECT relname, attname FROM pg_constraint
    JOIN pg_class ON pg_class.oid = conrelid JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'f' AND confrelid IN ('cases'::regclass, 'applications'::regclass) AND NOT relname = ANY(%s)
"""
"""Tables beside these that may hold something of a dossier."""

Rows = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Story:
    """One dossier with its rows by table, its kept words, and what its people were to it, by number."""

    procedure: str
    prefix: str
    rows: Rows
    words: tuple[str, str]
    staff: Mapping[int, tuple[str, int]]
    names: Mapping[int, str]
    unit_name: Mapping[str, str]
    organisation_name: Mapping[str, str]

    @property
    def case(self) -> dict[str, Any]:
        return self.rows["cases"][0]

    @property
    def received_on(self) -> date | None:
        """The day of its dossier code, if it has one."""
        return local_date(self.case["received_at"]) if self.case["code"] else None

    @property
    def waits_for_the_clock(self) -> bool:
        """Whether the clock itself makes a step when a term passes, so that nothing older can be as it is."""
        return any(run["expires_by"] and run["ended_at"] is None for run in self.rows["clock_runs"])

    def numbers_needed(self) -> dict[str, int]:
        return {table: len(self.rows[table]) for table in NUMBERED}


def read_stories(session: Session) -> list[Story]:
    """Every dossier of these procedures that no other book knows, oldest first, with its words kept."""
    _read_documents(session)
    while keep_some(session):
        session.flush()
    cases = list(session.scalars(select(Application).order_by(Case.id)))
    words = {row["case_id"]: (row["sent"], row["own"]) for row in words_of(session, cases)}
    connection = driver_of(session)
    entangled = _entangled(connection)
    procedures: dict[int, str] = dict(connection.execute("SELECT id, code FROM procedures").fetchall())
    return [
        _story(connection, case, procedures[case.procedure_id], words[case.id])
        for case in cases
        if procedures[case.procedure_id] in PROCEDURES and case.id not in entangled
    ]


def _read_documents(session: Session) -> None:
    """Read those that no worker has come to yet; one at work ends first, so that neither waits for the other."""
    session.execute(text("LOCK TABLE document_texts IN SHARE ROW EXCLUSIVE MODE"))
    without = select(Document.id).outerjoin(DocumentText, DocumentText.document_id == Document.id)
    for document_id in session.scalars(without.where(DocumentText.document_id.is_(None)).order_by(Document.id)).all():
        read_document.work(session, document_id=document_id)


def _entangled(connection: psycopg.Connection) -> set[int]:
    """Dossiers of which something stands in other tables, too: what they say cannot be told of another one."""
    found: set[int] = set()
    for table, column in connection.execute(ELSEWHERE, [[*FILLED, *FOUND_ANEW]]).fetchall():
        query = sql.SQL("SELECT {column} FROM {table}").format(
            column=sql.Identifier(column), table=sql.Identifier(table)
        )
        found.update(number for (number,) in connection.execute(query))
    return found


def driver_of(session: Session) -> psycopg.Connection:
    """The connection that the session is in a transaction of."""
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - the only driver there is
    return driver


def _story(connection: psycopg.Connection, case: Application, procedure: str, words: tuple[str, str]) -> Story:
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = {table: cursor.execute(query, {"case": case.id}).fetchall() for table, query in TABLES.items()}
        unit = cursor.execute("SELECT name FROM units WHERE id = %s", [case.unit_id]).fetchone()
        called = "SELECT name_vi, name_en FROM organisations WHERE id = %s"
        organisation = cursor.execute(called, [case.organisation_id]).fetchone()
    assert unit is not None  # noqa: S101 - a foreign key says so
    assert organisation is not None  # noqa: S101 - every dossier of the demonstration has one
    vi, other = organisation["name_vi"], organisation["name_en"] or organisation["name_vi"]
    return Story(
        procedure,
        case.key.partition("-")[0],
        rows,
        words,
        _staff(connection, case.unit_id),
        dict(connection.execute("SELECT id, full_name FROM people").fetchall()),
        unit["name"],
        {"vi": vi, "en": other, "fr": other},
    )


def _staff(connection: psycopg.Connection, unit_id: int) -> dict[int, tuple[str, int]]:
    """Who works in the unit, or reviews anywhere: the role, and which one of those who hold it."""
    found = connection.execute(
        "SELECT person_id, role, row_number() OVER (PARTITION BY role ORDER BY person_id) - 1 FROM role_grants"
        " WHERE scope_unit_id = %s OR (scope_unit_id IS NULL AND role = 'reviewer') ORDER BY role DESC",
        [unit_id],
    )
    return {person: (role, place) for person, role, place in found}

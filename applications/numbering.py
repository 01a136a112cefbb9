"""Giving a dossier its code as the very last statement of a step, so that its unit's counter is locked for an instant.

The code is the counter's, and what the step writes carries it: the audit entry with its hash, the letter, the notices.
All of that is composed with a word that stands for the code; one statement takes the number, puts the code in the
place of that word, and writes everything. Whoever waits for the counter waits for that statement and the commit.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from accounts.models import Unit
from applications.models import Case
from applications.numbers import PLACEHOLDER, filled
from foundation import audit
from foundation.audit import COLUMNS, AuditEntry, StreamEnd
from foundation.facts import plain
from foundation.notices import NoticeKind
from foundation.prepared import prepare

PENDING = f"code-{secrets.token_hex(16)}"
"""Stands for the code while it is not known; nobody can guess it, so that no words of a person hold it."""

ENTRY = ", ".join(
    {"facts": "CAST(replace(:facts, :pending, given.code) AS jsonb)", "hash": "head.hash"}.get(name)
    or f"CAST(:{name} AS {type_})"
    for name, type_ in COLUMNS.items()
)
NUMBER = prepare(
    text(
        f"""
        WITH counter AS (
          INSERT INTO dossier_counters AS counter (unit_id, day, last) VALUES (:unit_id, :day, 1)
          ON CONFLICT (unit_id, day) DO UPDATE SET last = counter.last + 1 RETURNING CAST(last AS text) AS serial
        ), given AS MATERIALIZED (
          SELECT (SELECT string_agg(CASE jsonb_typeof(part) WHEN 'string' THEN part #>> '{{}}'
                                    ELSE lpad(serial, greatest(CAST(part AS integer), length(serial)), '0') END,
                                    '' ORDER BY place)
                    FROM jsonb_array_elements(CAST(:parts AS jsonb)) WITH ORDINALITY AS listed (part, place)) AS code
            FROM counter
        ), coded AS (
          UPDATE cases SET code = given.code FROM given WHERE cases.id = :case_id
        ), head AS (
          UPDATE audit_heads
             SET seq = :seq, at = :at, hash = sha256(convert_to(replace(:content, :pending, given.code), 'UTF8'))
            FROM given
           WHERE audit_heads.stream = :stream AND audit_heads.seq = :seq - 1 AND audit_heads.hash = :prev_hash
          RETURNING audit_heads.hash
        ), entry AS (
          INSERT INTO audit_entries ({", ".join(COLUMNS)}) SELECT {ENTRY} FROM head, given
        ), event AS (
          INSERT INTO case_events (id, case_id, seq, step, from_state, to_state, at, actor_kind, person_id, role, basis,
                                   data, version_id)
          VALUES (:event_id, :case_id, :event_seq, :step, :from_state, :to_state, :at, :actor_kind,
                  CAST(:person_id AS bigint), :role, :basis, CAST(:data AS jsonb), :version_id)
        ), letter AS (
          INSERT INTO letters (case_id, event_id, letter, number, code, template, facts, created_at)
          SELECT :case_id, :event_id, written->>'letter', written->>'number', written->>'code', written->>'template',
                 written->'facts', :at
            FROM given, jsonb_array_elements(CAST(replace(:letters, :pending, given.code) AS jsonb)) AS written
        ), told AS (
          INSERT INTO notices (person_id, kind, facts, link, case_id, created_at)
          SELECT CAST(person AS bigint), telling->>'kind', telling->'facts', :link, :case_id, :at
            FROM given, jsonb_array_elements(CAST(replace(:told, :pending, given.code) AS jsonb)) AS telling,
                 jsonb_array_elements(telling->'people') AS person
        )
        SELECT code, EXISTS (SELECT FROM head) AS is_chained FROM given
        """  # noqa: S608 - joined from constants
    )
)


@dataclass(slots=True)
class Numbering:
    """What waits for the number that a unit gives on a day."""

    unit: Unit
    day: date
    entry: AuditEntry | None = None
    told: list[dict[str, Any]] = field(default_factory=list)

    def tell(self, people: list[int], kind: NoticeKind, facts: Mapping[str, Any]) -> None:
        """Keep a notice to these people until the number is taken."""
        self.told.append({"people": people, "kind": kind.key, "facts": plain(facts)})


def await_number(case: Case) -> None:
    """Let whatever reads the case's code meet the word that stands for it; the session does not write that."""
    set_committed_value(case, "code", PENDING)


def take_number(
    session: Session,
    case: Case,
    waiting: Numbering,
    *,
    end: StreamEnd | None,
    event: Mapping[str, Any],
    letters: str,
    link: str,
) -> str:
    """Write all that waits, in one statement, with the code that the counter gives; the code.

    The counter stays locked until the transaction ends, and a rollback gives the number back: the serials of a day
    have no gaps. ``event`` and ``letters`` are as the step's records take them.
    """
    entry = waiting.entry
    assert entry is not None  # noqa: S101 - narrows the type for mypy
    if end is not None:
        audit.follow(entry, end)
    row = audit.row_of(entry)
    found = NUMBER.rows(
        session,
        **{name: value for name, value in event.items() if name not in ("id", "seq")},
        **{name: value for name, value in row.items() if name not in event or name in ("id", "seq")},
        event_id=event["id"],
        event_seq=event["seq"],
        letters=letters,
        link=link,
        unit_id=waiting.unit.id,
        day=waiting.day,
        parts=orjson.dumps(list(_parts(waiting))).decode(),
        told=orjson.dumps(waiting.told).decode(),
        pending=PENDING,
        content=entry.content().decode() if end is not None else "",
    )[0]
    set_committed_value(case, "code", found.code)
    if not found.is_chained:
        _chain(session, entry, found.code)
    return str(found.code)


def _chain(session: Session, entry: AuditEntry, code: str) -> None:
    """Somebody wrote to the stream since its end was read: the entry goes behind theirs."""
    entry.facts = orjson.loads(orjson.dumps(entry.facts).replace(PENDING.encode(), code.encode()))
    audit.write(session, entry)


def _parts(waiting: Numbering) -> Iterator[str | int]:
    """The pattern of the unit's codes in pieces: words, and widths of the serial number."""
    pattern, behind = waiting.unit.dossier_code_pattern, 0
    for match in PLACEHOLDER.finditer(pattern):
        yield pattern[behind : match.start()]
        is_serial = match[1] == "serial"
        yield int(match[2] or 1) if is_serial else filled(match[1], waiting.unit.code, waiting.day)
        behind = match.end()
    yield pattern[behind:]

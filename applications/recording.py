"""All that a step leaves, written by one statement: the case as it stands now, its clocks, the event, the audit entry,
letters and notices; and the dossier's number, where the step gives one.

Steps on several dossiers are written together: whatever there is of one kind stands in one list.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from applications.firing import Event
from applications.models import Case, CaseEvent
from applications.numbering import PENDING, Numbering
from applications.runs import CLOCKS_SQL, Changes
from foundation import audit
from foundation.audit import AuditEntry, StreamEnd
from foundation.entities import settle, settle_columns
from foundation.facts import plain
from foundation.jsonrows import typed
from foundation.noticekinds import Channel, NoticeKind, require_facts
from foundation.prepared import prepare

MOVED = (
    *("title", "version_id", "pinned_at", "state", "state_kind", "state_since", "unit_id", "organisation_id"),
    *("holder_id", "received_at", "decided_at", "due_at", "original_due_at", "updated_at", "revision", "steps_made"),
)
"""The columns of a case that steps change; the code is given here."""
WRITTEN = frozenset(MOVED)
EVENT = (
    *("id", "case_id", "seq", "step", "from_state", "to_state", "at", "actor_kind", "person_id", "role", "basis"),
    *("data", "version_id"),
)
ENTRY = {name: kind for name, kind in audit.COLUMNS.items() if name not in ("facts", "prev_hash", "hash")}

RECORD = f"""
    WITH asked AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(CAST(:cases AS jsonb))
             AS asked (id bigint, {typed(Case, MOVED)}, place bigint, counter bigint, day date, parts jsonb,
                       letters text, told text, link text, event_id bigint, stream text, content text, facts text)
    ), counter AS (
      INSERT INTO dossier_counters AS counter (unit_id, day, last)
      SELECT counter, day, count(*) FROM asked WHERE counter IS NOT NULL GROUP BY counter, day ORDER BY counter, day
      ON CONFLICT (unit_id, day) DO UPDATE SET last = counter.last + excluded.last
      RETURNING unit_id, day, last
    ), numbered AS (
      SELECT asked.id, asked.parts, CAST(counter.last - count(*) OVER (PARTITION BY counter.unit_id, counter.day)
             + row_number() OVER (PARTITION BY counter.unit_id, counter.day ORDER BY asked.place) AS text) AS serial
        FROM asked JOIN counter ON counter.unit_id = asked.counter AND counter.day = asked.day
    ), given AS MATERIALIZED (
      SELECT id, (SELECT string_agg(CASE jsonb_typeof(part) WHEN 'string' THEN part #>> '{{}}'
                                    ELSE lpad(serial, greatest(CAST(part AS integer), length(serial)), '0') END,
                                    '' ORDER BY place)
                    FROM jsonb_array_elements(parts) WITH ORDINALITY AS listed (part, place)) AS code
        FROM numbered
    ), made AS MATERIALIZED (
      SELECT asked.*, code, coalesce(code, :pending) AS word FROM asked LEFT JOIN given USING (id)
    ), moved AS (
      UPDATE cases SET {", ".join(f"{name} = made.{name}" for name in MOVED)}, code = coalesce(made.code, cases.code)
        FROM made WHERE cases.id = made.id
    ), entry AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(CAST(:entries AS jsonb))
             AS entry ({", ".join(f"{name} {kind}" for name, kind in ENTRY.items())}, prev_hash text)
    ), head AS (
      UPDATE audit_heads AS head
         SET seq = entry.seq, at = entry.at, hash = sha256(convert_to(replace(content, :pending, word), 'UTF8'))
        FROM entry JOIN made USING (stream)
       WHERE head.stream = entry.stream AND head.seq = entry.seq - 1 AND head.hash = decode(entry.prev_hash, 'hex')
      RETURNING head.stream, head.hash
    ), chained AS (
      INSERT INTO audit_entries ({", ".join(ENTRY)}, facts, prev_hash, hash)
      SELECT {", ".join(f"entry.{name}" for name in ENTRY)}, CAST(replace(facts, :pending, word) AS jsonb),
             decode(entry.prev_hash, 'hex'), head.hash
        FROM entry JOIN made USING (stream) JOIN head USING (stream)
    ), event AS (
      INSERT INTO case_events ({", ".join(EVENT)})
      SELECT {", ".join(EVENT)}
        FROM jsonb_to_recordset(CAST(:events AS jsonb)) AS event ({typed(CaseEvent, EVENT)})
    ), letter AS (
      INSERT INTO letters (case_id, event_id, letter, number, code, template, facts, created_at)
      SELECT made.id, event_id, written->>'letter', written->>'number', written->>'code', written->>'template',
             written->'facts', updated_at
        FROM made, jsonb_array_elements(CAST(replace(letters, :pending, word) AS jsonb)) AS written
    ), notice AS (
      INSERT INTO notices (person_id, kind, facts, link, case_id, created_at)
      SELECT CAST(person AS bigint), telling->>'kind', telling->'facts', link, made.id, updated_at
        FROM made, jsonb_array_elements(CAST(replace(told, :pending, word) AS jsonb)) AS telling,
             jsonb_array_elements(telling->'people') AS person
       WHERE NOT EXISTS (SELECT FROM notice_choices AS choice
                          WHERE choice.person_id = CAST(person AS bigint) AND choice.topic = telling->>'topic'
                            AND choice.channel = '{Channel.NONE}')
    )"""  # noqa: S608 - joined from constants
ANSWER = """
    SELECT made.id, made.code, head.hash AS hash FROM made LEFT JOIN head USING (stream)"""
WRITE = prepare(text(RECORD + ANSWER))
WRITE_WITH_CLOCKS = prepare(text(f"{RECORD}, {CLOCKS_SQL} {ANSWER}"))


@dataclass(slots=True)
class Record:
    """What one step leaves, until it is written.

    ``end`` is where the case's audit ended when it was read behind the lock. ``told`` are notices, each with the
    people who are told unless they chose not to be.
    """

    case: Case
    event: Event
    entry: AuditEntry
    end: StreamEnd | None
    numbering: Numbering | None = None
    link: str = ""
    letters: list[Mapping[str, Any]] = field(default_factory=list)
    told: list[Mapping[str, Any]] = field(default_factory=list)
    changes: Changes = field(default_factory=dict)

    def tell(self, people: list[int], kind: NoticeKind, facts: Mapping[str, Any]) -> None:
        """Add a notice. Raises ValueError when the wording needs a fact that is not given."""
        require_facts(kind, facts)
        is_free = kind.topic is not None and Channel.NONE in kind.topic.channels
        topic = kind.topic.key if kind.topic is not None and is_free else None
        self.told.append({"people": people, "kind": kind.key, "facts": plain(facts), "topic": topic})


def write(session: Session, records: Sequence[Record]) -> None:
    """Write what these steps leave, in one statement behind what the session has to write itself.

    A dossier whose code waits gets it: serials of a unit's day have no gaps, since the counter stays locked until the
    transaction ends and a rollback gives the numbers back.
    """
    for record in records:
        _take_over(session, record.case)
    session.flush()  # before anybody waits for us
    clocks = {name: [row for record in records for row in record.changes.get(name, ())] for name in CHANGES}
    statement = WRITE_WITH_CLOCKS if any(clocks.values()) else WRITE
    sent = {name: orjson.dumps(rows).decode() for name, rows in clocks.items()} if any(clocks.values()) else {}
    rows = statement.rows(
        session,
        **sent,
        cases=orjson.dumps([_case(place, record) for place, record in enumerate(records)]).decode(),
        entries=orjson.dumps([_entry(record.entry) for record in records if record.end is not None]).decode(),
        events=orjson.dumps([record.event for record in records]).decode(),
        pending=PENDING,
    )
    found = {row.id: row for row in rows}
    for record in records:
        _finish(session, record, found[record.case.id])


CHANGES = ("altered", "closed", "started", "opened")


def _take_over(session: Session, case: Case) -> None:
    """Let the session write of a case only what is not written here."""
    if inspect(case).committed_state.keys() <= WRITTEN:
        settle(session, case)
    else:
        settle_columns(case, WRITTEN)


def _case(place: int, record: Record) -> dict[str, Any]:
    case, numbering, end = record.case, record.numbering, record.end
    if end is not None:
        audit.follow(record.entry, end)
    return {
        **{name: getattr(case, name) for name in MOVED},
        "title": unicodedata.normalize("NFC", case.title),
        "id": case.id,
        "place": place,
        "counter": numbering and numbering.unit.id,
        "day": numbering and numbering.day,
        "parts": list(numbering.parts()) if numbering else None,
        "letters": orjson.dumps(record.letters).decode(),
        "told": orjson.dumps(record.told).decode(),
        "link": record.link,
        "event_id": record.event.id,
        "stream": record.entry.stream,
        "content": record.entry.content().decode() if end is not None else "",
        "facts": orjson.dumps(record.entry.facts).decode(),
    }


def _entry(entry: AuditEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in ENTRY} | {"prev_hash": entry.prev_hash.hex()}


def _finish(session: Session, record: Record, row: Any) -> None:
    if row.code is not None:
        set_committed_value(record.case, "code", row.code)
    if row.hash is None:
        _chain(session, record.entry, row.code)


def _chain(session: Session, entry: AuditEntry, code: str | None) -> None:
    """Somebody wrote to the stream since its end was read: the entry goes behind theirs."""
    if code is not None:
        entry.facts = orjson.loads(orjson.dumps(entry.facts).replace(PENDING.encode(), code.encode()))
    audit.write(session, entry)

"""Moulds: stories made ready to be told many thousand times, each row a text with slots."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from portal.seeding.slots import END, INSIDE, WHOLE, Fill, Name, Slots, filler
from portal.seeding.stories import Story
from portal.seeding.tables import GENERATED, HEADS, ID, NUMBERED, TABLES
from portal.seeding.telling import Telling
from portal.seeding.times import moved_instant, moved_text

CHAIN = "audit_entries"
FIXED = (
    "key",
    "code",
    "receipt",
    "title",
    "case",
    "unit_id",
    "organisation_id",
    "unit_name",
    "organisation_name",
    "words",
)
PREVIOUS, HASH = len(FIXED), len(FIXED) + 1
"""Where among the values the hash before and the own hash of an audit entry stand, in hexadecimal."""

FIRST_OTHER = HASH + 1


@dataclass(frozen=True, slots=True)
class Mould:
    """A story with its slots; the values of a dossier are laid out in this order behind the fixed ones."""

    times: Sequence[Name]
    people: Sequence[Name]
    letters: int
    numbers: Mapping[str, int]
    digests: Sequence[Fill]
    first_digest: int
    tables: Sequence[tuple[str, Fill]]
    chain: Sequence[tuple[Fill, Fill]]
    head: Fill
    _moments: dict[tuple[int, timedelta], list[bytes]] = field(default_factory=dict)

    def moments(self, weeks: int, offset: timedelta) -> list[bytes]:
        """The times of this story, moved; those of the last move are kept."""
        if (weeks, offset) not in self._moments:
            self._moments.clear()
            self._moments[weeks, offset] = [_moved(kind, text, weeks, offset) for kind, text in self.times]
        return self._moments[weeks, offset]


def _moved(kind: str, text: str, weeks: int, offset: timedelta) -> bytes:
    if kind == "text":
        return moved_text(text, weeks, offset).encode()
    moved = moved_instant(datetime.fromisoformat(text), weeks, offset)
    return moved.astimezone(UTC).isoformat(timespec="microseconds").encode()


def make_mould(story: Story) -> Mould:
    """Read a story for its slots, and settle where the value of each will stand."""
    slots = Slots()
    telling = Telling(story, slots)
    tables = {table: _rows(telling, table) for table in TABLES if table != CHAIN}
    chain = [_entry(telling, row) for row in story.rows[CHAIN]]
    head = _head(telling, story)
    times = [name for name in slots.numbers if name[0] in ("instant", "text")]
    people = [name for name in slots.numbers if name[0] in ("person", "name")]
    digests = [name for name in slots.numbers if name[0] == "digest"]
    letters = [("letter", place) for place in range(len(story.rows["letters"]))]
    ids = [("id", table, row[ID]) for table in NUMBERED for row in story.rows[table]]
    order: list[Name] = [*((name,) for name in FIXED), ("previous",), ("hash",)]
    order += [*times, *people, *letters, *ids, *digests]
    at = {name: place for place, name in enumerate(order)}
    places = [at[name] for name in slots.numbers]
    return Mould(
        times,
        people,
        len(letters),
        story.numbers_needed(),
        [filler(telling.digests[name[1]], places) for name in digests],
        len(order) - len(digests),
        [(table, filler(content, places)) for table, content in tables.items()],
        [(filler(content, places), filler(row, places)) for content, row in chain],
        filler(head, places),
    )


def _rows(telling: Telling, table: str) -> bytes:
    return "".join(_line(telling, table, row) for row in telling.story.rows[table]).encode()


def _line(telling: Telling, table: str, row: Mapping[str, Any]) -> str:
    shown = {**row, **_settled(telling, table, row)}
    columns = [telling.column(table, name, value) for name, value in shown.items() if name not in GENERATED]
    return "\t".join(columns) + "\n"


def _settled(telling: Telling, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Notices of long ago were sent and, where all is over, read."""
    if table != "notices":
        return {}
    is_over = telling.story.case["state_kind"] == "final"
    return {
        "mailed_at": row["mailed_at"] or row["created_at"],
        "read_at": row["created_at"] if is_over else row["read_at"],
    }


def _entry(telling: Telling, row: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """An audit entry: the content that its hash is taken of (see ``foundation.audit``), and its row."""
    facts = telling.facts(row["facts"])
    at = telling.column(CHAIN, "at", row["at"])
    stream = f"case:{telling.slots.inside('case')}"
    person = None if row["person_id"] is None else _value(telling.person(row["person_id"]))
    content = {
        "id": telling.slots.whole("id", CHAIN, row[ID]),
        "stream": stream,
        "seq": row["seq"],
        "at": at,
        "actor_kind": row["actor_kind"],
        "person_id": person,
        "role": row["role"],
        "action": row["action"],
        "subject_type": row["subject_type"],
        "subject_id": telling.slots.whole("case"),
        "facts": facts,
        "legal_basis": row["legal_basis"],
        "prev_hash": telling.slots.inside("previous"),
    }
    columns = {name: telling.column(CHAIN, name, value) for name, value in row.items()}
    columns["stream"] = stream
    columns["facts"] = orjson.dumps(facts).decode().replace("\\", "\\\\")
    columns["prev_hash"] = f"\\\\x{telling.slots.inside('previous')}"
    columns["hash"] = f"\\\\x{telling.slots.inside('hash')}"
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS), ("\t".join(columns.values()) + "\n").encode()


def _value(told: str) -> Any:
    return told if told.startswith((INSIDE, WHOLE)) and told.endswith(END) else int(told)


def _head(telling: Telling, story: Story) -> bytes:
    last = story.rows[CHAIN][-1]
    stream, at = f"case:{telling.slots.inside('case')}", telling.column(HEADS, "at", last["at"])
    return f"{stream}\t{last['seq']}\t\\\\x{telling.slots.inside('hash')}\t{at}\t0\n".encode()


def chained(mould: Mould, values: list[Any]) -> tuple[bytes, bytes]:
    """The rows of a dossier's chain and of its head; ``values`` are complete but for the digests and hashes."""
    for place, fill in enumerate(mould.digests, mould.first_digest):
        values[place] = hashlib.sha256(fill(values)).hexdigest().encode()
    rows, digest = [], b""
    for content, row in mould.chain:
        values[PREVIOUS] = digest
        digest = hashlib.sha256(content(values)).hexdigest().encode()
        values[HASH] = digest
        rows.append(row(values))
    return b"".join(rows), mould.head(values)

"""An entry with all its lines written into a fund's ledger in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from foundation import audit
from foundation.actors import Actor
from foundation.audit import AuditEntry
from foundation.database import now
from foundation.prepared import prepare
from fund.books import Books
from fund.capital import Line
from fund.models import LedgerEntry, LedgerLine


@dataclass(frozen=True, slots=True)
class Voucher:
    """What an entry says besides its lines."""

    kind: str
    effective_on: date
    reference: str = ""
    due_on: date | None = None
    is_restated: bool = False
    reverses_id: int | None = None


ENTRY_SQL = """
    entry AS (
      INSERT INTO ledger_entries (id, fund_id, kind, effective_on, recorded_at, line_count, reverses_id, is_restated,
          due_on, reference, person_id)
        VALUES (coalesce(CAST(:entry_id AS bigint), nextval(pg_get_serial_sequence('ledger_entries', 'id'))),
          :fund_id, :kind, :effective_on, :recorded_at, :line_count, :reverses_id, :is_restated,
          :due_on, normalize(:reference), :person_id)
        RETURNING id, recorded_at, reference),
    lines AS (
      INSERT INTO ledger_lines (entry_id, number, fund_id, contributor_id, account, amount_vnd)
        SELECT entry.id, number, :fund_id, contributor_id, account, amount_vnd FROM entry,
          unnest(CAST(:contributors AS bigint[]), CAST(:accounts AS text[]), CAST(:amounts AS bigint[]))
            WITH ORDINALITY AS line (contributor_id, account, amount_vnd, number))
"""
WRITE = prepare(text(f"WITH {ENTRY_SQL} SELECT id, recorded_at, reference, false AS is_told FROM entry"))  # noqa: S608 - joined from constants
WRITE_AND_TELL = prepare(
    text(
        f"WITH {ENTRY_SQL}, {audit.BEHIND_SQL}"  # noqa: S608 - joined from constants
        " SELECT id, recorded_at, reference, EXISTS (SELECT FROM head) AS is_told FROM entry"
    )
)
"""An entry with its line in the trail, where that still ends as it did when the fund was locked."""


def write_entry(
    session: Session, books: Books, lines: Sequence[Line], *, voucher: Voucher, actor: Actor
) -> LedgerEntry:
    """Write what was judged already, and tell it in the trail. The entry belongs to the session and knows its lines."""
    known = {
        "fund_id": books.fund.id,
        "kind": voucher.kind,
        "effective_on": voucher.effective_on,
        "line_count": len(lines),
        "reverses_id": voucher.reverses_id,
        "is_restated": voucher.is_restated,
        "due_on": voucher.due_on,
        "person_id": actor.person_id,
    }
    ids = {one.code: one.id for one in books.contributors}
    whose = [ids[line.contributor.code] for line in lines]
    columns = {"accounts": [line.account for line in lines], "amounts": [line.amount for line in lines]}
    told = {"recorded_at": now(), "reference": voucher.reference, "contributors": whose}
    number, recorded_at, reference = _write(session, books, actor, {**known, **told, **columns})
    entry = LedgerEntry(id=number, recorded_at=recorded_at, reference=reference, **known)
    make_transient_to_detached(entry)
    session.add(entry)
    set_committed_value(entry, "lines", _rows(entry, whose, lines))
    return entry


def _write(session: Session, books: Books, actor: Actor, values: Mapping[str, Any]) -> tuple[int, datetime, str]:
    """In one statement with the line in the trail, or in two where that cannot be foreseen."""
    ahead = books.ahead.take() if books.ahead else None
    if ahead is None:
        found = WRITE.rows(session, entry_id=None, **values)[0]
    else:
        line = audit.linked(_line(books, actor, ahead[0], values["kind"]), ahead[1])
        found = WRITE_AND_TELL.rows(session, entry_id=ahead[0], **values, **_apart(audit.row_of(line)))[0]
    if not found.is_told:
        audit.write(session, _line(books, actor, found.id, values["kind"]))
    return found.id, found.recorded_at, found.reference


def _line(books: Books, actor: Actor, entry_id: int, kind: str) -> AuditEntry:
    facts, subject = {"entry": entry_id, "kind": kind}, ("fund", books.fund.id)
    return audit.compose(books.fund.stream, actor=actor, action="fund:ledger:post", facts=facts, subject=subject)


def _apart(row: Mapping[str, Any]) -> dict[str, Any]:
    """What only the line in the trail says: the entry names the same person."""
    return {name: value for name, value in row.items() if name != "person_id"}


def _rows(entry: LedgerEntry, whose: Sequence[int], lines: Sequence[Line]) -> list[LedgerLine]:
    return [
        LedgerLine(
            entry_id=entry.id,
            number=number,
            fund_id=entry.fund_id,
            contributor_id=contributor_id,
            account=line.account,
            amount_vnd=line.amount,
        )
        for number, (contributor_id, line) in enumerate(zip(whose, lines, strict=True), start=1)
    ]

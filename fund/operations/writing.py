"""An entry with all its lines written into a fund's ledger in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from foundation.actors import Actor
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


WRITE = prepare(
    text(
        """
        WITH entry AS (
          INSERT INTO ledger_entries (fund_id, kind, effective_on, recorded_at, line_count, reverses_id, is_restated,
              due_on, reference, person_id)
            VALUES (:fund_id, :kind, :effective_on, :recorded_at, :line_count, :reverses_id, :is_restated,
              :due_on, normalize(:reference), :person_id)
            RETURNING id, recorded_at, reference),
        lines AS (
          INSERT INTO ledger_lines (entry_id, number, fund_id, contributor_id, account, amount_vnd)
            SELECT entry.id, number, :fund_id, contributor_id, account, amount_vnd FROM entry,
              unnest(CAST(:contributors AS bigint[]), CAST(:accounts AS text[]), CAST(:amounts AS bigint[]))
                WITH ORDINALITY AS line (contributor_id, account, amount_vnd, number))
        SELECT id, recorded_at, reference FROM entry
        """
    )
)


def write_entry(
    session: Session, books: Books, lines: Sequence[Line], *, voucher: Voucher, actor: Actor
) -> LedgerEntry:
    """Write what was judged already. The entry belongs to the session and knows its lines."""
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
    number, recorded_at, reference = tuple(WRITE.rows(session, **known, **told, **columns)[0])
    entry = LedgerEntry(id=number, recorded_at=recorded_at, reference=reference, **known)
    make_transient_to_detached(entry)
    session.add(entry)
    set_committed_value(entry, "lines", _rows(entry, whose, lines))
    return entry


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

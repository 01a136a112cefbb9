"""The books of a fund opened to write in: read first, then locked, with what may have changed meanwhile."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, defer

from foundation.actors import Actor
from foundation.audit import StreamEnd
from foundation.database import now
from foundation.prepared import Prepared
from foundation.workdays import local_date
from fund.books import Books, OpenCall, book_of, terms_on
from fund.models import Fund, FundContributor, FundTerms
from fund.operations.moves import pin_lives
from fund.rules import require_keeper

LOCK = Prepared("SELECT lock_books(%(code)s, %(day)s) AS held", {})

IN_FORCE = (
    select(FundTerms.id)
    .where(FundTerms.fund_id == Fund.id, FundTerms.valid_from <= bindparam("day"))
    .order_by(FundTerms.valid_from.desc(), FundTerms.id.desc())
    .limit(1)
    .correlate(Fund)
)
FRAME = (
    select(Fund, FundTerms, FundContributor)
    .outerjoin(FundTerms, FundTerms.id == IN_FORCE.scalar_subquery())
    .outerjoin(FundContributor, FundContributor.fund_id == Fund.id)
    .where(Fund.code == bindparam("code"))
    .order_by(FundContributor.id)
    .options(defer(Fund.name), defer(FundTerms.source))  # in three languages, for each contributor anew
    .execution_options(populate_existing=True)
)

Frame = tuple[Fund, FundTerms, Sequence[FundContributor]]


def open_books(session: Session, code: str, *, actor: Actor) -> Books:
    """The books of a fund, locked until the transaction ends.

    One fund takes one posting at a time, so little is done under its lock: what seldom changes is read before.

    Raises:
        NotFound: there is no such fund, or none that the actor may know of.
        NotAllowed: the actor may only read.
        Blocked: the fund has no terms yet.
    """
    day = local_date(now())
    frame = _read(session, code, day, actor)
    held = LOCK.rows(session, code=frame[0].code, day=day)[0].held
    if not _is_still(frame, held):
        frame = _read(session, code, day, actor)
    return _opened(frame, held)


def _read(session: Session, code: str, day: date, actor: Actor) -> Frame:
    """What seldom changes."""
    rows = session.execute(FRAME, {"code": code, "day": day}).all()
    fund = require_keeper(actor, rows[0][0] if rows else None)
    terms = rows[0][1] or terms_on(session, fund, day)
    contributors = [contributor for _, _, contributor in rows if contributor is not None]
    if fund.version_id is None:
        pin_lives(session, fund, contributors)
    return fund, terms, contributors


def _is_still(frame: Frame, held: Mapping[str, Any]) -> bool:
    fund, terms, contributors = frame
    states = {str(one.id): one.state for one in contributors}
    return (fund.state, states) == (held["state"], held["contributors"] or {}) and terms.id == held["terms"]


def _opened(frame: Frame, held: Mapping[str, Any]) -> Books:
    fund, terms, contributors = frame
    codes = {str(one.id): one.code for one in contributors}
    calls = [_call(row, codes) for row in held["calls"] or ()]
    book = book_of(terms, contributors, held["balances"] or ())
    return Books(fund, terms, contributors, book, calls, StreamEnd.read(held["trail"]))


def _call(row: Sequence[Any], codes: Mapping[str, str]) -> OpenCall:
    number, entry_id, state, amount, due_on, parts, version_id = row
    called = {codes[one]: part for one, part in (parts or {}).items()}
    return OpenCall(number, entry_id, state, amount, date.fromisoformat(due_on), called, version_id)

"""The books of a fund opened to write in: locked, with all that an entry is judged by."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from foundation.actors import Actor
from foundation.audit import StreamEnd
from foundation.database import now
from foundation.errors import NotFound
from foundation.prepared import Prepared
from foundation.workdays import local_date
from fund.books import Ahead, Books, Member, OpenCall, book_of, terms_on
from fund.models import Fund, FundContributor, FundTerms
from fund.operations.moves import pin_lives
from fund.rules import keeps_books_of, require_keeper

LOCK = Prepared("SELECT lock_books(%(code)s, %(day)s) AS held", {})
FROM_THE_LOCK = ("state", "version_id")

Held = Mapping[str, Any]
Frame = tuple[FundTerms, Sequence[Member]]

MOST_KNOWN = 64
_known: OrderedDict[tuple[str, str], Frame] = OrderedDict()


@dataclass(frozen=True, slots=True)
class _Member:
    """One who contributes, as one version of the row tells it; kept by the process and shared by its threads."""

    id: int
    code: str
    name: str
    is_city: bool
    state: str
    contract_number: str


def open_books(session: Session, code: str, *, actor: Actor) -> Books:
    """The books of a fund, locked until the transaction ends.

    One fund takes one posting at a time, so little is done under its lock: what seldom changes is not read again.

    Raises:
        NotFound: there is no such fund, or none that the actor may know of.
        NotAllowed: the actor may only read.
        Blocked: the fund has no terms yet.
    """
    if not keeps_books_of(actor, code):
        require_keeper(actor, session.scalar(select(Fund).where(Fund.code == code)))
    day = local_date(now())
    held = _locked(session, code, day)
    fund = _fund(session, code, held)
    if fund.version_id is None:
        pin_lives(session, fund, _contributors(session, fund))
        held = _locked(session, code, day)
    return _opened(fund, _frame(session, fund, day, held), held)


def _locked(session: Session, code: str, day: date) -> Held:
    held: Held | None = LOCK.rows(session, code=code, day=day)[0].held
    if held is None:
        raise NotFound
    return held


def _fund(session: Session, code: str, held: Held) -> Fund:
    """The fund as the lock tells it; whatever else somebody asks of it is loaded then."""
    fund = session.identity_map.get(session.identity_key(Fund, held["id"]))
    if fund is None:
        fund = Fund(id=held["id"], code=code)
        make_transient_to_detached(fund)
        session.add(fund)
    else:
        session.expire(fund)
    for name in FROM_THE_LOCK:
        set_committed_value(fund, name, held[name])
    return fund


def _frame(session: Session, fund: Fund, day: date, held: Held) -> Frame:
    """Terms and contributors, read where no posting of this process met these versions of their rows."""
    mark = (held["terms"] or "", held["contributors"] or "")
    found = _known.get(mark)
    if found is None:
        found = _known[mark] = _read(session, fund, day)
        while len(_known) > MOST_KNOWN:
            _known.popitem(last=False)
    return found


def _read(session: Session, fund: Fund, day: date) -> Frame:
    terms = terms_on(session, fund, day)
    copied = FundTerms(**{column.key: getattr(terms, column.key) for column in FundTerms.__table__.columns})
    return copied, [_member(one) for one in _contributors(session, fund)]


def _member(one: FundContributor) -> _Member:
    return _Member(one.id, one.code, one.name, one.is_city, one.state, one.contract_number)


def _contributors(session: Session, fund: Fund) -> Sequence[FundContributor]:
    chosen = select(FundContributor).where(FundContributor.fund_id == fund.id).order_by(FundContributor.id)
    return session.scalars(chosen.execution_options(populate_existing=True)).all()


def _opened(fund: Fund, frame: Frame, held: Held) -> Books:
    terms, contributors = frame
    codes = {str(one.id): one.code for one in contributors}
    calls = [_call(row, codes) for row in held["calls"] or ()]
    book = book_of(terms, contributors, held["balances"] or ())
    return Books(fund, terms, contributors, book, calls, Ahead(held["entry"], StreamEnd.read(held["trail"])))


def _call(row: Sequence[Any], codes: Mapping[str, str]) -> OpenCall:
    number, entry_id, state, amount, due_on, parts, version_id = row
    called = {codes[one]: part for one, part in (parts or {}).items()}
    return OpenCall(number, entry_id, state, amount, date.fromisoformat(due_on), called, version_id)

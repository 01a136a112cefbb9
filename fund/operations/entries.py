"""The one way into a fund's ledger: an entry checked against the books under the fund's lock, then added for good."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Invalid
from foundation.workdays import local_date
from fund.books import Books, limits_of, terms_for
from fund.capital import Contributor, Line, post
from fund.models import LedgerEntry, LedgerLine
from fund.operations.moves import require_open
from fund.operations.settling import judge_earlier, settle
from fund.operations.writing import Voucher, write_entry


def lines_of(session: Session, books: Books, entry_id: int) -> list[Line]:
    """The lines of an entry as the pure book knows them."""
    by_id = {one.id: Contributor(one.code, one.is_city) for one in books.contributors}
    rows = session.scalars(select(LedgerLine).where(LedgerLine.entry_id == entry_id).order_by(LedgerLine.number))
    return [Line(by_id[row.contributor_id], row.account, row.amount_vnd) for row in rows]


def contributor_of(books: Books, code: str, field: str = "contributor") -> Contributor:
    """Raises Invalid for that field: the fund has no such contributor."""
    for one in books.contributors:
        if one.code == code:
            return Contributor(one.code, one.is_city)
    raise Invalid({field: ["does_not_exist"]})


def add_entry(session: Session, books: Books, lines: Sequence[Line], *, voucher: Voucher, actor: Actor) -> LedgerEntry:
    """Add an entry whose lines the book allows under the terms of its day.

    Raises:
        Invalid: its day lies ahead.
        Blocked: the fund is closed; see :func:`fund.capital.post`.
    """
    require_open(books.fund, voucher.kind)
    if voucher.effective_on > today():
        raise Invalid({"effective_on": ["fund_day_ahead"]})
    limits = limits_of(terms_for(session, books, voucher.effective_on))
    after = post(replace(books.book, limits=limits), lines)
    judge_earlier(session)
    entry = write_entry(session, books, lines, voucher=voucher, actor=actor)
    settle(session, books, after, entry, lines=lines, actor=actor)
    return entry


def today() -> date:
    return local_date(now())

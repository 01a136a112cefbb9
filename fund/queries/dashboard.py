"""All that a fund's manager shows to a general meeting, read at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session, aliased

from applications.models import Case
from applications.queries.procedures import open_procedures
from foundation.actors import Actor
from foundation.errors import NotFound
from foundation.prepared import prepare
from foundation.wording import Trilingual
from fund.alerts import Alert, alerts_of, deadlines, waiting_calls, worst_first
from fund.books import Books, books_of
from fund.capital import RECEIVABLE
from fund.models import CapitalCall, Deal, Fund, LedgerEntry, LedgerLine
from fund.queries.breaches import open_breach_of, reviewed_on
from fund.queries.calls import calls_of
from fund.queries.deals import deal_pack
from fund.queries.results import FundResults, fund_results
from fund.rules import require_reader_of

LATEST_CALLS = 4

Mark = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the pipeline: how many deals stand there, with how much money."""

    key: str
    title: Trilingual
    deals: int
    sought_vnd: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    books: Books
    found: FundResults
    calls: Sequence[CapitalCall]
    pipeline: Sequence[Stage]
    alerts: Sequence[Alert]


MARK = prepare(
    text(
        """
        SELECT f.state, f.name::text, f.is_demonstration, f.entries, f.figures, f.last_recorded_at,
          (SELECT max(id) FROM fund_terms WHERE fund_id = f.id) AS terms,
          (SELECT json_agg(json_build_array(code, name, state) ORDER BY id)::text FROM fund_contributors
            WHERE fund_id = f.id) AS contributors,
          (SELECT json_agg(latest)::text FROM (SELECT number, state, amount_vnd, reference, due_on FROM capital_calls
            WHERE fund_id = f.id ORDER BY number DESC LIMIT :calls) latest) AS calls,
          (SELECT json_build_array(notice_due_on, noticed_on, plan_due_on, plan_filed_on, cure_due_on)::text
            FROM fund_breaches WHERE fund_id = f.id AND closed_at IS NULL) AS breach,
          (SELECT json_agg(stage)::text FROM (SELECT c.state, count(*), sum(coalesce(d.amount_vnd, d.asked_vnd))
            FROM deals d JOIN cases c ON c.id = d.case_id WHERE d.fund_id = f.id AND c.state_kind <> 'draft'
            GROUP BY c.state ORDER BY c.state) stage) AS stages
        FROM funds f WHERE f.code = :code
        """
    )
)


def mark_of(session: Session, code: str, today: date, *, actor: Actor) -> Mark:
    """What changes whenever anything does that the dashboard of a fund tells, read at once. Raises NotFound."""
    require_reader_of(actor, code)
    found = MARK.rows(session, code=code, calls=LATEST_CALLS)
    if not found:
        raise NotFound
    return (today, *found[0], *(known.version_id for known in open_procedures(session, today)))


def dashboard_of(session: Session, fund: Fund, today: date) -> Dashboard:
    books = books_of(session, fund)
    found = fund_results(session, fund, today)
    calls = calls_of(session, fund)[:LATEST_CALLS]
    alerts = [
        *alerts_of(books, found.results.worth, not_due_yet(session, fund, today), today),
        *deadlines(books, open_breach_of(session, fund), reviewed_on(session, fund), today),
        *waiting_calls(calls),
    ]
    return Dashboard(books, found, calls, stages_of(session, fund), worst_first(alerts))


def not_due_yet(session: Session, fund: Fund, today: date) -> dict[int, int]:
    """What contributors, by id, were called for by calls whose last day has not passed."""
    chosen = (
        select(LedgerLine.contributor_id, func.sum(LedgerLine.amount_vnd))
        .join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
        .where(
            LedgerEntry.fund_id == fund.id,
            LedgerEntry.kind == "call",
            LedgerEntry.due_on >= today,
            LedgerLine.account == RECEIVABLE,
            _stands(),
        )
        .group_by(LedgerLine.contributor_id)
    )
    return {one: int(amount) for one, amount in session.execute(chosen)}


def _stands() -> ColumnElement[bool]:
    """An entry that was not taken back."""
    reversal = aliased(LedgerEntry)
    return ~select(reversal.id).where(reversal.reverses_id == LedgerEntry.id).exists()


def stages_of(session: Session, fund: Fund) -> list[Stage]:
    """The stages in which deals stand, in the order of the procedure; drafts are nobody's business yet."""
    pack = deal_pack(session, fund)
    if pack is None:
        return []
    sought = func.coalesce(func.sum(func.coalesce(Deal.amount_vnd, Deal.asked_vnd)), 0)
    chosen = select(Case.state, func.count(), sought).join(Deal, Deal.case_id == Case.id)
    chosen = chosen.where(Deal.fund_id == fund.id, Case.state_kind != "draft").group_by(Case.state)
    found = {state: (number, int(amount)) for state, number, amount in session.execute(chosen)}
    return [Stage(one.key, one.title, *found[one.key]) for one in pack.states if one.key in found]

"""A fund, a commitment and a call are cases on the shared engine: packs, pinned versions, who, guards, audit."""

import copy
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from applications.lives import steps_offered
from applications.models import ProcedureVersion
from applications.packs.catalogue import check_content, publish
from applications.packs.reading import PackError
from foundation.actors import SYSTEM
from foundation.audit import AuditEntry
from foundation.calendars import ensure_calendars
from foundation.database import as_of
from foundation.errors import Blocked, NotAllowed, NotFound
from fund.models import CapitalCall, Fund, FundContributor, FundMove
from fund.operations.calls import call_capital
from fund.operations.ledger import Voucher, open_books, withdraw
from fund.operations.moves import lead_fund, move
from tests.accounts.factories import actor_for, make_person
from tests.fund.funds import BILLION, FIRST_DAY, LIVES, SOURCE, commit, make_fund, pay

DUE = date(2026, 2, 5)
VENTURE = next(content for content in LIVES if content["code"] == "venture-fund")


@pytest.fixture
def fund(session: Session) -> Fund:
    """Private 600 billion and city 400, a tenth of it called."""
    ensure_calendars(session, actor=SYSTEM)
    with as_of(datetime(2026, 1, 1, tzinfo=UTC)):
        fund = make_fund(session, private=1)
    commit(session, "Q1", "P1", 600 * BILLION)
    commit(session, "Q1", "city", 400 * BILLION)
    books = open_books(session, "Q1", actor=SYSTEM)
    call_capital(session, books, 100 * BILLION, voucher=Voucher("call", FIRST_DAY, due_on=DUE), actor=SYSTEM)
    return fund


def steps_in_trail(session: Session) -> list[tuple[str, str]]:
    moves = select(AuditEntry.facts).where(AuditEntry.action == "applications:life:move").order_by(AuditEntry.id)
    return [(facts["procedure"], facts["step"]) for facts in session.scalars(moves)]


def test_every_step_is_told_in_the_audit_trail_of_the_fund(session: Session, fund: Fund) -> None:
    pay(session, "Q1", "P1", 60 * BILLION)
    pay(session, "Q1", "city", 40 * BILLION)

    told = steps_in_trail(session)

    moves = session.scalars(select(FundMove).order_by(FundMove.id)).all()
    assert [step for _, step in told] == [one.step for one in moves]
    assert told[:2] == [("venture-fund", "charter"), ("venture-fund", "raise")]
    assert ("capital-call", "check") in told
    assert told[-1] == ("capital-call", "cure")
    pinned = {one.version_id for one in moves}
    assert None not in pinned
    assert len(pinned) == 3


def test_a_payment_that_changes_no_state_fires_nothing(session: Session, fund: Fund) -> None:
    pay(session, "Q1", "P1", BILLION)
    before = steps_in_trail(session)

    pay(session, "Q1", "P1", BILLION)

    assert steps_in_trail(session) == before


def test_what_the_books_demand_nobody_asks_for_by_name(session: Session, fund: Fund) -> None:
    for step in ("begin", "breach", "cure"):
        with pytest.raises(NotAllowed):
            lead_fund(session, fund, step, reason="Because", actor=SYSTEM)
    with pytest.raises(NotFound):
        lead_fund(session, fund, "liquefy", reason="Because", actor=SYSTEM)


def test_the_database_alone_leads_into_a_breach(session: Session, fund: Fund) -> None:
    with pytest.raises(NotAllowed):
        move(session, fund, fund, "breach", actor=SYSTEM)


def test_a_breach_by_an_entry_is_told_in_the_trail_too(session: Session, fund: Fund) -> None:
    books = open_books(session, "Q1", actor=SYSTEM)

    withdraw(session, books, "P1", 400 * BILLION, voucher=Voucher("withdrawal", FIRST_DAY), actor=SYSTEM)

    assert fund.state == "cap_breach"
    assert ("venture-fund", "breach") in steps_in_trail(session)


def test_a_role_counts_for_the_fund_that_it_was_granted_for(session: Session, fund: Fund) -> None:
    manager = actor_for(session, make_person(session, grants=[{"role": "fund_manager", "scope_fund": "Q1"}]))

    lead_fund(session, fund, "review", reason="Decision 7", actor=manager)

    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "applications:life:move").order_by(AuditEntry.id.desc()).limit(1)
    ).one()
    assert (entry.role, entry.legal_basis, entry.subject_type) == ("fund_manager", "fund_resolution", "fund")


def test_a_fund_closes_when_nothing_is_owed_and_its_commitments_end_with_it(session: Session, fund: Fund) -> None:
    lead_fund(session, fund, "wind_down", reason="Decision 8", actor=SYSTEM)
    with pytest.raises(Blocked) as refused:
        lead_fund(session, fund, "close", reason="Decision 9", actor=SYSTEM)
    assert [reason.code for reason in refused.value.reasons] == ["fund_called_is_unpaid"]
    pay(session, "Q1", "P1", 60 * BILLION)
    pay(session, "Q1", "city", 40 * BILLION)

    lead_fund(session, fund, "close", reason="Decision 9", actor=SYSTEM)

    assert fund.state == "closed"
    assert set(session.scalars(select(FundContributor.state))) == {"closed"}


def test_a_fund_older_than_its_workflow_is_pinned_by_the_next_posting(session: Session, fund: Fund) -> None:
    for table in ("funds", "fund_contributors", "capital_calls"):
        session.execute(text(f"UPDATE {table} SET version_id = NULL"))  # noqa: S608 - names from above
    session.expire_all()
    offered = [step.key for step in steps_offered(session, fund, actor=SYSTEM)]

    pay(session, "Q1", "P1", BILLION)

    assert offered == ["review", "wind_down"]

    assert None not in set(session.scalars(select(FundContributor.version_id)))
    assert session.scalars(select(CapitalCall.state)).one() == "overdue"
    assert fund.version_id is not None


def test_a_fund_keeps_the_workflow_under_which_it_began(session: Session, fund: Fund) -> None:
    changed = copy.deepcopy(VENTURE) | {"version": 2, "in_force": {"from": "2025-12-01"}}
    changed["steps"] = [step for step in changed["steps"] if step["key"] != "wind_down"]
    for step in changed["steps"]:
        step["from"] = ["review_5y" if one == "wind_down" else one for one in step["from"]]
    changed["states"] = [state for state in changed["states"] if state["key"] != "wind_down"]
    publish(session, changed, actor=SYSTEM)
    with as_of(datetime(2026, 1, 2, tzinfo=UTC)):
        later = make_fund(session, "Q2")

    lead_fund(session, fund, "wind_down", reason="Decision 8", actor=SYSTEM)

    version = select(ProcedureVersion.version).where(ProcedureVersion.id == later.version_id)
    assert (fund.state, session.scalar(version)) == ("wind_down", 2)


@pytest.mark.parametrize(
    ("addition", "fault"),
    [({"form": []}, "form"), ({"unit": "000.00.50.H26"}, "unit"), ({"clocks": []}, "clocks")],
)
def test_a_life_has_nothing_of_a_dossier(addition: dict[str, object], fault: str) -> None:
    with pytest.raises(PackError) as refused:
        check_content({**VENTURE, **addition})

    assert fault in str(refused.value)


def test_a_life_writes_to_nobody(session: Session) -> None:
    steps = copy.deepcopy(VENTURE["steps"])
    steps[0]["notices"] = [{"to": "unit", "subject": SOURCE, "body": SOURCE}]

    with pytest.raises(PackError) as refused:
        check_content({**VENTURE, "steps": steps})

    assert refused.value.faults == ["venture-fund: steps.charter.notices: a life has none"]

"""States that follow the ledger, whoever writes to it: of the fund, of what was undertaken, of calls."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.audit import AuditEntry
from foundation.calendars import ensure_calendars
from foundation.database import as_of
from foundation.errors import Blocked, Invalid
from foundation.notices import Notice
from fund.jobs import find_moves, settle_funds
from fund.models import CapitalCall, Fund, FundBreach, FundContributor, FundMove
from fund.operations.breaches import current_breach, file_plan, note_notice
from fund.operations.calls import Uses, call_capital, drop_call, issue_call, prepare_call
from fund.operations.funds import StatedTerms, set_terms
from fund.operations.ledger import (
    Voucher,
    open_books,
    record_default,
    reduce_commitment,
    reverse_entry,
    today,
    transfer_share,
    withdraw,
)
from fund.operations.moves import lead_fund
from fund.operations.settling import judge_earlier
from fund.operations.terms import change_terms
from tests.accounts.factories import actor_for, make_person
from tests.fund.funds import BILLION, FIRST_DAY, SOURCE, commit, make_fund, pay
from tests.fund.test_ledger import ENTRY, LINE, close

DUE = date(2026, 2, 5)


@pytest.fixture
def fund(session: Session) -> Fund:
    """City 600 billion beside 700 of two others, nothing called."""
    ensure_calendars(session, actor=SYSTEM)
    with as_of(datetime(2026, 1, 1, tzinfo=UTC)):
        fund = make_fund(session)
    for who, amount in (("P1", 600), ("P2", 100), ("city", 600)):
        commit(session, "Q1", who, amount * BILLION)
    return fund


def call(session: Session, amount: int) -> CapitalCall:
    books = open_books(session, "Q1", actor=SYSTEM)
    entry = call_capital(session, books, amount, voucher=Voucher("call", FIRST_DAY, due_on=DUE), actor=SYSTEM)
    return session.scalars(select(CapitalCall).where(CapitalCall.entry_id == entry.id)).one()


def leave(session: Session, who: str = "P2", amount: int = 100 * BILLION) -> None:
    books = open_books(session, "Q1", actor=SYSTEM)
    withdraw(session, books, who, amount, voucher=Voucher("withdrawal", FIRST_DAY), actor=SYSTEM)


def state_of(session: Session, who: str) -> str:
    return session.scalars(select(FundContributor.state).where(FundContributor.code == who)).one()


def sql_withdrawal(session: Session, fund: Fund, who: str, amount: int) -> None:
    entry = session.execute(ENTRY, {"fund": fund.id, "kind": "withdrawal", "lines": 2}).scalar_one()
    for number, (account, signed) in enumerate((("charter", amount), ("uncalled", -amount)), start=1):
        place = {"entry": entry, "number": number, "fund": fund.id, "who": who, "account": account, "amount": signed}
        session.execute(LINE, place)
    close(session)


def test_a_fund_comes_to_life_with_its_ledger(session: Session, fund: Fund) -> None:
    call(session, BILLION)

    steps = session.scalars(select(FundMove.step).where(FundMove.subject == "fund").order_by(FundMove.id)).all()
    assert (fund.state, steps) == ("active", ["charter", "raise", "begin"])


def test_plain_sql_leads_into_a_breach_and_out_of_it(session: Session, fund: Fund) -> None:
    judge_earlier(session)
    sql_withdrawal(session, fund, "P2", 100 * BILLION)
    session.refresh(fund)
    during = fund.state
    sql_withdrawal(session, fund, "city", 23_529_411_765)
    session.refresh(fund)

    assert (during, fund.state) == ("cap_breach", "raising")
    breach = session.scalars(select(FundBreach)).one()
    assert breach.closed_by_id is not None


def test_a_breach_by_plain_sql_is_found_and_made_known(session: Session, fund: Fund) -> None:
    keeper = make_person(session, grants=[{"role": "fund_manager", "scope_fund": "Q1"}])
    judge_earlier(session)
    sql_withdrawal(session, fund, "P2", 100 * BILLION)

    find_moves.work(session)
    find_moves.work(session)

    breach = current_breach(session, fund)
    assert breach is not None
    assert breach.cure_due_on is not None
    kinds = session.scalars(select(Notice.kind).where(Notice.person_id == keeper.id).order_by(Notice.id)).all()
    assert kinds == ["fund_moved_past", "fund_ceiling_exceeded"]
    assert told_moves(session, fund) == [("breach", "cap_breach", "system")]


def test_what_sql_broke_and_healed_before_anybody_looked_is_told_too(session: Session, fund: Fund) -> None:
    keeper = make_person(session, grants=[{"role": "fund_manager", "scope_fund": "Q1"}])
    judge_earlier(session)
    sql_withdrawal(session, fund, "P2", 100 * BILLION)
    sql_withdrawal(session, fund, "city", 23_529_411_765)

    find_moves.work(session)

    kinds = session.scalars(select(Notice.kind).where(Notice.person_id == keeper.id)).all()
    assert kinds == ["fund_moved_past"] * 2
    assert told_moves(session, fund) == [("breach", "cap_breach", "system"), ("cure", "raising", "system")]


def test_a_breach_that_somebody_posted_is_told_once_as_theirs(session: Session, fund: Fund) -> None:
    leave(session)

    find_moves.work(session)

    assert told_moves(session, fund) == [("breach", "cap_breach", "system")]
    assert session.scalars(select(Notice.kind).where(Notice.kind == "fund_moved_past")).all() == []


def test_a_breach_by_other_terms_is_told_and_gets_its_clocks(session: Session, fund: Fund) -> None:
    lower = StatedTerms(today(), 500 * BILLION, (49, 100), 6, 10, 50, SOURCE)

    change_terms(session, "Q1", lower, actor=SYSTEM)

    breach = current_breach(session, fund)
    assert breach is not None
    assert breach.cure_due_on is not None
    assert told_moves(session, fund) == [("breach", "cap_breach", "system")]


def test_terms_that_begin_later_are_judged_on_their_day(session: Session, fund: Fund) -> None:
    lower = StatedTerms(today() + timedelta(days=1), 500 * BILLION, (49, 100), 6, 10, 50, SOURCE)
    change_terms(session, "Q1", lower, actor=SYSTEM)
    settle_funds.work(session)
    before = fund.state
    session.execute(text("ALTER TABLE fund_terms DISABLE TRIGGER fund_terms_append_only"))
    session.execute(text("UPDATE fund_terms SET valid_from = valid_from - 1 WHERE city_amount_vnd = 500000000000"))
    session.execute(text("UPDATE funds SET judged_on = judged_on - 1"))  # a night has passed

    settle_funds.work(session)

    session.refresh(fund)
    assert (before, fund.state) == ("raising", "cap_breach")
    assert told_moves(session, fund) == [("breach", "cap_breach", "system")]
    assert session.scalars(select(Notice.kind).where(Notice.kind == "fund_moved_past")).all() == []


def told_moves(session: Session, fund: Fund) -> list[tuple[str, str, str]]:
    chosen = select(AuditEntry).where(AuditEntry.stream == fund.stream, AuditEntry.role == "the_database")
    told = session.scalars(chosen.order_by(AuditEntry.seq)).all()
    return [(one.facts["step"], one.facts["to"], one.actor_kind) for one in told]


def test_who_prepared_a_call_does_not_issue_it(session: Session, fund: Fund) -> None:
    first, second = (actor_for(session, make_person(session, grants=["fund_manager"])) for _ in range(2))
    terms = StatedTerms(FIRST_DAY, 600 * BILLION, (49, 100), 6, 10, 50, SOURCE, calls_by_two=True)
    set_terms(session, fund, terms, actor=SYSTEM)
    books = open_books(session, "Q1", actor=first)
    voucher = Voucher("call", FIRST_DAY, due_on=DUE)
    prepared = prepare_call(session, books, Uses(10 * BILLION), voucher=voucher, actor=first)

    with pytest.raises(Blocked) as refused:
        issue_call(session, books, prepared, effective_on=FIRST_DAY, actor=first)

    assert [reason.code for reason in refused.value.reasons] == ["fund_call_by_another"]
    issue_call(session, open_books(session, "Q1", actor=second), prepared, effective_on=FIRST_DAY, actor=second)
    assert prepared.state == "issued"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE funds SET state = 'cap_breach'",
        "INSERT INTO fund_breaches (fund_id, from_state, opened_at) SELECT id, 'active', now() FROM funds",
    ],
)
def test_nobody_declares_a_breach_by_sql(session: Session, fund: Fund, statement: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        session.execute(text(statement))


def test_nobody_ends_a_breach_by_sql(session: Session, fund: Fund) -> None:
    leave(session)

    for statement in ("UPDATE funds SET state = 'active'", "UPDATE fund_breaches SET closed_at = now()"):
        with pytest.raises(IntegrityError, match="append-only"), session.begin_nested():
            session.execute(text(statement))


def test_a_breach_starts_clocks_and_is_told(session: Session, fund: Fund) -> None:
    keeper = make_person(session, grants=[{"role": "fund_manager", "scope_fund": "Q1"}])

    with as_of(datetime(2026, 4, 24, 3, tzinfo=UTC)):
        leave(session)

    breach = current_breach(session, fund)
    assert breach is not None
    assert [breach.notice_due_on, breach.plan_due_on, breach.cure_due_on] == [
        date(2026, 4, 28),
        date(2026, 5, 13),
        date(2026, 7, 23),
    ]
    assert session.scalars(select(Notice.kind).where(Notice.person_id == keeper.id)).all() == ["fund_ceiling_exceeded"]


def test_notice_and_plan_are_put_on_file_while_a_breach_lasts(session: Session, fund: Fund) -> None:
    leave(session)

    note_notice(session, fund, actor=SYSTEM)
    filed = file_plan(session, fund, "Nhà đầu tư mới góp 24,5 tỷ", way="new_investor", actor=SYSTEM)
    commit(session, "Q1", "P3", 24_489_795_919)

    assert (filed.plan_way, filed.noticed_on is not None, fund.state) == ("new_investor", True, "raising")
    with pytest.raises(Blocked):
        note_notice(session, fund, actor=SYSTEM)


def test_one_dong_less_than_the_cure_does_not_cure(session: Session, fund: Fund) -> None:
    leave(session)
    commit(session, "Q1", "P3", 24_489_795_918)
    assert fund.state == "cap_breach"

    commit(session, "Q1", "P3", 1)

    assert fund.state == "raising"


def test_a_call_follows_its_payments(session: Session, fund: Fund) -> None:
    states = []
    with as_of(datetime(2026, 1, 20, tzinfo=UTC)):
        called = call(session, 130)
        for who, amount in (("P1", 60), ("P2", 10), ("city", 60)):
            states.append(called.state)
            last = pay(session, "Q1", who, amount)
        states.append(called.state)
        books = open_books(session, "Q1", actor=SYSTEM)
        reverse_entry(session, books, last.id, effective_on=FIRST_DAY, reference="Nhầm", actor=SYSTEM)

    assert [*states, called.state] == ["issued", "partly_paid", "partly_paid", "paid", "partly_paid"]


def test_a_call_that_is_taken_back_is_dropped(session: Session, fund: Fund) -> None:
    called = call(session, 130)
    books = open_books(session, "Q1", actor=SYSTEM)

    reverse_entry(session, books, called.entry_id or 0, effective_on=FIRST_DAY, reference="Nhầm", actor=SYSTEM)

    assert called.state == "dropped"


def test_who_defaults_leaves_a_defaulted_call_and_a_breach(session: Session, fund: Fund) -> None:
    called = call(session, 130)
    books = open_books(session, "Q1", actor=SYSTEM)

    with pytest.raises(Invalid) as early:  # fifteen working days after the due day, over the holidays of Tết
        record_default(session, books, "P2", voucher=Voucher("default", DUE + timedelta(days=17)), actor=SYSTEM)
    record_default(session, books, "P2", voucher=Voucher("default", DUE + timedelta(days=60)), actor=SYSTEM)

    assert [reason.code for reason in early.value.fields["effective_on"]] == ["fund_default_too_early"]
    assert (called.state, state_of(session, "P2"), fund.state) == ("defaulted", "defaulted", "cap_breach")


def test_commitments_follow_what_becomes_of_them(session: Session, fund: Fund) -> None:
    voucher = Voucher("reduction", FIRST_DAY)
    reduce_commitment(session, open_books(session, "Q1", actor=SYSTEM), "P1", 1, voucher=voucher, actor=SYSTEM)
    shift, moved = ("P2", "P3"), Voucher("transfer", FIRST_DAY)
    books = open_books(session, "Q1", actor=SYSTEM)
    transfer_share(session, books, shift, 100 * BILLION, voucher=moved, actor=SYSTEM)

    assert [state_of(session, who) for who in ("P1", "P2", "P3")] == ["reduced", "transferred", "active"]


def test_a_prepared_call_owes_nothing_until_it_is_issued(session: Session, fund: Fund) -> None:
    books = open_books(session, "Q1", actor=SYSTEM)
    voucher = Voucher("call", FIRST_DAY, due_on=DUE)
    uses = Uses(100, 20, 10)

    first = prepare_call(session, books, uses, voucher=voucher, actor=SYSTEM)
    second = prepare_call(session, books, uses, voucher=voucher, actor=SYSTEM)
    drop_call(session, books, second, reason="Hoãn", actor=SYSTEM)
    issue_call(session, books, first, effective_on=FIRST_DAY, actor=SYSTEM, decision="NQ 1/ĐHNĐT")

    assert [(one.number, one.state, one.entry_id is None) for one in (first, second)] == [
        (1, "issued", False),
        (2, "dropped", True),
    ]
    with pytest.raises(Blocked):
        issue_call(session, books, second, effective_on=FIRST_DAY, actor=SYSTEM)


def test_the_uses_of_a_call_add_up_even_by_sql(session: Session, fund: Fund) -> None:
    call(session, 100)

    with pytest.raises(IntegrityError, match="uses"):
        session.execute(text("UPDATE capital_calls SET fee_vnd = 1"))


def test_a_fund_winds_down_by_decision_alone(session: Session, fund: Fund) -> None:
    call(session, 1)
    with pytest.raises(Invalid):
        lead_fund(session, fund, "wind_down", reason=" ", actor=SYSTEM)

    lead_fund(session, fund, "wind_down", reason="NQ 9/ĐHNĐT", actor=SYSTEM)

    with pytest.raises(Blocked) as refused:
        commit(session, "Q1", "P1", 1)
    assert refused.value.reasons[0].code == "fund_winds_down"

"""Funds by API: who may, what is refused with the most that is still allowed, what-if, and the ledger."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.calendars import ensure_calendars
from foundation.database import as_of
from fund.capital import commitment
from fund.operations import opening
from fund.operations.entries import add_entry, contributor_of
from fund.operations.ledger import open_books, today
from fund.operations.writing import WRITE_AND_TELL, Voucher
from tests.accounts.factories import actor_for, make_person, sign_in
from tests.accounts.pages import counted
from tests.applications.programs import Program, program_of
from tests.databases import FreshDatabase
from tests.fund.funds import BILLION, call_from, commit, make_fund, publish_lives
from tests.fund.test_ledger import sql_commitment

DAY, AHEAD = "2026-03-02", "2199-01-01"
DUE, LONG_AFTER = "2026-03-20", "2026-04-20"


def keeper_of(app: Flask, session: Session, *, fund: str | None = "Q1", role: str = "fund_manager") -> Program:
    person = make_person(session, grants=[{"role": role, "scope_fund": fund}])
    return program_of(app, session, actor_for(session, person))


@pytest.fixture
def keeper(app: Flask, client: FlaskClient, session: Session) -> Program:
    with as_of(datetime(2026, 1, 1, tzinfo=UTC)):
        make_fund(session)
        ensure_calendars(session, actor=SYSTEM)
    return keeper_of(app, session)


def post(program: Program, what: str, contributor: str, amount: int, **rest: object) -> dict[str, object]:
    sent = {"contributor": contributor, "amount": str(amount), "effective_on": DAY, **rest}
    answer = program.post(f"/funds/Q1/{what}", sent)
    assert answer.status_code == 201, answer.text
    told: dict[str, object] = answer.get_json()
    return told


def raised(keeper: Program) -> None:
    """650 and 600 billion are committed."""
    post(keeper, "commitments", "P1", 400 * BILLION)
    post(keeper, "commitments", "P2", 250 * BILLION)
    post(keeper, "commitments", "city", 600 * BILLION)


def test_the_capital_shows_every_base(keeper: Program) -> None:
    raised(keeper)

    capital = keeper.get("/funds/Q1/capital").get_json()

    assert [base["base"] for base in capital["bases"]] == ["charter_capital", "paid_in", "after_withdrawals"]
    assert capital["bases"][0] | {"cure": None} == {
        "base": "charter_capital",
        "city": "600000000000",
        "private": "650000000000",
        "share": "0.480000",
        "allowed": True,
        "city_max": "600000000000",
        "headroom": "0",
        "cure": None,
    }
    assert (capital["is_in_breach"], capital["private_investors"]) == (False, 2)
    assert capital["contributors"][0]["committed"] == "600000000000"


def test_a_commitment_above_the_ceiling_is_refused_with_the_most_that_is_allowed(keeper: Program) -> None:
    post(keeper, "commitments", "P1", 51)

    sent = {"contributor": "city", "amount": "50", "effective_on": DAY}
    answer = keeper.post("/funds/Q1/commitments", sent)

    assert answer.status_code == 409
    assert answer.get_json()["reasons"][0]["code"] == "fund_city_above_charter_capital"
    assert answer.get_json()["reasons"][0]["facts"] == {"most_vnd": 49}
    post(keeper, "commitments", "city", 49)


def test_a_call_is_divided_and_paid_by_the_city_last(keeper: Program) -> None:
    raised(keeper)
    sent = {"amount": str(100 * BILLION), "effective_on": DAY, "due_on": "2026-04-01"}
    called = keeper.post("/funds/Q1/calls", sent).get_json()

    parts = {line["contributor"]: line["amount"] for line in called["lines"] if line["account"] == "receivable"}
    assert parts == {"city": "48000000000", "P1": "32000000000", "P2": "20000000000"}
    early = keeper.post("/funds/Q1/payments", {"contributor": "city", "amount": parts["city"], "effective_on": DAY})
    assert early.get_json()["reasons"][0]["code"] == "fund_city_above_paid_in"
    for who in ("P1", "P2", "city"):
        post(keeper, "payments", who, int(parts[who]))


def test_a_call_with_too_short_a_notice_is_refused(keeper: Program) -> None:
    raised(keeper)

    answer = keeper.post("/funds/Q1/calls", {"amount": "5", "effective_on": DAY, "due_on": "2026-03-03"})

    assert answer.status_code == 422
    assert answer.get_json()["errors"]["due_on"][0]["code"] == "fund_notice_too_short"


def test_a_private_withdrawal_leads_into_a_breach_with_its_cure(keeper: Program) -> None:
    raised(keeper)
    post(keeper, "withdrawals", "P2", 50 * BILLION, is_notice=True)
    announced = keeper.get("/funds/Q1/capital").get_json()
    post(keeper, "withdrawals", "P2", 50 * BILLION)
    capital = keeper.get("/funds/Q1/capital").get_json()

    assert (announced["is_in_breach"], announced["bases"][2]["allowed"]) == (False, False)
    assert capital["is_in_breach"]
    assert capital["bases"][0]["cure"] == {"private_top_up": "24489795919", "city_reduction": "23529411765"}


def test_what_if_writes_nothing_and_tells_what_then_happens(keeper: Program) -> None:
    raised(keeper)
    events = [{"kind": "withdrawal", "contributor": "P2", "amount": str(50 * BILLION)}]
    played = keeper.post("/funds/Q1/what-if", {"events": events}).get_json()

    assert played["now"] == keeper.get("/funds/Q1/capital").get_json()
    post(keeper, "withdrawals", "P2", 50 * BILLION)
    assert played["then"] == keeper.get("/funds/Q1/capital").get_json()


def test_what_if_names_the_event_that_would_be_refused(keeper: Program) -> None:
    raised(keeper)
    events = [
        {"kind": "commitment", "contributor": "P3", "amount": "5"},
        {"kind": "commitment", "contributor": "city", "amount": "1"},
    ]

    refused = keeper.post("/funds/Q1/what-if", {"events": events}).get_json()["refused"]

    assert (refused["event"], refused["reasons"][0]["code"]) == (1, "fund_city_above_charter_capital")


def test_the_ledger_is_read_by_pages_and_at_moments(keeper: Program) -> None:
    raised(keeper)
    first = keeper.get("/funds/Q1/ledger?limit=2").get_json()
    rest = keeper.get(f"/funds/Q1/ledger?limit=2&cursor={first['next_cursor']}").get_json()

    assert [entry["lines"][0]["contributor"] for entry in first["items"] + rest["items"]] == ["city", "P2", "P1"]
    assert rest["next_cursor"] is None
    assert keeper.get("/funds/Q1/ledger?as_of=2026-03-01").get_json()["items"] == []
    assert keeper.get("/funds/Q1/capital?known_on=2026-03-01").get_json()["contributors"][0]["committed"] == "0"


def test_an_entry_is_taken_back_once(keeper: Program) -> None:
    entry = post(keeper, "commitments", "P1", 5)
    address = f"/funds/Q1/ledger/{entry['id']}/reversal"

    undone = keeper.post(address, {"reference": "typed twice"})
    again = keeper.post(address, {"reference": "typed twice"})

    assert (undone.status_code, undone.get_json()["reverses"]) == (201, entry["id"])
    assert again.get_json()["reasons"][0]["code"] == "fund_entry_reversed"
    assert keeper.post("/funds/Q1/ledger/999999/reversal", {"reference": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("what", "sent", "path", "code"),
    [
        ("commitments", {"contributor": "X", "amount": "5"}, "contributor", "does_not_exist"),
        ("commitments", {"contributor": "P1", "amount": "0"}, "amount", "too_small"),
        ("commitments", {"contributor": "P1", "amount": "-5"}, "amount", "amount_negative"),
        ("commitments", {"contributor": "P1", "amount": 5}, "amount", "decimal_as_text"),
        (
            "calls",
            {"amount": "5", "due_on": "2026-04-01", "effective_on": AHEAD},
            "due_on",
            "fund_notice_too_short",
        ),
        (
            "withdrawals",
            {"contributor": "P1", "amount": "5", "effective_on": AHEAD},
            "effective_on",
            "fund_day_ahead",
        ),
        ("payments", {"amount": "5"}, "contributor", "required"),
        ("what-if", {"events": [{"kind": "payment", "amount": "5"}]}, "events.0.contributor", "required"),
        ("what-if", {"events": []}, "events", "required"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(
    keeper: Program, what: str, sent: dict[str, object], path: str, code: str
) -> None:
    answer = keeper.post(f"/funds/Q1/{what}", sent)

    assert answer.status_code == 422
    assert answer.get_json()["errors"][path][0]["code"] == code


def test_a_contributor_joins_and_commits_up_to_the_number_of_investors(keeper: Program) -> None:
    for number in range(4, 8):
        joined = keeper.post("/funds/Q1/contributors", {"code": f"P{number}", "name": f"Nhà đầu tư {number}"})
        assert joined.status_code == 201
    for number in range(1, 7):
        post(keeper, "commitments", f"P{number}", 10)

    seventh = keeper.post("/funds/Q1/commitments", {"contributor": "P7", "amount": "10"})

    assert seventh.get_json()["reasons"][0]["code"] == "fund_too_many_investors"


def test_others_do_not_know_of_the_fund_and_auditors_only_read(app: Flask, keeper: Program, session: Session) -> None:
    make_fund(session, "Q2")
    other = keeper_of(app, session, fund="Q2")
    auditor = keeper_of(app, session, fund=None, role="auditor")
    sent = {"contributor": "P1", "amount": "5"}

    assert [fund["code"] for fund in keeper.get("/funds").get_json()["items"]] == ["Q1"]
    assert other.get("/funds/Q1/capital").status_code == 404
    assert other.post("/funds/Q1/commitments", sent).status_code == 404
    assert auditor.get("/funds/Q1/capital").status_code == 200
    assert auditor.post("/funds/Q1/commitments", sent).status_code == 403
    assert Program(app).get("/funds/Q1/capital").status_code == 401


def test_of_page_program_and_plain_sql_that_only_together_break_the_ceiling_exactly_one_is_taken(
    fresh_database: FreshDatabase,
) -> None:
    app = fresh_database.app
    app.config.update(TESTING=True)
    client, start = app.test_client(), Barrier(3)
    with app.app_context(), Session(fresh_database.engine) as session:
        fund = make_fund(session).id
        commit(session, "Q1", "P1", 51, today())
        program = keeper_of(app, session)
        sign_in(client, session, make_person(session, grants=["fund_manager"]))
        session.commit()

    def by_program() -> bool:
        start.wait(timeout=20)
        answer = program.post("/funds/Q1/commitments", {"contributor": "city", "amount": "30"})
        return {201: True, 409: False}[answer.status_code]

    def by_page() -> bool:
        sent = {"effective_on": today().isoformat(), "contributor": "city", "amount": "30"}
        start.wait(timeout=20)
        return {303: True, 422: False}[client.post("/funds/Q1/record/commitment", data=sent).status_code]

    def by_sql() -> bool:
        with Session(fresh_database.engine) as session:
            session.execute(text("SELECT 1"))
            start.wait(timeout=20)
            try:
                sql_commitment(session, fund, "city", 30)
                session.commit()
            except IntegrityError:
                return False
            return True

    with ThreadPoolExecutor(3) as pool:
        taken = [pool.submit(way) for way in (by_program, by_page, by_sql)]
        assert sorted(one.result() for one in taken) == [False, False, True]


def test_under_the_lock_of_its_fund_a_payment_takes_two_statements(keeper: Program, connection: Connection) -> None:
    raised(keeper)
    assert (
        keeper.post("/funds/Q1/calls", {"amount": str(BILLION), "effective_on": DAY, "due_on": DUE}).status_code == 201
    )
    post(keeper, "payments", "P1", 1)

    with counted(connection) as statements:
        post(keeper, "payments", "P1", 1)

    asked = [words for words in statements if "SET CONSTRAINTS" not in words]
    assert len(asked) == 3
    assert "access_tokens" in asked[0]
    assert asked[1:] == [opening.LOCK.words, WRITE_AND_TELL.words]


def test_two_entries_under_one_opening_are_both_told(session: Session) -> None:
    make_fund(session)
    books, day = open_books(session, "Q1", actor=SYSTEM), today()

    entries = [
        add_entry(
            session, books, commitment(contributor_of(books, who), 51), voucher=Voucher("commitment", day), actor=SYSTEM
        )
        for who in ("P1", "P2")
    ]

    told = session.execute(
        text("SELECT facts->>'entry' FROM audit_entries WHERE action = 'fund:ledger:post' ORDER BY seq")
    ).scalars()
    assert list(told) == [str(entry.id) for entry in entries]


def test_what_changed_before_the_lock_was_had_is_read_again(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    make_fund(session)
    waited = opening.LOCK.rows

    class SlowLock:
        def rows(self, session: Session, **values: object) -> list[object]:
            session.execute(text("UPDATE fund_contributors SET state = 'signed' WHERE code = 'P1'"))
            return waited(session, **values)

    monkeypatch.setattr(opening, "LOCK", SlowLock())

    books = open_books(session, "Q1", actor=SYSTEM)

    assert {one.code: one.state for one in books.contributors}["P1"] == "signed"


def test_a_fund_is_founded_from_its_charter(app: Flask, client: FlaskClient, session: Session, tmp_path: Path) -> None:
    file = tmp_path / "charter.yaml"
    publish_lives(session)
    file.write_text(CHARTER, encoding="utf-8")
    runner = app.test_cli_runner()

    first, second = (runner.invoke(args=["funds", "found", str(file)]) for _ in range(2))

    assert (first.exit_code, first.output) == (0, "HN founded\n")
    assert second.exit_code == 1
    assert "code" in second.output
    capital = keeper_of(app, session, fund="HN").get("/funds/HN/capital").get_json()
    assert capital["terms"]["valid_from"] == date(2026, 1, 1).isoformat()


CHARTER = """
code: HN
name: {vi: Quỹ, en: Fund, fr: Fonds}
legal_form: contract
terms:
  - valid_from: 2026-01-01
    city_amount_vnd: 600000000000
    share: [49, 100]
    private_investors: 6
    notice_working_days: 10
    loss_percent: 50
    source: {vi: Điều lệ, en: Charter, fr: Statuts}
contributors:
  - {code: city, name: Thành phố, is_city: true}
"""


def items(program: Program, what: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = program.get(f"/funds/Q1/{what}").get_json()["items"]
    return found


def test_what_changes_hands_later_has_endpoints_of_its_own(keeper: Program) -> None:
    for who, amount in (("P1", 510), ("P2", 100), ("city", 490)):
        post(keeper, "commitments", who, amount)
    uses = {"investment": "150", "fee": "40", "cost": "10"}
    called = {"amount": "200", "effective_on": DAY, "due_on": DUE, "uses": uses}
    assert keeper.post("/funds/Q1/calls", called).status_code == 201
    post(keeper, "payments", "P1", 93)
    post(keeper, "payments", "city", 89)

    sent: list[tuple[str, dict[str, object]]] = [
        ("transfers", {"contributor": "P1", "taker": "P3", "amount": "51"}),
        ("reductions", {"contributor": "P1", "amount": "1"}),
        ("distributions", {"amount": "100", "is_recallable": True}),
        ("late-interest", {"contributor": "P1", "amount": "5"}),
        ("defaults", {"contributor": "P2", "effective_on": LONG_AFTER}),
    ]
    early = keeper.post("/funds/Q1/defaults", {"contributor": "P2", "effective_on": DUE})
    answers = [keeper.post(f"/funds/Q1/{what}", {"effective_on": DAY, **more}) for what, more in sent]

    assert early.status_code == 422
    assert [answer.status_code for answer in answers] == [201] * 5
    (call,) = items(keeper, "calls")
    assert (call["state"], call["uses"]) == ("defaulted", uses)
    assert len(items(keeper, "breaches")) == 1


def test_uses_that_do_not_add_up_are_refused(keeper: Program) -> None:
    post(keeper, "commitments", "P1", 510)
    called = {"amount": "200", "effective_on": DAY, "due_on": AHEAD, "uses": {"fee": "1"}}

    refused = keeper.post("/funds/Q1/calls", called)

    assert refused.status_code == 422


def test_a_breach_is_told_with_its_clocks(keeper: Program) -> None:
    for who, amount in (("P1", 510), ("city", 490)):
        post(keeper, "commitments", who, amount)
    post(keeper, "withdrawals", "P1", 10)

    (breach,) = items(keeper, "breaches")

    assert breach["closed_at"] is None
    assert None not in (breach["notice_due_on"], breach["plan_due_on"], breach["cure_due_on"])
    assert keeper.get("/funds").get_json()["items"][0]["state"] == "cap_breach"


def test_a_payment_asks_as_little_as_it_can(keeper: Program, connection: Connection, session: Session) -> None:
    """Each question prolongs the fund's lock: who asks, terms, balances, the entry with its lines, calls, the trail."""
    raised(keeper)
    call_from(session, "Q1", "P1", 10, today())
    session.commit()
    post(keeper, "payments", "P1", 1)

    with counted(connection) as asked:
        post(keeper, "payments", "P1", 1)

    words = [statement for statement in asked if "SAVEPOINT" not in statement]
    assert len(words) <= 11, words

"""Results by API: what the ledger and the valuations add up to, as of a day and as known on a day."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import as_of
from fund.models import Fund
from fund.operations.ledger import Voucher, open_books, reverse_entry, today, withdraw
from fund.operations.valuations import StatedValue, enter_valuation
from fund.queries.results import fund_results, known_results
from fund.reckoning import answer_performance
from tests.applications.programs import Program
from tests.fund.dealplay import make_deal_play
from tests.fund.funds import BILLION, call_from, commit, make_fund, pay
from tests.fund.test_api_funds import keeper_of

FIRST, SECOND, BACK, VALUED = date(2026, 2, 2), date(2026, 4, 1), date(2026, 6, 1), date(2026, 6, 30)
VALUES = [(FIRST, "100"), (SECOND, "110"), (BACK, "96")]


@pytest.fixture
def keeper(app: Flask, client: FlaskClient, session: Session) -> Program:
    """100 and 50 billion were paid in, 30 billion given back; all recorded in July."""
    with as_of(datetime(2026, 1, 1, tzinfo=UTC)):
        make_fund(session)
    with as_of(datetime(2026, 7, 1, tzinfo=UTC)):
        commit(session, "Q1", "P1", 200 * BILLION, FIRST)
        call_from(session, "Q1", "P1", 150 * BILLION, FIRST)
        pay(session, "Q1", "P1", 100 * BILLION, FIRST)
        pay(session, "Q1", "P1", 50 * BILLION, SECOND)
        books = open_books(session, "Q1", actor=SYSTEM)
        withdraw(session, books, "P1", 80 * BILLION, voucher=Voucher("withdrawal", BACK), actor=SYSTEM)
    return keeper_of(app, session)


def value(keeper: Program, billions: int, day: date = VALUED, **rest: str) -> None:
    amount = str(billions * BILLION)
    sent = {"amount": amount, "valued_on": day.isoformat(), "method": "net_assets", "source": "Valuer", **rest}
    answer = keeper.post("/funds/Q1/valuations", sent)
    assert answer.status_code == 201, answer.text


def told(keeper: Program, query: str = "") -> dict[str, object]:
    answer = keeper.get(f"/funds/Q1/performance{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.get_json()
    return found


def test_results_are_those_of_the_calculator_over_the_ledger(keeper: Program) -> None:
    value(keeper, 140)
    sent = [{"on": day.isoformat(), "value": number} for day, number in VALUES]
    assert keeper.post("/funds/Q1/index-values", {"index": "X", "values": sent}).status_code == 201
    flows = [(FIRST, -100), (SECOND, -50), (BACK, 30)]
    asked = {
        "flows": [{"on": day, "amount": Decimal(amount * BILLION)} for day, amount in flows],
        "nav": Decimal(140 * BILLION),
        "nav_on": VALUED,
        "commitment": Decimal(120 * BILLION),
        "index": [{"on": day, "value": Decimal(number)} for day, number in VALUES],
    }

    found = told(keeper)

    expected = {name: figure for name, figure in answer_performance(asked, VALUED).items() if name in found}
    assert {name: found[name] for name in expected} == expected
    assert Decimal(str(found["dpi"])) + Decimal(str(found["rvpi"])) == Decimal(str(found["tvpi"]))
    assert (found["nav_on"], found["carried_on"], found["index"]) == ("2026-06-30", False, "X")
    assert len(found["quarters"]) >= 2  # type: ignore[arg-type]  # a list


def test_without_a_valuation_there_is_no_rate_and_no_zero(keeper: Program) -> None:
    found = told(keeper)

    assert (found["xirr"], found["nav"], found["rvpi"], found["tvpi"]) == (None, None, None, None)
    assert found["reason"] == "fund_not_valued"
    assert (found["dpi"], found["paid_in"]) == ("0.2", "150000000000")


def test_a_payment_taken_back_leaves_no_trace_in_the_results(keeper: Program, session: Session) -> None:
    with as_of(datetime(2026, 7, 2, tzinfo=UTC)):
        commit(session, "Q1", "P2", 9 * BILLION, BACK)
        call_from(session, "Q1", "P2", 9 * BILLION, BACK)
        wrong = pay(session, "Q1", "P2", 9 * BILLION, BACK)
        books = open_books(session, "Q1", actor=SYSTEM)
        reverse_entry(session, books, wrong.id, effective_on=BACK, reference="sai", actor=SYSTEM)
    session.commit()

    found = told(keeper)

    assert (found["paid_in"], found["distributed"]) == ("150000000000", "30000000000")


def test_as_of_a_day_and_as_known_on_a_day(keeper: Program) -> None:
    value(keeper, 140)
    value(keeper, 90, SECOND)

    assert (told(keeper, "?as_of=2026-05-01")["nav"], told(keeper, "?as_of=2026-05-01")["distributed"]) == (
        str(90 * BILLION),
        "0",
    )
    assert told(keeper, "?known_on=2026-06-30")["paid_in"] == "0"
    assert told(keeper, "?known_on=2026-07-01")["paid_in"] == "150000000000"
    assert told(keeper, "?known_on=2026-07-01")["nav"] is None


def test_of_one_day_the_valuation_recorded_last_counts(keeper: Program) -> None:
    value(keeper, 140)
    value(keeper, 135)
    value(keeper, 60, basis="book")
    listed = keeper.get("/funds/Q1/valuations?limit=3").get_json()

    assert told(keeper)["nav"] == str(135 * BILLION)
    assert [one["amount"] for one in listed["items"]] == [str(amount * BILLION) for amount in (60, 135, 140)]
    assert listed["next_cursor"] is None


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        ({"amount": "-1"}, "amount"),
        ({"amount": "1.5"}, "amount"),
        ({"valued_on": (date.today() + timedelta(days=2)).isoformat()}, "valued_on"),  # noqa: DTZ011 - any day ahead
        ({"method": "guess"}, "method"),
        ({"source": ""}, "source"),
        ({"position": "TN-0"}, "position"),
    ],
)
def test_a_valuation_that_cannot_be_is_refused(keeper: Program, sent: dict[str, str], path: str) -> None:
    sound = {"amount": "1", "valued_on": "2026-06-30", "method": "cost", "source": "Valuer"}

    answer = keeper.post("/funds/Q1/valuations", {**sound, **sent})

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [path])


def test_an_index_has_values_above_zero(keeper: Program) -> None:
    sent = {"index": "X", "values": [{"on": "2026-01-02", "value": "1"}, {"on": "2026-01-03", "value": "0"}]}

    answer = keeper.post("/funds/Q1/index-values", sent)

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["values.1.value"])
    assert keeper.get("/funds/Q1/performance?index=X").status_code == 422


def test_who_only_reads_enters_nothing_and_strangers_see_nothing(app: Flask, keeper: Program, session: Session) -> None:
    auditor, stranger = (keeper_of(app, session, role="auditor"), keeper_of(app, session, fund="Q9"))
    sound = {"amount": "1", "valued_on": "2026-06-30", "method": "cost", "source": "Valuer"}

    assert auditor.get("/funds/Q1/performance").status_code == 200
    assert auditor.post("/funds/Q1/valuations", sound).status_code == 403
    assert stranger.get("/funds/Q1/performance").status_code == 404
    assert stranger.post("/funds/Q1/valuations", sound).status_code == 404


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE fund_valuations SET amount_vnd = 1",
        "DELETE FROM fund_valuations",
        "UPDATE fund_index_values SET value = 1",
        "TRUNCATE fund_index_values",
    ],
)
def test_nothing_that_was_entered_changes_even_by_sql(keeper: Program, session: Session, statement: str) -> None:
    value(keeper, 140)
    keeper.post("/funds/Q1/index-values", {"index": "X", "values": [{"on": "2026-01-02", "value": "1"}]})

    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))


def test_a_valuation_cannot_be_slipped_into_what_was_known(keeper: Program, session: Session) -> None:
    session.execute(
        text(
            "INSERT INTO fund_valuations (fund_id, position, basis, valued_on, amount_vnd, method, source, recorded_at)"
            " SELECT id, '', 'fair', '2026-06-30', 5, 'cost', 'x', '2026-02-03' FROM funds"
        )
    )
    session.commit()

    assert told(keeper)["nav"] == "5"
    assert told(keeper, "?known_on=2026-06-30")["nav"] is None


def test_a_position_is_valued_by_the_code_of_its_deal(app: Flask, client: FlaskClient, session: Session) -> None:
    play = make_deal_play(session)
    play.until_prepared(8 * BILLION)
    play.close()
    fund = session.get_one(Fund, play.deal.fund_id)
    code = str(play.application.code)
    stated = StatedValue(12 * BILLION, today(), "cost", "Valuer", position=code)
    enter_valuation(session, fund.code, stated, actor=SYSTEM)

    found = keeper_of(app, session, fund=fund.code).get(f"/funds/{fund.code}/performance").get_json()

    position = found["positions"][0]
    assert (position["code"], position["paid_in"], position["moic"]) == (code, str(8 * BILLION), "1.5")
    assert (position["xirr"], position["reason"]) == (None, "no_rate_one_day")
    assert found["nav"] is None


def test_figures_are_worked_out_once_and_outdated_ones_forgotten(keeper: Program, session: Session) -> None:
    fund = session.scalars(select(Fund).where(Fund.code == "Q1")).one()
    kept = []
    for billions in (50, 60, 70):
        value(keeper, billions)
        session.expire_all()
        kept.append(fund_results(session, fund, today()))
        assert fund_results(session, fund, today()) is kept[-1]

    assert len({id(one) for one in kept}) == 3
    assert [one for one in known_results(fund) if any(one is earlier for earlier in kept[:-1])] == []

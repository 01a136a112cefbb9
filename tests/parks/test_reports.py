"""Reports on parks: page, program and workbook tell the same, rows add up to figures, and nobody sees another's."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import as_of
from parks.escalation import prices_of
from parks.indicatorrules import indicator_rules_on
from parks.models import Lease, ParkOperator, Space
from parks.operations.allocations import let_space
from parks.operations.billing import issue_requests
from parks.operations.indices import enter_index_value
from parks.operations.leases import StatedRelief, grant_relief, offer_renewal, sign_lease, terminate_lease
from parks.operations.payments import correct_request, record_payment
from parks.operations.spaces import add_operator
from parks.priceindices import index_of_lease
from parks.queries.leases import account_of_lease
from parks.queries.reports import sight_of
from parks.queries.reportsheets import Narrowing, Question, sheet_page
from parks.tenancy import thaw_escalation
from parks.terms import Term, round_half_up
from tests.accounts.factories import actor_for, make_person, sign_in
from tests.applications.programs import program_of
from tests.applications.visits import queries_of
from tests.pages import open_page
from tests.parks.grounds import make_park, wanted
from tests.parks.leases import make_lease

ON = date(2026, 7, 1)
RULES = indicator_rules_on(ON)
SHEETS = ("rent-roll", "spaces", "land", "arrears", "collection", "zones")


@pytest.fixture
def runner(client: FlaskClient, session: Session) -> FlaskClient:
    """Two units let (30 and 28.8 million a month, one relieved by half), 400 m² of land let without a contract."""
    make_park(session)
    first = make_lease(session, "P1-U1", tenant="=cmd()", last="2027-07-01", service_vnd_m2=Decimal(10_000))
    evidence = StatedRelief("statutory", Decimal("0.5"), date(2026, 4, 1), date(2026, 12, 31), "paper", "law")
    grant_relief(session, first.key, evidence, actor=SYSTEM)
    second = make_lease(session, "P1-U2", last="2028-07-01", base_vnd_m2=Decimal(240_000), break_on=date(2027, 1, 1))
    let_space(session, "P1-L", wanted("2026-01-01", "2030-07-01", 400), actor=SYSTEM)
    for month in (4, 5, 6, 7):
        issue_requests(session, date(2026, month, 1))
    record_payment(session, second.key, received_on=ON, amount_vnd=100_000_000, reference="FT1", actor=SYSTEM)
    sign_in(client, session, make_person(session, grants=[{"role": "park_administrator", "scope_park": "P1"}]))
    session.commit()
    client.set_cookie("language", "en")
    return client


def read(app: Flask, session: Session, address: str, **grant: Any) -> Any:
    person = make_person(session, grants=[{"role": "park_administrator", **grant}])
    return program_of(app, session, actor_for(session, person)).get(f"/api/v1{address}")


def roll_on(session: Session, on: date) -> list[dict[str, Any]]:
    return rows_of(session, "rent-roll", on)


def rows_of(session: Session, sheet: str, on: date = ON) -> list[dict[str, Any]]:
    question = Question(SYSTEM, on, RULES, "P1")
    return list(sheet_page(session, question, sheet, Narrowing(), after=None, size=1_000).page.rows)


def test_the_rent_in_force_is_the_same_for_reports_and_bills(session: Session) -> None:
    """Leases with every kind of escalation, begun at the ends of months, on and beside their anniversaries."""
    make_park(session)
    operator = session.scalars(select(ParkOperator)).one()
    for number, day in enumerate((date(2025, 1, 6), date(2026, 2, 28), date(2027, 1, 31))):
        value = Decimal(100) + number * Decimal("1.37")
        enter_index_value(session, operator, day, value, source="NSO", actor=SYSTEM) if day <= date(
            2026, 9, 1
        ) else None
    chance = random.Random(7)  # noqa: S311 - leases that can be made again
    starts = [date(2026, 1, 31), date(2025, 8, 29), date(2026, 2, 28), date(2025, 12, 1)]
    agreed = {date(2026, month, day): Decimal(10_000_000 + month) for month, day in ((2, 28), (3, 31), (7, 31))}
    leases = []
    for number, start in enumerate(starts * 3):
        kind = ("percent", "fixed", "index", "stepped", "review")[number % 5]
        terms: dict[str, Any] = {"kind": kind, "every_months": chance.choice([1, 5, 6]), "rate": Decimal("0.0375")}
        terms |= {"amount_vnd": 777_777}
        rows = [{"on": day, "monthly_vnd": rent} for day, rent in agreed.items() if day > start]
        terms = terms | {"agreed": rows} if kind in ("stepped", "review") else terms
        area = Decimal(chance.randint(10, 60)) + Decimal("0.37")
        last = str(date(2028, 6, 30))
        stated_terms = {"escalation": terms, "area_m2": area, "base_vnd_m2": Decimal("123457.89")}
        leases.append(make_lease(session, "P1-L", first=str(start), last=last, **stated_terms))

    for day in (date(2026, 3, 1), date(2026, 3, 31), date(2026, 7, 30), date(2026, 7, 31), date(2028, 2, 29)):
        told = {row["lease"]: int(row["rent_vnd"]) for row in roll_on(session, day)}
        assert told == {lease.key: rent_on(session, lease, day) for lease in leases}


def rent_on(session: Session, lease: Lease, day: date) -> int:
    """As a bill reckons it."""
    index = index_of_lease(session, lease)
    prices = prices_of(
        Term(lease.starts_on, lease.ends_on),
        Fraction(lease.area_m2 * lease.base_vnd_m2),
        thaw_escalation(lease.escalation, index),
    )
    return round_half_up([price.monthly for price in prices if price.from_on <= day][-1])


def test_indicators_are_what_a_hand_reckons(app: Flask, session: Session, runner: FlaskClient) -> None:
    found = read(app, session, "/parks/P1/reports?as_of=2026-07-01", scope_park="P1").get_json()

    assert found["occupancy"] == {"part_m2": "640", "whole_m2": "1480", "share": "0.432432"}
    assert found["land_use"] == {"part_m2": "400", "whole_m2": "1000", "share": "0.4"}
    assert (found["leases"], found["tenancies"], found["vacant_m2"]) == (2, 3, "840")
    money = [found[f"{name}_vnd"] for name in ("rent", "relief", "service")]
    assert money == ["58800000", "15000000", "1200000"]
    assert found["wale_months"] == {
        "by_area_to_expiry": "36.75",
        "by_area_to_break": "33.375",
        "by_rent_to_expiry": "17.8776",
        "by_rent_to_break": "9.0612",
    }
    assert [(one["ends"], one["area_m2"]) for one in found["ladder"] if one["leases"]] == [
        ("2027", "120"),
        ("2028", "120"),
        ("2030", "400"),
    ]


def test_money_is_what_the_accounts_of_the_leases_say(session: Session, runner: FlaskClient) -> None:
    sight = sight_of(session, SYSTEM, ON, RULES, park="P1")

    accounts = [account_of_lease(session, row) for row in session.scalars(select(Lease))]

    assert {age: sum(one.arrears(ON)[age] for one in accounts) for age in sight.arrears()} == sight.arrears()
    due = [one for account in accounts for one in account.settlement.debts.values() if one.due_on <= ON]
    assert sight.collection(12).whole == sum(one.amount_vnd for one in due)
    assert sight.collection(12).part == sum(one.amount_vnd - one.open_on(ON) for one in due) == 100_000_000


def test_every_figure_is_the_sum_of_its_rows(app: Flask, session: Session, runner: FlaskClient) -> None:
    def rows(sheet: str) -> list[dict[str, Any]]:
        address = f"/parks/P1/reports/{sheet}?as_of=2026-07-01&limit=100"
        found: list[dict[str, Any]] = read(app, session, address, scope_park="P1").get_json()["items"]
        return found

    facts = read(app, session, "/parks/P1/reports?as_of=2026-07-01", scope_park="P1").get_json()

    assert sum(Decimal(row["let_m2"]) for row in rows("spaces")) == Decimal(facts["occupancy"]["part_m2"])
    assert sum(Decimal(row["whole_m2"]) for row in rows("land")) == Decimal(facts["land_use"]["whole_m2"])
    assert sum(int(row["rent_vnd"]) for row in rows("rent-roll")) == int(facts["rent_vnd"])
    assert sum(int(row["open_vnd"]) for row in rows("arrears")) == int(facts["arrears"]["total_vnd"]) > 0
    assert sum(int(row["paid_vnd"]) for row in rows("collection")) == int(facts["collection"]["paid_vnd"]) > 0


def test_rows_come_in_pages_and_narrowed(app: Flask, session: Session, runner: FlaskClient) -> None:
    address = "/parks/P1/reports/rent-roll?as_of=2026-07-01&limit=2"
    first = read(app, session, address, scope_park="P1").get_json()
    rest = read(app, session, f"{address}&cursor={first['next_cursor']}", scope_park="P1").get_json()
    ends = read(app, session, f"{address}&ends=2028", scope_park="P1").get_json()

    assert [row["space"] for row in first["items"]] == ["P1-L", "P1-U1"]
    assert ([row["space"] for row in rest["items"]], rest["next_cursor"]) == (["P1-U2"], None)
    assert [row["tenant"] for row in ends["items"]] == ["Công ty A"]


def test_the_workbook_holds_the_same_and_runs_nothing(runner: FlaskClient) -> None:
    answer = runner.get("/parks/P1/reports.xlsx?as_of=2026-07-01")

    book = load_workbook(BytesIO(answer.data))
    roll: list[Any] = list(book["Rent roll"].iter_rows(min_row=2, values_only=True))
    indicators = {row[0]: row[1] for row in book["Indicators"].iter_rows(min_row=2, values_only=True)}
    assert book.sheetnames[-1] == "Expiries by use"
    assert indicators["Occupancy"] == 0.432432
    assert indicators["Rent a month (VND)"] == sum(row[5] for row in roll) == 58_800_000
    assert [row[2] for row in roll] == ["Công ty A", "=cmd()", "Công ty A"]
    assert {cell.data_type for row in book["Rent roll"].iter_rows() for cell in row} <= {"s", "n"}
    assert list(book["Expiries by use"].iter_rows(values_only=True))[-1] == ("All", 120, 120, 400, 640)
    assert answer.headers["Content-Disposition"].endswith("P1-2026-07-01.xlsx")


def test_the_page_shows_the_figures_and_opens_their_rows(runner: FlaskClient) -> None:
    page = open_page(runner, "/parks/P1/reports?as_of=2026-07-01")

    assert page.links["43.2%"] == "/parks/P1/reports/spaces?as_of=2026-07-01"
    assert page.links["₫58,800,000"] == "/parks/P1/reports/rent-roll?as_of=2026-07-01"
    assert page.links["2028"] == "/parks/P1/reports/rent-roll?ends=2028&as_of=2026-07-01"
    for sheet in SHEETS:
        shown = runner.get(f"/parks/P1/reports/{sheet}?as_of=2026-07-01")
        assert shown.status_code == 200, sheet
    assert "₫58,800,000" in runner.get("/parks/P1/reports/rent-roll?as_of=2026-07-01").text
    assert runner.get("/parks/P1/reports/nothing").status_code == 404


def test_an_early_end_counts_from_its_notice(session: Session, runner: FlaskClient) -> None:
    with as_of(datetime(2026, 12, 1, tzinfo=UTC)):
        terminate_lease(session, roll_on(session, ON)[1]["lease"], last_on=date(2027, 3, 31), actor=SYSTEM)

    assert [str(roll_on(session, on)[1]["ends_on"]) for on in (ON, date(2027, 1, 1))] == ["2027-07-01", "2027-03-31"]


def test_who_renewed_counts_once_and_who_stays_on_counts_with_the_last_rent(
    session: Session, runner: FlaskClient
) -> None:
    first, second = (row["lease"] for row in roll_on(session, ON)[1:])
    renewed = offer_renewal(session, first, ends_on=date(2029, 7, 1), base_vnd_m2=Decimal(260_000), actor=SYSTEM)
    sign_lease(session, renewed.key, signed_on=date(2026, 3, 1), actor=SYSTEM)

    roll = roll_on(session, date(2028, 8, 1))[1:]

    assert [(row["lease"], row["rent_vnd"], row["holds_over"]) for row in roll] == [
        (renewed.key, "31200000", False),
        (second, "28800000", True),
    ]


def test_what_was_corrected_is_owed_as_corrected(session: Session, runner: FlaskClient) -> None:
    request = rows_of(session, "arrears")[0]
    correct_request(session, request["lease"], request["request"], -1_000, reason="Water cut off", actor=SYSTEM)

    corrected = rows_of(session, "arrears")[0]

    assert [int(request[name]) - int(corrected[name]) for name in ("open_vnd", "total_vnd")] == [1_000, 1_000]


def test_an_operator_sees_its_own_tenants_and_prices_alone(app: Flask, session: Session, runner: FlaskClient) -> None:
    make_park(session, "P2")
    make_lease(session, "P2-U1", tenant="ZZCANARY", base_vnd_m2=Decimal(123_457))
    other = add_operator(session, "other", {"vi": "K", "en": "O", "fr": "A"}, kind="company", actor=SYSTEM)
    session.execute(update(Space).where(Space.code == "P1-U2").values(operator_id=other.id))
    session.commit()

    mine = read(app, session, "/park-reports?as_of=2026-07-01", scope_park="P1").get_json()
    theirs = read(app, session, "/parks/P1/reports/rent-roll?as_of=2026-07-01", scope_park="P1/other").get_json()

    assert [park["park"] for park in mine["parks"]] == ["P1"]
    assert mine["rent_vnd"] == "30000000"
    assert [row["space"] for row in theirs["items"]] == ["P1-U2"]
    assert read(app, session, "/parks/P2/reports", scope_park="P1").status_code == 404
    for address in ("/park-reports", "/park-reports/rent-roll", "/park-reports.xlsx", "/parks/P1/reports"):
        answer = runner.get(address)
        assert answer.status_code == 200
        assert b"ZZCANARY" not in answer.data
    assert runner.get("/parks/P2/reports.xlsx").status_code == 404


def test_a_report_costs_the_same_queries_whatever_it_holds(session: Session, runner: FlaskClient) -> None:
    few = queries_of(session, lambda: runner.get("/park-reports"))
    make_lease(session, "P1-U3")
    make_lease(session, "P1-U4", first=str(ON + timedelta(days=1)), last="2030-01-01")
    issue_requests(session, ON)
    session.commit()

    assert queries_of(session, lambda: runner.get("/park-reports")) == few

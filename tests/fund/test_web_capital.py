"""Pages on which a manager writes: refusals beside the amount, calls with their notices, what-if, breach and stages."""

import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.calendars import ensure_calendars
from fund.models import CapitalCall, FundContributor, LedgerEntry
from fund.operations.investors import link_organisation
from fund.operations.ledger import Voucher, open_books, today, withdraw
from tests.accounts.factories import make_organisation, make_person, sign_in
from tests.applications.visits import queries_of
from tests.fund.funds import BILLION, commit, make_fund
from tests.pages import open_page


@pytest.fixture
def manager(client: FlaskClient, session: Session) -> FlaskClient:
    """A manager of a fund with 600 of the city beside 400 and 250 of two others, in billions."""
    ensure_calendars(session, actor=SYSTEM)
    make_fund(session)
    for who, amount in (("P1", 400 * BILLION), ("P2", 250 * BILLION), ("city", 600 * BILLION)):
        commit(session, "Q1", who, amount, today())
    sign_in(client, session, make_person(session, grants=[{"role": "fund_manager", "scope_fund": "Q1"}]))
    session.commit()
    client.set_cookie("language", "en")
    return client


def record(client: FlaskClient, kind: str, **typed: str) -> tuple[int, str]:
    sent = {"effective_on": today().isoformat(), **typed}
    answer = client.post(f"/funds/Q1/record/{kind}", data=sent)
    return answer.status_code, answer.text


def prepare_call(client: FlaskClient, amount: int = 125) -> None:
    due = (today() + timedelta(days=30)).isoformat()
    sent = {"investment": f"{amount * BILLION:,}", "fee": "", "cost": "0", "due_on": due, "reference": "Đợt 1"}
    assert client.post("/funds/Q1/calls/new", data=sent).status_code == 303


def issue_call(client: FlaskClient, amount: int = 125) -> None:
    prepare_call(client, amount)
    assert client.post("/funds/Q1/calls/1/issue", data={"decision": "NQ 01/ĐHNĐT"}).status_code == 303


def test_a_call_that_waits_to_be_issued_stands_on_the_dashboard(manager: FlaskClient) -> None:
    prepare_call(manager)
    waiting = "Capital call no. 1 waits to be issued."

    assert waiting in manager.get("/funds/Q1/dashboard").text
    manager.post("/funds/Q1/calls/1/issue", data={"decision": "NQ 01/ĐHNĐT"})
    assert waiting not in manager.get("/funds/Q1/dashboard").text


def test_a_commitment_is_recorded_from_the_page(manager: FlaskClient, session: Session) -> None:
    status, _ = record(manager, "commitment", contributor="P3", amount="10.000.000.000", reference="HĐ 3")

    assert status == 303
    last = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id.desc())).first()
    assert (last.kind, last.reference) == ("commitment", "HĐ 3") if last else False


def test_a_refused_amount_comes_back_with_the_most_that_is_allowed(manager: FlaskClient) -> None:
    issue_call(manager)

    status, text = record(manager, "payment", contributor="city", amount="60000000000")

    assert status == 422
    assert 'id="amount-error"' in text
    assert "it may pay VND 0 more at most" in text


def test_a_refusal_names_the_contributor(manager: FlaskClient) -> None:
    issue_call(manager)

    status, text = record(manager, "payment", contributor="P1", amount="40.000.000.001")

    assert status == 422
    assert "Less was called from Nhà đầu tư 1 and is unpaid: VND 40,000,000,000 at most is possible." in text


@pytest.mark.parametrize(
    ("amount", "said"), [("0", "Enter at least 1."), ("", "Enter this."), ("1,5", "Enter a whole")]
)
def test_what_is_no_amount_is_said_beside_it(manager: FlaskClient, amount: str, said: str) -> None:
    status, text = record(manager, "commitment", contributor="P1", amount=amount)

    assert status == 422
    assert said in text


@pytest.mark.parametrize(
    "kind",
    [
        "commitment",
        "payment",
        "withdrawal_notice",
        "withdrawal",
        "reduction",
        "transfer",
        "default",
        "distribution",
        "late_interest",
    ],
)
def test_every_kind_of_entry_has_its_page(manager: FlaskClient, kind: str) -> None:
    page = open_page(manager, f"/funds/Q1/record/{kind}")

    assert page.root.one("button", class_="btn btn-primary").text == "Record"


def test_what_happens_in_a_year_is_recorded_without_another_tool(manager: FlaskClient, session: Session) -> None:
    issue_call(manager)
    steps = [
        ("payment", {"contributor": "P1", "amount": "40000000000"}),
        ("payment", {"contributor": "P2", "amount": "25000000000"}),
        ("payment", {"contributor": "city", "amount": "60000000000"}),
        ("distribution", {"amount": "12500000000", "is_recallable": "yes"}),
        ("transfer", {"contributor": "P2", "taker": "P3", "amount": "10000000000"}),
        ("reduction", {"contributor": "city", "amount": "1000000000"}),
        ("late_interest", {"contributor": "P2", "amount": "1000000"}),
    ]

    assert [record(manager, kind, **typed)[0] for kind, typed in steps] == [303] * 7
    assert session.scalars(select(CapitalCall.state)).all() == ["paid"]


def test_an_entry_is_taken_back_and_restated(manager: FlaskClient, session: Session) -> None:
    wrong = session.scalars(select(LedgerEntry.id).order_by(LedgerEntry.id)).all()[1]
    page = open_page(manager, f"/funds/Q1/ledger/{wrong}/reverse")
    assert "₫250,000,000,000" in page.text

    refused = manager.post(f"/funds/Q1/ledger/{wrong}/reverse", data={"effective_on": today().isoformat()})
    sent = {"effective_on": today().isoformat(), "reference": "Nhập sai số"}
    manager.post(f"/funds/Q1/ledger/{wrong}/reverse", data=sent)

    assert refused.status_code == 422
    assert session.scalars(select(LedgerEntry.reverses_id).where(LedgerEntry.kind == "reversal")).all() == [wrong]


def test_a_call_shorter_than_the_notice_is_refused_with_the_earliest_day(manager: FlaskClient) -> None:
    sent = {"investment": "100", "due_on": (today() + timedelta(days=2)).isoformat(), "reference": "Đợt 1"}

    answer = manager.post("/funds/Q1/calls/new", data=sent)

    assert answer.status_code == 422
    assert "Contributors have 10 working days to pay" in answer.text


def test_a_call_shows_parts_and_sends_notices(manager: FlaskClient, session: Session) -> None:
    issue_call(manager)

    page = open_page(manager, "/funds/Q1/calls/1")
    notice = "/funds/Q1/calls/1/notice"
    with manager.get(f"{notice}/city.pdf") as pdf, manager.get(f"{notice}/P1.xlsx") as file:
        is_pdf, content = pdf.data.startswith(b"%PDF"), file.data
    sheet = load_workbook(io.BytesIO(content)).active

    assert "Issued" in page.text
    assert is_pdf
    assert sheet is not None
    values = {str(row[0]): str(row[1]) for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert values["This call"] == str(40 * BILLION)
    assert (values["Unfunded before this call"], values["Unfunded after this call"]) == ("400000000000", "360000000000")
    assert manager.get("/funds/Q1/calls/1/notice/P3.pdf").status_code == 404


def test_a_call_in_a_breach_is_refused(manager: FlaskClient, session: Session) -> None:
    leave(session)
    sent = {"investment": "100", "due_on": (today() + timedelta(days=30)).isoformat(), "reference": "Đợt 1"}

    answer = manager.post("/funds/Q1/calls/new", data=sent)

    assert answer.status_code == 422
    assert "No money of the city can be called while its part is above a ceiling." in answer.text


def leave(session: Session) -> None:
    books = open_books(session, "Q1", actor=SYSTEM)
    withdraw(session, books, "P2", 50 * BILLION, voucher=Voucher("withdrawal", today()), actor=SYSTEM)
    session.commit()


def test_what_if_shows_today_beside_then_and_writes_nothing(manager: FlaskClient, session: Session) -> None:
    before = session.scalars(select(LedgerEntry.id)).all()

    page = open_page(manager, "/funds/Q1/what-if?kind=withdrawal&contributor=P2&taker=&amount=50.000.000.000")

    sides = page.root.all("section", class_="card")
    assert ["48.0000%" in side.text for side in sides] == [True, False]
    assert "₫24,489,795,919" in sides[1].text
    assert session.scalars(select(LedgerEntry.id)).all() == before


def test_what_if_tells_which_event_would_be_refused(manager: FlaskClient) -> None:
    page = open_page(manager, "/funds/Q1/what-if?kind=commitment&contributor=city&taker=&amount=1")

    assert "Event 1 would be refused" in page.text


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("kind=payment&contributor=&taker=&amount=1", "Choose a contributor."),
        ("kind=payment&contributor=P1&taker=&amount=", "Enter an amount above zero."),
        ("kind=payment&contributor=P1&taker=&amount=1,5", "Enter a whole number"),
        ("kind=transfer&contributor=P1&taker=&amount=1", "Choose to whom the share passes."),
    ],
)
def test_what_if_says_what_is_missing(manager: FlaskClient, address: str, said: str) -> None:
    answer = manager.get(f"/funds/Q1/what-if?{address}")

    assert answer.status_code == 422
    assert said in answer.text


def test_a_breach_is_noticed_and_planned_on_its_page(manager: FlaskClient, session: Session) -> None:
    leave(session)

    before = open_page(manager, "/funds/Q1/breach")
    assert manager.post("/funds/Q1/breach/notice").status_code == 303
    assert manager.post("/funds/Q1/breach/plan", data={"way": "top_up", "plan": ""}).status_code == 422
    assert manager.post("/funds/Q1/breach/plan", data={"way": "top_up", "plan": "P1 góp thêm"}).status_code == 303
    after = open_page(manager, "/funds/Q1/breach")

    assert "₫24,489,795,919" in before.text
    assert "₫23,529,411,765" in before.text
    assert "P1 góp thêm" in after.text


def test_stages_are_entered_by_decision(manager: FlaskClient) -> None:
    issue_call(manager)

    assert manager.post("/funds/Q1/stages/wind_down", data={"reason": ""}).status_code == 422
    assert manager.post("/funds/Q1/stages/wind_down", data={"reason": "NQ 2"}).status_code == 303
    assert "Winding down" in open_page(manager, "/funds/Q1/stages").text


def test_a_contract_makes_a_proposal_signed(manager: FlaskClient, session: Session) -> None:
    sent = {"name": "Nhà đầu tư 4", "code": "p4", "contract_number": "4/HĐ", "signed_on": "2026-01-05"}

    assert manager.post("/funds/Q1/contributors/new", data=sent).status_code == 303
    assert manager.post("/funds/Q1/contributors/new", data=sent).status_code == 422
    assert session.scalars(select(FundContributor.state).where(FundContributor.code == "p4")).one() == "signed"


def test_the_history_of_the_share_is_drawn(manager: FlaskClient) -> None:
    page = open_page(manager, "/funds/Q1/history")

    assert len(page.root.all("polyline")) == 2
    assert "48.0000%" in page.text


def test_an_auditor_reads_and_writes_nothing(client: FlaskClient, session: Session, manager: FlaskClient) -> None:
    sign_in(client, session, make_person(session, grants=[{"role": "auditor"}]))
    session.commit()

    assert "Record" not in open_page(client, "/funds/Q1").text.split("Contributors")[1]
    assert client.get("/funds/Q1/record/payment").status_code == 403
    assert client.get("/funds/Q1/calls").status_code == 200


def test_a_contributor_gets_their_own_notice_and_nobody_elses(
    client: FlaskClient, session: Session, manager: FlaskClient
) -> None:
    issue_call(manager)
    organisation = make_organisation(session)
    link_organisation(session, "Q1", "P1", organisation.code, actor=SYSTEM)
    sign_in(client, session, make_person(session, organisation=organisation))
    session.commit()

    page = open_page(client, "/investments/Q1/P1")
    with client.get("/investments/Q1/P1/calls/1.pdf") as own:
        status = own.status_code

    assert "₫40,000,000,000" in page.text
    assert (status, client.get("/investments/Q1/P2/calls/1.pdf").status_code) == (200, 404)


def terms(**changed: str) -> dict[str, str]:
    usual = {
        "valid_from": today().isoformat(),
        "city_amount_vnd": "600.000.000.000",
        "share": "49",
        "private_investors": "6",
        "notice_working_days": "10",
        "default_working_days": "15",
        "loss_percent": "50",
        "breach_notice_working_days": "1",
        "breach_plan_working_days": "10",
        "breach_cure_days": "90",
        "source_vi": "Nghị quyết",
        "source_en": "Resolution",
        "source_fr": "Résolution",
    }
    return usual | changed


def test_lower_ceilings_lead_into_a_breach_at_once(manager: FlaskClient, session: Session) -> None:
    assert manager.post("/funds/Q1/terms/new", data=terms(share="40.5")).status_code == 303

    assert "Exceeded since" in open_page(manager, "/funds/Q1/breach").text
    assert "40.50%" in open_page(manager, "/funds/Q1/terms").text


def test_the_days_of_a_breach_stand_on_the_dashboard_until_they_are_met(manager: FlaskClient) -> None:
    manager.post("/funds/Q1/terms/new", data=terms(share="40.5"))
    days = ("A plan for the cure of the breach is due by", "The breach is to be cured by")
    before = manager.get("/funds/Q1/dashboard").text

    manager.post("/funds/Q1/breach/plan", data={"plan": "Một nhà đầu tư mới", "way": "new_investor"})

    assert [day in before for day in days] == [True, True]
    assert [day in manager.get("/funds/Q1/dashboard").text for day in days] == [False, True]


def test_review_and_end_stand_on_the_dashboard_when_they_are_near(manager: FlaskClient) -> None:
    issue_call(manager)
    ahead = {name: (today() + timedelta(days=days)).isoformat() for name, days in (("review_on", 60), ("ends_on", 300))}

    def told() -> list[bool]:
        shown = manager.get("/funds/Q1/dashboard").text
        return [words in shown for words in ("The interim review is due on", "The term of the fund ends on")]

    before = told()
    manager.post("/funds/Q1/terms/new", data=terms(**ahead))
    near = told()
    manager.post("/funds/Q1/stages/review", data={"reason": "NQ 2"})

    assert (before, near, told()) == ([False, False], [True, True], [False, True])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"share": "100"}, "Enter a share between 0 and 100 per cent."),
        ({"notice_working_days": "-1"}, "Enter a whole number from 0 to 250."),
        ({"valid_from": "2020-01-01"}, "Terms hold from today or later."),
    ],
)
def test_terms_that_cannot_be_are_refused(manager: FlaskClient, changed: dict[str, str], said: str) -> None:
    answer = manager.post("/funds/Q1/terms/new", data=terms(**changed))

    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize("address", ["/funds/Q1/calls", "/funds/Q1/calls/1", "/funds/Q1/history"])
def test_more_calls_cost_no_more_queries(manager: FlaskClient, session: Session, address: str) -> None:
    issue_call(manager, 10)
    manager.get(address)
    one = queries_of(session, lambda: manager.get(address))
    for number in (2, 3):
        due = (today() + timedelta(days=30)).isoformat()
        sent = {"investment": "1000000000", "due_on": due, "reference": f"Đợt {number}"}
        manager.post("/funds/Q1/calls/new", data=sent)
        manager.post(f"/funds/Q1/calls/{number}/issue", data={"decision": "NQ"})

    assert queries_of(session, lambda: manager.get(address)) == one

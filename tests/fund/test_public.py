"""City money in funds for everybody: what is told, what is withheld, and that no business secret is anywhere."""

from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from fund.models import Fund, FundContributor, Valuation
from fund.operations.funds import add_contributor
from fund.operations.investors import link_organisation
from fund.operations.ledger import today
from fund.operations.publication import decide_publication
from fund.operations.valuations import StatedValue, enter_index, enter_valuation
from fund.publication import publication_rules
from fund.queries.investors import holding_of
from fund.queries.public import READERS
from tests.accounts.factories import make_organisation, make_person, sign_in
from tests.fund.funds import BILLION, FIRST_DAY, call_from, commit, make_fund, pay
from tests.pages import open_page

CANARY = "ZZCANARY"
SECRET_AMOUNT = 123_456_789_012
SECRETS = [
    *(f"{CANARY}{rest}" for rest in (" name", " contract", " bank", " source", " reason", "-position", "-index")),
    *("123456789012", "123,456,789,012", "123.456.789.012", "123\u202f456\u202f789\u202f012"),
]
LANGUAGES = ("vi", "en", "fr")


@pytest.fixture
def fund(session: Session) -> Fund:
    """Each name, code, reference and source that is no one's business holds the canary, and one amount is odd."""
    fund = make_fund(session)
    add_contributor(session, fund, f"{CANARY}-code", f"{CANARY} name", is_city=False, actor=SYSTEM)
    for who, amount in ((f"{CANARY}-code", SECRET_AMOUNT), ("P1", 200 * BILLION), ("city", 100 * BILLION)):
        commit(session, "Q1", who, amount, reference=f"{CANARY} contract")
    for who in ("P1", "city"):
        call_from(session, "Q1", who, 50 * BILLION)
    for who, amount in (("P1", 40 * BILLION), ("city", 30 * BILLION)):
        pay(session, "Q1", who, amount, reference=f"{CANARY} bank")
    whole = StatedValue(100 * BILLION, FIRST_DAY, "cost", f"{CANARY} source")
    enter_valuation(session, "Q1", whole, actor=SYSTEM)
    facts = {"fund_id": fund.id, "valued_on": FIRST_DAY, "method": "cost", "source": f"{CANARY} source"}
    session.add(Valuation(**facts, position=f"{CANARY}-position", amount_vnd=SECRET_AMOUNT))
    session.flush()
    enter_index(session, "Q1", f"{CANARY}-index", [(FIRST_DAY, Decimal(1))], actor=SYSTEM)
    decide_publication(session, "Q1", "xirr", is_published=False, reason=f"{CANARY} reason", actor=SYSTEM)
    session.commit()
    return fund


def manager_of(client: FlaskClient, session: Session) -> None:
    sign_in(client, session, make_person(session, grants=[{"role": "fund_manager", "scope_fund": "Q1"}]))
    session.commit()


PUBLIC = [
    "/",
    "/state-capital",
    "/state-capital/Q1",
    "/api/v1/state-capital",
    "/api/v1/state-capital/Q1",
    "/api/v1/openapi.json",
    "/about/access",
    f"/search?q={CANARY}",
    f"/api/v1/search?q={CANARY}",
    "/funds/Q1/report.xlsx",
    "/funds/Q1/dashboard",
    "/funds/Q1/ledger",
    "/funds/Q1/valuations",
    "/funds/Q1/publication",
    f"/investments/Q1/{CANARY}-code",
    "/api/v1/funds/Q1/performance",
    "/api/v1/funds/Q1/ledger",
    "/api/v1/investments",
]


@pytest.mark.parametrize("is_signed_in", [False, True], ids=["public", "stranger"])
def test_no_business_secret_reaches_anybody(
    client: FlaskClient, session: Session, fund: Fund, is_signed_in: bool
) -> None:
    """A stranger is somebody of another organisation, who also applies for things."""
    if is_signed_in:
        sign_in(client, session, make_person(session, organisation=make_organisation(session)))
        session.commit()
    for language in ("en",) if is_signed_in else LANGUAGES:
        client.set_cookie("language", language)
        for address in PUBLIC:
            shown = client.get(address, follow_redirects=True).get_data(as_text=True)
            assert not [secret for secret in SECRETS if secret in shown], (address, language)


def test_the_manager_sees_what_the_public_does_not(client: FlaskClient, session: Session, fund: Fund) -> None:
    manager_of(client, session)

    assert f"{CANARY} source" in client.get("/funds/Q1/valuations").text
    assert f"{CANARY} bank" in client.get("/funds/Q1/ledger").text
    assert f"{CANARY} reason" in client.get("/funds/Q1/publication").text


def test_the_public_is_told_what_the_law_asks_for(client: FlaskClient, fund: Fund) -> None:
    answer = client.get("/api/v1/state-capital/Q1", headers={"Accept-Language": "en"}).get_json()

    told = {one["field"]: one["value"] for one in answer["told"]}
    assert told["city_committed"] == "100000000000"
    assert told["city_paid_in"] == "30000000000"
    assert (told["other_investors"], told["value_left"]) == ("2", "100000000000")
    assert told["city_share"] == "0.236152"
    assert {one["field"] for one in answer["withheld"]} == {
        "xirr",
        "investor_names",
        "company_names",
        "investor_amounts",
        "company_values",
        "deal_terms",
    }


def test_a_field_by_choice_opens_and_closes(client: FlaskClient, session: Session, fund: Fund) -> None:
    manager_of(client, session)
    client.set_cookie("language", "en")
    form = open_page(client, "/funds/Q1/publication").form_to("/publication")
    chosen = {"field": "investor_names", "decision": "publish"}

    assert form.send(client, press=None, **chosen, reason="").status_code == 422
    assert form.send(client, press=None, **chosen, reason="Agreed by all").status_code == 303
    assert f"{CANARY} name" in client.get("/state-capital/Q1").text

    decide_publication(session, "Q1", "investor_names", is_published=False, reason="Asked to", actor=SYSTEM)
    session.commit()
    assert f"{CANARY} name" not in client.get("/state-capital/Q1").text


@pytest.mark.parametrize("field", ["city_paid_in", "investor_amounts", "nothing"])
def test_what_the_law_settles_nobody_decides(client: FlaskClient, session: Session, fund: Fund, field: str) -> None:
    manager_of(client, session)

    sent = {"field": field, "decision": "publish", "reason": "Please"}
    form = open_page(client, "/funds/Q1/publication").form_to("/publication")

    assert form.send(client, press=None, **sent).status_code == 422


def test_decisions_are_kept_for_good(session: Session, fund: Fund) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text("DELETE FROM fund_publications"))


def test_an_investor_sees_the_own_account_alone(client: FlaskClient, session: Session, fund: Fund) -> None:
    organisation = make_organisation(session)
    link_organisation(session, "Q1", "P1", organisation.code, actor=SYSTEM)
    sign_in(client, session, make_person(session, organisation=organisation))
    session.commit()
    client.set_cookie("language", "en")

    page = open_page(client, "/investments")

    assert page.address == "/investments/Q1/P1"
    for own in ("₫200,000,000,000", "₫150,000,000,000", "₫10,000,000,000", "₫40,000,000,000", "₫50,000,000,000"):
        assert own in page.text
    assert f"{CANARY} name" not in page.text
    assert "₫100,000,000,000" not in page.text
    assert client.get(f"/investments/Q1/{CANARY}-code").status_code == 404
    assert client.get("/funds/Q1/dashboard").status_code == 403


def test_parts_of_the_value_add_up_to_it(session: Session, fund: Fund) -> None:
    odd = StatedValue(100 * BILLION + 1, today(), "cost", "x")
    enter_valuation(session, "Q1", odd, actor=SYSTEM)
    contributors = session.scalars(select(FundContributor).where(FundContributor.fund_id == fund.id)).all()

    parts = [holding_of(session, fund, one).results.worth.amount for one in contributors]

    assert sum(part or 0 for part in parts) == 100 * BILLION + 1
    assert sorted(part or 0 for part in parts) == [0, 0, 0, 42_857_142_858, 57_142_857_143]


def test_every_field_that_may_be_told_has_its_reader() -> None:
    names = {field.name for field in publication_rules().fields if field.rule != "never"}

    assert names == set(READERS)

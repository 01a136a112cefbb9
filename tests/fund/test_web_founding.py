"""The page on which a fund is founded with its first terms."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from fund.books import terms_on
from fund.models import Fund
from fund.operations.ledger import today
from tests.accounts.factories import make_person, sign_in
from tests.fund.funds import make_fund, publish_lives

CHARTER = {
    "code": "HN1",
    "name_vi": "Quỹ mới",
    "name_en": "New fund",
    "name_fr": "Nouveau fonds",
    "legal_form": "enterprise",
    "valid_from": today().isoformat(),
    "city_amount_vnd": "600.000.000.000",
    "share": "49",
    "private_investors": "6",
    "notice_working_days": "10",
    "default_working_days": "15",
    "breach_notice_working_days": "1",
    "breach_plan_working_days": "10",
    "breach_cure_days": "90",
    "calls_by_two": "y",
    **{f"source_{language}": "Điều lệ" for language in ("vi", "en", "fr")},
}


def visitor(client: FlaskClient, session: Session, fund: str | None) -> FlaskClient:
    sign_in(client, session, make_person(session, grants=[{"role": "fund_manager", "scope_fund": fund}]))
    session.commit()
    return client


def test_who_keeps_all_funds_founds_another(client: FlaskClient, session: Session) -> None:
    publish_lives(session)
    answer = visitor(client, session, None).post("/funds/new", data=CHARTER)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/funds/HN1")
    fund = session.scalars(select(Fund).where(Fund.code == "HN1")).one()
    terms = terms_on(session, fund, today())
    assert (fund.legal_form, fund.state, fund.is_demonstration) == ("enterprise", "chartered", False)
    assert (terms.city_amount_vnd, terms.share_numerator, terms.calls_by_two) == (600_000_000_000, 4900, True)


@pytest.mark.parametrize(("field", "typed"), [("code", "Q1"), ("code", "a b"), ("share", "100"), ("name_fr", "")])
def test_what_is_wrong_stands_beside_its_field(client: FlaskClient, session: Session, field: str, typed: str) -> None:
    make_fund(session)

    answer = visitor(client, session, None).post("/funds/new", data=CHARTER | {field: typed})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_who_keeps_one_fund_founds_none(client: FlaskClient, session: Session) -> None:
    make_fund(session)

    assert visitor(client, session, "Q1").get("/funds/new").status_code == 403

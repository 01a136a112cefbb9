"""The pages of rounds: published, entered, scored, decided and answered in the browser; the public sees the list."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import as_of, now
from foundation.workdays import local_date
from parks.operations import rounds
from parks.queries.rounds import find_round
from tests.accounts.factories import make_organisation, make_person, sign_in
from tests.pages import follow, open_page
from tests.parks.grounds import make_park
from tests.parks.test_rounds import enter, stated

TODAY = local_date(now())
AHEAD = {"starts_on": TODAY + timedelta(days=60), "ends_on": TODAY + timedelta(days=400)}
ROUND: dict[str, Any] = {
    "title_vi": "Đợt mùa thu",
    "title_en": "Autumn round",
    "title_fr": "Tour d’automne",
    "closes_on": str(TODAY - timedelta(days=1)),
    "starts_on": str(AHEAD["starts_on"]),
    "ends_on": str(AHEAD["ends_on"]),
    "spaces": "P1-U1, P1-U2",
    "most_large": "1",
    "criterion-1-vi": "Kế hoạch",
    "criterion-1-weight": "2",
    "criterion-1-most": "10",
}
FIRM: dict[str, Any] = {
    "size": "small",
    "sector": "ai",
    "complete_on": str(TODAY - timedelta(days=9)),
    "least_m2": "50",
}


@pytest.fixture
def runner(client: FlaskClient, session: Session) -> FlaskClient:
    make_park(session)
    sign_in(client, session, make_person(session, grants=[{"role": "park_administrator", "scope_park": "P1"}]))
    session.commit()
    client.set_cookie("language", "en")
    return client


def test_a_round_goes_from_its_publication_to_an_accepted_offer(runner: FlaskClient) -> None:
    page = follow(runner, open_page(runner, "/rounds/new/P1").form().send(runner, **ROUND))
    address = page.address
    for name, wanted in (("Firm A", "P1-U1"), ("Firm B", "P1-U1 P1-U2")):
        page = follow(runner, page.form_to("/firms").send(runner, **FIRM, name=name, preferences=wanted))
    for form, points in ((page.form(-3), "4"), (page.form(-2), "9")):
        page = follow(runner, form.send(runner, c1=points))

    assert [row.all("td")[1].text for row in page.root.all("tbody")[1].all("tr")] == ["90", "40"]
    decided = follow(runner, page.form_to("/decide").send(runner))
    accepted = follow(runner, decided.form_to("/accept").send(runner))

    assert "P1-U1 · accepted" in accepted.text
    assert "P1-U1: went to a firm that ranks higher (Firm B)" in accepted.text
    assert open_page(runner, address).heading == "Autumn round"


def test_the_public_sees_the_list_only_once_it_is_decided(client: FlaskClient, session: Session) -> None:
    make_park(session)
    firm = make_organisation(session)
    with as_of(now() - timedelta(days=20)):
        closed = {"closes_on": TODAY - timedelta(days=2), **AHEAD}
        made = rounds.publish_round(session, "P1", stated(**closed), actor=SYSTEM)
        enter(session, made, "Firm A", 9, 1, ["P1-U1"], firm.id)
        enter(session, made, "Firm B", 5, 1, ["P1-U1"])
    session.commit()
    client.set_cookie("language", "en")

    before = client.get(f"/rounds/{made.key}").text
    rounds.decide_round(session, made.key, actor=SYSTEM)
    session.commit()
    after = client.get(f"/rounds/{made.key}").text

    assert "Firm A" not in before
    assert "Firm A" in after
    assert "waiting list" in after
    assert "/accept" not in after


def test_a_firm_answers_its_own_offer_and_no_other(client: FlaskClient, session: Session) -> None:
    make_park(session)
    ours = make_organisation(session)
    with as_of(now() - timedelta(days=20)):
        closed = {"closes_on": TODAY - timedelta(days=2), **AHEAD}
        made = rounds.publish_round(session, "P1", stated(**closed), actor=SYSTEM)
        enter(session, made, "Ours", 9, 1, ["P1-U1"], ours.id)
        enter(session, made, "Theirs", 5, 1, ["P1-U2"])
    rounds.decide_round(session, made.key, actor=SYSTEM)
    sign_in(client, session, make_person(session, organisation=ours))
    session.commit()
    own, foreign = find_round(session, made.key).offers

    page = open_page(client, f"/rounds/{made.key}")
    follow(client, page.form_to(f"{own.key}/decline").send(client))

    assert foreign.key not in client.get(f"/rounds/{made.key}").text
    session.expire_all()
    assert [one.answer for one in find_round(session, made.key).offers] == ["declined", None]


def test_a_round_without_criteria_is_told_so(runner: FlaskClient) -> None:
    refused = open_page(runner, "/rounds/new/P1").form().send(runner, **(ROUND | {"criterion-1-weight": "0"}))

    assert refused.status_code == 422
    assert "At least one criterion needs weight." in refused.text


def test_points_above_the_most_are_refused(runner: FlaskClient) -> None:
    page = follow(runner, open_page(runner, "/rounds/new/P1").form().send(runner, **ROUND))
    page = follow(runner, page.form_to("/firms").send(runner, **FIRM, name="Firm A", preferences="P1-U1"))

    assert page.form_to("/points").send(runner, c1="11").status_code == 422


def test_a_firm_applies_on_a_page_and_changes_what_it_sent(client: FlaskClient, session: Session) -> None:
    make_park(session)
    made = rounds.publish_round(session, "P1", stated(**AHEAD | {"closes_on": TODAY + timedelta(days=1)}), actor=SYSTEM)
    firm = make_organisation(session)
    sign_in(client, session, make_person(session, organisation=firm))
    session.commit()
    client.set_cookie("language", "en")

    sent = {"organisation": firm.code, "size": "small", "sector": "ai", "least_m2": "50"}
    page = open_page(client, f"/rounds/{made.key}/apply")
    refused = page.form().send(client, **sent)
    follow(client, page.form().send(client, **sent, wish_1="P1-U2", wish_2="P1-U1"))
    again = open_page(client, f"/rounds/{made.key}/apply")

    assert refused.status_code == 422
    assert again.heading == "Change your application"
    session.expire_all()
    assert find_round(session, made.key).applicants[0].preferences == ["P1-U2", "P1-U1"]


def test_who_decides_otherwise_sees_what_it_costs_and_the_list_says_why(runner: FlaskClient) -> None:
    page = follow(runner, open_page(runner, "/rounds/new/P1").form().send(runner, **ROUND))
    address = page.address
    for name in ("Firm A", "Firm B"):
        page = follow(runner, page.form_to("/firms").send(runner, **FIRM, name=name, preferences="P1-U1"))
    page = follow(runner, page.form(-3).send(runner, c1="9"))
    link = page.links["Decide otherwise Firm B"]

    tried = open_page(runner, f"{link}?space=P1-U1")
    assert "Firm A wanted P1-U1 more than what it gets; Firm B ranks lower and has it." in tried.text
    refused = tried.form().send(runner, reason="vì")
    reason = "Nhiệm vụ cấp bách của Thành phố."
    desk = follow(runner, tried.form().send(runner, reason=reason))
    decided = follow(runner, desk.form_to("/decide").send(runner))

    assert refused.status_code == 422
    assert "1 firm could rightly complain" in desk.text
    assert f"Decided otherwise than proposed: {reason}" in decided.text
    assert "P1-U1: given to another firm by decision, for the reason stated (Firm B)" in decided.text
    runner.delete_cookie("session")
    assert reason in open_page(runner, address).text

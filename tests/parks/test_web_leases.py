"""The pages of leases: drafted, signed, billed, paid and renewed in the browser; a tenant sees its own."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import now
from foundation.workdays import local_date
from parks.operations.allocations import hold_space
from parks.operations.billing import issue_requests
from parks.operations.frames import find_operator, register_frame, set_account
from tests.accounts.factories import make_organisation, make_person, sign_in
from tests.pages import follow, open_page
from tests.parks.grounds import make_park, wanted
from tests.parks.leases import make_lease
from tests.parks.test_leases import frame

TODAY = local_date(now())
DRAFT: dict[str, Any] = {
    "space": "P1-U1",
    "tenant": "Công ty A",
    "starts_on": str(TODAY),
    "ends_on": str(TODAY + timedelta(days=365)),
    "base_vnd_m2": "250.000",
    "rise": "5",
    "vat": "10",
    "deposit_vnd": "60.000.000",
}


@pytest.fixture
def runner(client: FlaskClient, session: Session) -> FlaskClient:
    make_park(session)
    operator = find_operator(session, "P1", None, actor=SYSTEM)
    set_account(session, operator, ("970436", "Bank"), "00719", "Board", actor=SYSTEM)
    person = make_person(session, grants=[{"role": "park_administrator", "scope_park": "P1"}])
    sign_in(client, session, person)
    session.commit()
    client.set_cookie("language", "en")
    return client


def test_a_lease_goes_from_draft_to_paid_request(runner: FlaskClient, session: Session) -> None:
    drafted = follow(runner, open_page(runner, "/leases/new").form().send(runner, **DRAFT))
    signed = follow(runner, drafted.form_to("/steps/sign").send(runner, signed_on=str(TODAY)))
    issue_requests(session, TODAY)
    session.commit()

    billed = open_page(runner, signed.address)
    request = next(address for title, address in billed.links.items() if title.startswith("YC-"))
    shown = runner.get(request).text
    paid = follow(
        runner,
        billed.form_to("/steps/pay").send(runner, received_on=str(TODAY), amount_vnd="1.000.000", reference="FT1"),
    )

    assert "In effect" in signed.text
    assert 'aria-label="Payment code (VietQR)"' in shown
    assert "₫1,000,000" in paid.text


def test_a_contract_is_a_pdf_in_the_languages_of_its_parties(runner: FlaskClient, session: Session) -> None:
    lease = make_lease(session, escalation={"kind": "percent", "rate": "0.05", "every_months": 12})
    session.commit()

    for language in ("vi", "en", "fr"):
        answer = runner.get(f"/leases/{lease.key}/contract/{language}.pdf")

        assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")
    assert runner.get(f"/leases/{lease.key}/contract/de.pdf").status_code == 404


def test_what_does_not_hold_is_told_beside_its_field(runner: FlaskClient, session: Session) -> None:
    make_lease(session, first=str(TODAY))
    session.commit()
    form = open_page(runner, "/leases/new").form()

    refused = form.send(runner, **(DRAFT | {"space": "P9", "base_vnd_m2": "x"}))
    backwards = form.send(runner, **(DRAFT | {"ends_on": str(TODAY - timedelta(days=1))}))

    assert (refused.status_code, backwards.status_code) == (422, 422)
    assert "The last day cannot be before the first." in backwards.text


def test_a_space_that_is_taken_is_told_on_the_lease(runner: FlaskClient, session: Session) -> None:
    make_lease(session)
    session.commit()
    later = DRAFT | {"starts_on": "2026-05-01", "ends_on": "2027-05-01"}
    drafted = follow(runner, open_page(runner, "/leases/new").form().send(runner, **later))

    refused = drafted.form_to("/steps/sign").send(runner, signed_on="2026-04-01")

    assert refused.status_code == 422
    assert "Too much is taken" in refused.text


def test_a_tenant_sees_its_lease_and_changes_nothing(client: FlaskClient, session: Session) -> None:
    make_park(session)
    ours, theirs = make_organisation(session), make_organisation(session)
    own = make_lease(session, organisation_id=ours.id)
    foreign = make_lease(session, "P1-U2", organisation_id=theirs.id)
    sign_in(client, session, make_person(session, organisation=ours))
    session.commit()

    page = open_page(client, "/leases")

    assert [title for title in page.links if title.startswith("HD-")] == [own.key]
    assert "steps/" not in client.get(f"/leases/{own.key}").text
    assert client.get(f"/leases/{foreign.key}").status_code == 404


def test_the_list_costs_the_same_for_one_lease_and_for_three(runner: FlaskClient, session: Session) -> None:
    make_lease(session)
    session.commit()
    few = _statements(session, lambda: runner.get("/leases"))
    for number in (2, 3):
        make_lease(session, f"P1-U{number}")
    session.commit()

    assert _statements(session, lambda: runner.get("/leases")) == few


def _statements(session: Session, act: Callable[[], object]) -> int:
    """How many statements somebody's page costs."""
    seen: list[str] = []

    def count(connection: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", count)
    try:
        act()
    finally:
        event.remove(bind, "before_cursor_execute", count)
    return len(seen)


def test_what_was_paid_ahead_stands_on_the_statement(runner: FlaskClient, session: Session) -> None:
    lease = make_lease(session)
    session.commit()
    payment = {"received_on": str(TODAY), "amount_vnd": "12.345.678", "reference": "FT1"}
    before = open_page(runner, f"/leases/{lease.key}")

    after = follow(runner, before.form_to("/steps/pay").send(runner, **payment))

    shown = runner.get(after.address).text
    assert "Paid ahead" not in runner.get("/leases").text
    assert shown.index("Paid ahead") < shown.index("₫12,345,678") < shown.index("counts towards the next requests")


def test_a_relief_is_granted_on_the_page_with_its_evidence(runner: FlaskClient, session: Session) -> None:
    lease = make_lease(session, first=str(TODAY), last=str(TODAY + timedelta(days=365)))
    session.commit()
    relief: dict[str, Any] = {
        "kind": "statutory",
        "rate": "50",
        "from_on": str(TODAY),
        "to_on": str(TODAY + timedelta(days=99)),
    }
    form = open_page(runner, f"/leases/{lease.key}").form_to("/steps/relieve")

    without_evidence = form.send(runner, **relief, evidence="", source="Law")
    backwards = form.send(runner, **(relief | {"to_on": "2020-01-01"}), evidence="No. 7", source="Law")
    granted = follow(runner, form.send(runner, **relief, evidence="No. 7 of 2 March", source="Land Law, article 157"))

    assert (without_evidence.status_code, backwards.status_code) == (422, 422)
    assert 'id="to_on-error"' in backwards.text
    assert "No. 7 of 2 March · Land Law, article 157" in granted.text


def test_a_request_is_invoiced_and_put_right_with_a_reason(runner: FlaskClient, session: Session) -> None:
    lease = make_lease(session, first=str(TODAY.replace(day=1)), last=str(TODAY + timedelta(days=365)))
    issue_requests(session, TODAY)
    session.commit()
    listed = open_page(runner, f"/leases/{lease.key}").links
    page = open_page(runner, next(address for title, address in listed.items() if title.startswith("YC-")))
    less: dict[str, Any] = {"direction": "less", "amount_vnd": "1.000.000"}

    without_reason = page.form_to("/correct").send(runner, **less, reason="")
    too_much = page.form_to("/correct").send(runner, **(less | {"amount_vnd": "30.000.001"}), reason="Lift broken")
    follow(runner, page.form_to("/einvoice").send(runner, einvoice_number="1C26TAA-00000017"))
    corrected = follow(runner, page.form_to("/correct").send(runner, **less, reason="Lift broken for ten days"))

    assert (without_reason.status_code, too_much.status_code) == (422, 409)
    assert 'id="reason-error"' in without_reason.text
    assert all(told in corrected.text for told in ("1C26TAA-00000017", "Lift broken for ten days", "₫29,000,000"))


def test_an_operator_states_its_prices_account_and_index(runner: FlaskClient, session: Session) -> None:
    page = open_page(runner, "/parks/P1/prices")
    index: dict[str, Any] = {"index-published_on": str(TODAY.replace(day=1)), "index-source": "Statistics office"}
    frame: dict[str, Any] = {"frame-use": "research", "frame-valid_from": str(TODAY), "frame-reference": "12/BQL"}
    prices: dict[str, Any] = {"frame-lowest_vnd_m2": "200.000", "frame-service_highest_vnd_m2": "50.000"}
    few: dict[str, Any] = {"account-bank_bin": "12"}
    value: dict[str, Any] = {"index-value": "104.25"}

    turned_round = page.form_to("/frame?operator=P1-board").send(
        runner, **frame, **(prices | {"frame-highest_vnd_m2": "100.000"})
    )
    no_bank = page.form_to("/account?operator=P1-board").send(runner, **few)
    follow(
        runner,
        page.form_to("/frame?operator=P1-board").send(
            runner, **frame, **(prices | {"frame-highest_vnd_m2": "300.000"})
        ),
    )
    stated = follow(runner, page.form_to("/index?operator=P1-board").send(runner, **index, **value))
    drafted = open_page(runner, "/leases/new").form().send(runner, **(DRAFT | {"rise": "", "follows_index": "y"}))

    assert (turned_round.status_code, no_bank.status_code, drafted.status_code) == (422, 422, 303)
    assert 'id="frame-highest_vnd_m2-error"' in turned_round.text
    assert all(told in stated.text for told in ("104.25", "Statistics office", "12/BQL"))
    assert runner.get("/parks/P1/prices?operator=nobody").status_code == 404


def test_a_hold_becomes_the_lease_of_whom_it_was_for(runner: FlaskClient, session: Session) -> None:
    held = hold_space(session, "P1-U1", wanted(str(TODAY), str(TODAY + timedelta(days=364))), actor=SYSTEM)
    session.commit()

    form = open_page(runner, f"/leases/new?claim={held.key}").form()
    drafted = follow(runner, form.send(runner, base_vnd_m2="250.000"))
    taken = drafted.form_to("/steps/sign").send(runner, signed_on=str(TODAY), claim="")
    signed = follow(runner, drafted.form_to("/steps/sign").send(runner, signed_on=str(TODAY)))

    assert (taken.status_code, "In effect" in signed.text) == (422, True)
    assert runner.get("/leases/new?claim=GC-999999").status_code == 404


def test_who_handed_back_still_pays_what_is_owed_and_for_the_days_of_its_stay(
    runner: FlaskClient, session: Session
) -> None:
    lease = make_lease(session)
    issue_requests(session, TODAY)
    session.commit()
    days = [TODAY - timedelta(days=number) for number in (2, 1)]

    ended = follow(
        runner, open_page(runner, f"/leases/{lease.key}").form_to("/steps/end").send(runner, last_on=str(days[0]))
    )
    back = follow(runner, ended.form_to("/steps/hand_back").send(runner, on=str(days[1])))
    requests = [address for title, address in back.links.items() if title.startswith("YC-")]
    paid = back.form_to("/steps/pay").send(runner, received_on=str(TODAY), amount_vnd="1.000", reference="FT2")

    assert "Ended" in back.text
    assert any("To be compared with the text" in runner.get(address).text for address in requests)
    assert "₫1,000" in follow(runner, paid).text


def lines_of(client: FlaskClient, address: str) -> list[list[str]]:
    with client.get(address) as answer:
        assert answer.status_code == 200, address
        return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_the_lists_of_the_parks_come_as_files(runner: FlaskClient, session: Session) -> None:
    lease = make_lease(session, tenant="=Công ty A")
    session.commit()
    leases, spaces = lines_of(runner, "/leases.csv"), lines_of(runner, "/parks/P1/spaces.csv")

    assert [row[:2] for row in leases[1:]] == [[lease.key, "'=Công ty A"]]
    assert "P1-U1" in {row[0] for row in spaces}
    assert lines_of(runner, f"/leases/{lease.key}/requests.csv")[0][0] == "Request"
    assert lines_of(runner, "/park-reports/rent-roll.csv?code=P1")[1:]
    assert lines_of(runner, "/park-reports/rent-roll.csv?code=P1&use=nothing")[1:] == []
    for address in ("/parks.csv", "/rounds.csv", "/parks/P1/admissions.csv", "/vacancies.csv"):
        assert lines_of(runner, address)[0]
    outcomes = [runner.get(address).status_code for address in ("/parks/P9/spaces.csv", "/park-reports/nothing.csv")]
    assert outcomes == [404, 404]


def test_price_frames_come_as_a_file_to_who_runs_the_park(runner: FlaskClient, session: Session) -> None:
    make_park(session, code="P2")
    operator = find_operator(session, "P1", None, actor=SYSTEM)
    register_frame(session, operator, frame("2026-01-01"), actor=SYSTEM)
    session.commit()

    lines = lines_of(runner, "/parks/P1/prices.csv")

    assert [row[-1] for row in lines] == ["Number of the registration", "12/BQL"]
    assert runner.get("/parks/P2/prices.csv").status_code == 403

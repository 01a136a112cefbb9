"""The pages of deals: board and list with filters in the address, a deal, and its decision file."""

import hashlib
import io
from datetime import timedelta

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from applications.operations.documents import receive_file
from foundation.database import as_of, now
from foundation.facts import day_in_words
from fund.dealchapters import _diligence
from fund.decisionexport import write_decision_file
from fund.models import DecisionFile
from fund.queries.dealfile import deal_file
from fund.queries.deals import pipeline_of
from fund.web import dealexport
from tests.accounts.factories import make_person, sign_in
from tests.applications.visits import queries_of
from tests.fund import dealplay
from tests.fund.dealplay import LATER, DealPlay, another, make_deal_play
from tests.fund.funds import BILLION
from tests.pages import open_page


@pytest.fixture
def play(session: Session) -> DealPlay:
    return make_deal_play(session)


def visitor(client: FlaskClient, play: DealPlay, who: str) -> FlaskClient:
    person = play.session.get_one(Person, play.actors[who].person_id)
    sign_in(client, play.session, person)
    play.session.commit()
    client.set_cookie("language", "en")
    return client


def test_the_board_shows_each_deal_in_its_stage(client: FlaskClient, play: DealPlay) -> None:
    play.until_diligence(8 * BILLION)
    other = another(play.session, play.fund, play.actors)
    other.apply(3 * BILLION)

    page = open_page(visitor(client, play, "case_officer"), "/funds/Q1/deals")

    columns = {one.one("h2").text: one.text for one in page.root.all("section")}
    assert "₫8,000,000,000" in next(text for title, text in columns.items() if "Due diligence" in title)
    assert "₫3,000,000,000" in next(text for title, text in columns.items() if "Sourced" in title)


def test_the_list_is_narrowed_by_its_address_and_goes_on_by_pages(client: FlaskClient, play: DealPlay) -> None:
    play.apply()
    for _ in range(25):
        another(play.session, play.fund, play.actors).apply()
    reader = visitor(client, play, "case_officer")

    first = open_page(reader, "/funds/Q1/deals?view=list")
    second = open_page(reader, first.links["Next page"])
    none = open_page(reader, "/funds/Q1/deals?view=list&stage=screening")

    assert [len(page.root.one("tbody").all("th")) for page in (first, second, none)] == [25, 1, 0]


def test_a_deal_says_what_is_missing_and_what_its_limits_are(client: FlaskClient, play: DealPlay) -> None:
    play.until_diligence(8 * BILLION)

    page = open_page(visitor(client, play, "case_officer"), f"/funds/Q1/deals/{play.application.key}")

    assert "Due diligence is missing: Legal." in page.text
    assert "₫8,000,000,000 ₫200,000,000,000" in page.text


def test_the_votes_stand_on_the_page_with_dissent(client: FlaskClient, play: DealPlay) -> None:
    with as_of(now() - LATER):
        play.until_decision()
    play.vote({"member_1": "against", "state_representative": "for"})

    page = open_page(visitor(client, play, "member_1"), f"/funds/Q1/deals/{play.application.key}")

    assert "2 of 4 voted, 1 in favour" in page.text
    assert "Ý kiến riêng" in page.text


def test_deals_are_not_for_everybody(client: FlaskClient, play: DealPlay) -> None:
    play.apply()
    reader = visitor(client, play, "reviewer_1")

    assert [reader.get(f"/funds/Q1/deals{rest}").status_code for rest in ("", f"/{play.application.key}")] == [403, 403]
    other = make_person(play.session, grants=[{"role": "case_officer", "scope_procedure": "controlled-test"}])
    sign_in(client, play.session, other)
    play.session.commit()
    assert client.get("/funds/Q1/deals").status_code == 404
    assert client.get(f"/funds/Q1/deals/{play.application.key}/decision-file.pdf").status_code == 404


@pytest.fixture
def real_files(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a deal is given is a document that can be read again."""
    blank = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(blank)
    blank.seek(0)
    with app.app_context():
        arrival = receive_file(blank, "ban-goc.pdf", "application/pdf", accept=["pdf"], max_mb=5)
    monkeypatch.setattr(dealplay, "PDF", arrival)


def attachments_of(content: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}


@pytest.mark.usefixtures("real_files")
def test_the_decision_file_carries_every_file_and_its_digest(client: FlaskClient, play: DealPlay) -> None:
    play.until_prepared()
    play.close()

    answer = visitor(client, play, "case_officer").get(f"/funds/Q1/deals/{play.application.key}/decision-file.pdf")

    content = answer.get_data()
    answer.close()
    attached = attachments_of(content)
    sums = dict(line.split("  ")[::-1] for line in attached.pop("SHA256SUMS").decode().splitlines())
    assert {name: hashlib.sha256(content).hexdigest() for name, content in attached.items()} == sums
    assert len(sums) > 8


@pytest.mark.usefixtures("real_files")
def test_a_large_decision_file_is_made_by_a_job_for_who_asked(
    client: FlaskClient, play: DealPlay, monkeypatch: pytest.MonkeyPatch
) -> None:
    play.until_diligence()
    page = f"/funds/Q1/deals/{play.application.key}/decision-file"
    reader = visitor(client, play, "case_officer")
    monkeypatch.setattr(dealexport, "AT_ONCE", 1)

    sent_on = reader.get(f"{page}.pdf")
    assert (sent_on.status_code, sent_on.headers["Location"]) == (303, page)
    reader.post(page)
    reader.post(page)  # asked twice, made once
    asked = play.session.scalars(select(DecisionFile)).one()
    assert "data-reload-while-waiting" in reader.get(page).text
    with reader.application.app_context():
        write_decision_file.work(play.session, file_id=asked.id)
    play.session.commit()

    assert (asked.status, asked.progress, asked.total) == ("ready", asked.total, asked.total)
    answer = reader.get(f"{page}/made.pdf")
    assert len(attachments_of(answer.get_data())) == asked.total + 1
    answer.close()
    assert visitor(client, play, "issuer").get(f"{page}/made.pdf").status_code == 404


def test_the_days_of_the_decision_file_are_those_of_hanoi(app: Flask, play: DealPlay) -> None:
    evening = (now() + timedelta(days=1)).replace(hour=17, minute=30)
    play.until_diligence()
    with as_of(evening):
        play.step("record_diligence", "case_officer", strand="business", finding="clear")
    play.session.commit()
    pipeline = pipeline_of(play.session, "Q1", actor=play.actors["case_officer"])
    found = deal_file(play.session, pipeline, play.application.key)

    with app.test_request_context():
        told = " ".join(said for _, said in _diligence(found, "en"))

    assert day_in_words(evening.date() + timedelta(days=1), "en") in told
    assert day_in_words(evening.date(), "en") not in told


@pytest.mark.parametrize("view", ["board", "list"])
def test_more_deals_cost_no_more_queries(client: FlaskClient, play: DealPlay, view: str) -> None:
    play.apply()
    reader = visitor(client, play, "case_officer")
    address = f"/funds/Q1/deals?view={view}"
    open_page(reader, address)
    one = queries_of(play.session, lambda: reader.get(address))
    for _ in range(2):
        another(play.session, play.fund, play.actors).apply()
    play.session.commit()

    assert queries_of(play.session, lambda: reader.get(address)) == one


def test_a_dossier_leads_staff_to_its_deal(client: FlaskClient, play: DealPlay) -> None:
    play.until_diligence(8 * BILLION)
    officer = visitor(client, play, "case_officer")
    link = f"/deals/{play.application.key}"

    page = officer.get(f"/dossiers/{play.application.key}").text
    led = officer.get(link)

    assert f'href="{link}"' in page
    assert led.headers["Location"] == f"/funds/{play.fund.code}/deals/{play.application.key}"
    applicant = visitor(client, play, "applicant")
    assert link not in applicant.get(f"/dossiers/{play.application.key}").text
    assert applicant.get(link).status_code in (403, 404)

"""Dossiers of older registers afterwards: found and read as what they are, and never changed."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Organisation
from applications.models import CaseWords
from applications.wordindex import keep_words
from tests.accounts.factories import make_organisation, sign_in
from tests.accounts.pages import text_of
from tests.applications.olderbooks import SECOND, SOUND, send, taken_over
from tests.applications.small_pack import World
from tests.foundation.speaking import able_to_word


@pytest.fixture(autouse=True)
def _able(app: Flask) -> Any:
    with able_to_word(app).app_context():
        yield


@pytest.fixture
def officer(client: FlaskClient, world: World) -> FlaskClient:
    world.session.commit()
    sign_in(client, world.session, world.people["intake_officer"])
    return client


def test_an_organisation_finds_its_older_dossier_among_its_own(
    officer: FlaskClient, session: Session, world: World
) -> None:
    organisation = make_organisation(session, tax_code="0101243150")
    session.commit()
    officer.post(send(officer, ["HS-09", "granted", "0101243150", "", "", "", "Xe", ""]).location)

    assert taken_over(session)["HS-09"].organisation_id == organisation.id
    assert session.scalar(select(func.count()).select_from(Organisation)) == 2


def test_an_older_dossier_is_found_and_shown_as_what_it_is(
    officer: FlaskClient, session: Session, world: World
) -> None:
    officer.post(send(officer, SOUND).location)
    keep_words.work(session)
    session.commit()
    key = taken_over(session)["HS-01"].key

    found = officer.get("/search?q=xe+buyt+tu+lai")
    within = officer.get("/search?q=40")
    by_number = officer.get("/search?q=HS-01")
    listed = officer.get("/queue?kind=closed")
    page = text_of(officer.get(f"/dossiers/{key}").text)

    assert session.scalar(select(func.count()).select_from(CaseWords)) == 1
    assert all(key in answer.text for answer in (found, by_number, listed))
    assert "<mark>40</mark>" in within.text
    assert "không do nơi này quyết định" in page
    assert "Sổ cũ 2024" in page
    assert "https://cu.example/1" in page


def test_a_dossier_taken_over_never_came_in_here(officer: FlaskClient, session: Session, world: World) -> None:
    """The channel is no choice of who registers a dossier."""
    page = officer.get("/register")
    assert not re.search(r'value="older_register"', page.text)


def test_no_page_of_a_dossier_stumbles_over_one_that_was_taken_over(
    app: Flask, officer: FlaskClient, session: Session, world: World
) -> None:
    officer.post(send(officer, SOUND, SECOND).location)
    taken = taken_over(session)
    rules = [rule for rule in app.url_map.iter_rules() if rule.arguments == {"key"} and "GET" in (rule.methods or ())]
    pages = [rule.rule.replace("<key>", case.key) for rule in rules for case in taken.values()]

    found = {page: officer.get(page).status_code for page in pages}

    assert len(pages) > 20
    assert {page: status for page, status in found.items() if status >= 500} == {}
    assert found[f"/dossiers/{taken['HS-02'].key}"] == 200


def test_the_organisation_reads_its_older_dossier_and_changes_nothing(
    client: FlaskClient, session: Session, world: World
) -> None:
    world.organisation.tax_code = "0101243150"
    session.commit()
    sign_in(client, session, world.people["intake_officer"])
    client.post(send(client, ["HS-09", "granted", "0101243150", "", "", "", "Xe", ""]).location)
    key = taken_over(session)["HS-09"].key
    sign_in(client, session, world.people["applicant"])

    desk, dossier = client.get("/desk"), client.get(f"/dossiers/{key}")
    drafting = [client.get(f"/dossiers/{key}/{page}").status_code for page in ("draft", "documents", "check")]

    assert key in desk.text
    assert "không do nơi này quyết định" in text_of(dossier.text)
    assert "/draft" not in dossier.text
    assert drafting == [404, 404, 404]

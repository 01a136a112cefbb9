"""Language and theme: chosen by a form, kept, and shown on the page it was chosen on."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from accounts.models import Person
from tests.accounts.factories import sign_in
from tests.pages import open_page

HEADINGS = {"vi": "Tính thời hạn", "en": "Deadline calculator", "fr": "Calcul des délais"}


@pytest.mark.parametrize("language", HEADINGS)
def test_the_public_keeps_its_language_in_the_browser(client: FlaskClient, language: str) -> None:
    answer = client.post("/language", data={"language": language, "next": "/calendar?start=2026-07-01"})

    assert (answer.status_code, answer.location) == (303, "/calendar?start=2026-07-01")
    page = open_page(client, "/calendar")
    assert (page.heading, page.root.one("html").attributes["lang"]) == (HEADINGS[language], language)


def test_without_a_choice_pages_speak_vietnamese(client: FlaskClient) -> None:
    answer = client.get("/calendar", headers={"Accept-Language": "fr"})

    assert HEADINGS["vi"] in answer.text


def test_whoever_is_signed_in_finds_the_language_on_every_device(
    client: FlaskClient, session: Session, lan: Person
) -> None:
    sign_in(client, session, lan)

    client.post("/language", data={"language": "fr", "next": "/calendar"})

    session.expire_all()
    assert session.get_one(Person, lan.id).language == "fr"
    elsewhere = client.application.test_client()
    sign_in(elsewhere, session, lan)
    assert open_page(elsewhere, "/calendar").heading == HEADINGS["fr"]


def test_the_language_chosen_before_signing_in_stays(client: FlaskClient, session: Session, lan: Person) -> None:
    client.post("/language", data={"language": "fr", "next": "/"})
    sign_in(client, session, lan)

    assert open_page(client, "/calendar").heading == HEADINGS["fr"]


def test_a_language_saved_in_the_profile_goes_before_an_earlier_choice(
    client: FlaskClient, session: Session, lan: Person
) -> None:
    client.post("/language", data={"language": "fr", "next": "/"})
    sign_in(client, session, lan)

    saved = open_page(client, "/account").form().send(client, language="en")

    assert saved.status_code == 303
    assert open_page(client, "/calendar").heading == HEADINGS["en"]


@pytest.mark.parametrize("language", ["", "de", "../vi", "VI"])
def test_other_languages_are_refused(client: FlaskClient, language: str) -> None:
    answer = client.post("/language", data={"language": language})

    assert answer.status_code == 422
    assert client.get_cookie("language") is None


@pytest.mark.parametrize(("theme", "kept"), [("dark", "dark"), ("light", "light")])
def test_the_theme_is_kept(client: FlaskClient, theme: str, kept: str) -> None:
    before = open_page(client, "/").root.one("html").attributes
    answer = client.post("/theme", data={"theme": theme, "next": "/calendar"})

    assert "data-bs-theme" not in before
    assert (answer.status_code, answer.location) == (303, "/calendar")
    assert open_page(client, "/").root.one("html").attributes["data-bs-theme"] == kept


def test_a_forged_theme_is_neither_kept_nor_shown(client: FlaskClient) -> None:
    answer = client.post("/theme", data={"theme": '"><script>'})
    client.set_cookie("theme", "purple")

    assert answer.status_code == 422
    assert "data-bs-theme" not in open_page(client, "/").root.one("html").attributes


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "/nowhere", "/sign-out", "calendar", ""]
)
def test_a_choice_never_leads_off_our_pages(client: FlaskClient, address: str) -> None:
    answer = client.post("/theme", data={"theme": "dark", "next": address})

    assert (answer.status_code, answer.location) == (303, "/")

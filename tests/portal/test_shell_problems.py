"""How the product says no: a page in the reader's language, a problem document for programs."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from applications.engine import fire
from applications.models import Application
from tests.accounts.factories import actor_for, make_person, sign_in
from tests.applications.programs import Program, program_of
from tests.applications.small_pack import World
from tests.applications.visits import accepted
from tests.pages import Page

NOT_FOUND = {"vi": "Không tìm thấy trang", "en": "Page not found", "fr": "Page introuvable"}
FOUR_EYES = "You prepared this decision, so somebody else must issue it."


@pytest.mark.parametrize("number", [2**63 - 1, 2**63, 10**30])
def test_a_number_that_no_row_can_have_is_an_unknown_address(
    client: FlaskClient, session: Session, number: int
) -> None:
    sign_in(client, session, make_person(session, grants=["administrator"]))

    assert client.get(f"/admin/people/{number}").status_code == 404
    assert client.get(f"/dossiers/TN-XXXX-XXXX/documents/{number}").status_code == 404


@pytest.mark.parametrize("language", NOT_FOUND)
def test_an_unknown_address_is_told_in_the_readers_language(client: FlaskClient, language: str) -> None:
    client.set_cookie("language", language)

    answer = client.get("/nowhere/at/all")

    page = Page(answer)
    assert (page.status, page.heading) == (404, NOT_FOUND[language])
    assert page.root.one("html").attributes["lang"] == language


def test_part_of_a_page_gets_the_message_alone(client: FlaskClient) -> None:
    answer = client.get("/nowhere", headers={"HX-Request": "true", "HX-Request-Type": "partial"})

    assert answer.status_code == 404
    assert NOT_FOUND["vi"] in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize("language", NOT_FOUND)
def test_a_program_gets_a_problem_document(app: Flask, client: FlaskClient, language: str) -> None:
    answer = client.get("/api/v1/nowhere", headers={"Accept-Language": language})

    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.json is not None
    assert answer.json["title"] == NOT_FOUND[language]
    assert (answer.json["status"], answer.json["code"]) == (404, "not_found")
    assert answer.json["type"] == "urn:khuevan:problem:not_found"
    assert answer.json["instance"].replace("-", "").endswith(answer.headers["X-Request-ID"])


@pytest.mark.parametrize(
    ("address", "status"),
    [("/dossiers/%00", 400), ("/queue?q=%00a", 400), ("/tests?q=%00", 200), ("/parks/%00", 400)],
    ids=["path", "query", "query that keeps letters alone", "path of a park"],
)
def test_what_no_text_can_hold_is_no_fault_of_ours(
    client: FlaskClient, session: Session, address: str, status: int
) -> None:
    sign_in(client, session, make_person(session, grants=["intake_officer"]))
    session.commit()

    assert client.get(address).status_code == status


def test_a_sign_in_that_no_text_can_hold_is_no_fault_of_ours(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"email": "a\x00@b.example", "password": "x\x00"})

    assert answer.status_code == 400


def test_the_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    page, program = client.post("/calendar"), client.delete("/api/v1/me")

    assert (page.status_code, program.status_code) == (405, 405)
    assert "GET" in page.headers["Allow"]
    assert "GET" in program.headers["Allow"]
    assert program.content_type == "application/problem+json"


def test_the_public_is_sent_to_sign_in_and_back(client: FlaskClient) -> None:
    answer = client.get("/queue?late=late")

    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/queue?late%3Dlate")


@pytest.fixture
def proposed(world: World) -> Application:
    """A decision, waiting to be issued by somebody other than its author."""
    application = accepted(world)
    author = make_person(world.session, grants=["decision_drafter", "issuer"], language="en")
    actor = actor_for(world.session, author)
    fire(world.session, application, "draft_decision", actor=actor, data={"outcome": "permit"})
    world.session.commit()
    world.people["author"] = author  # type: ignore[index]  # a plain dict
    return application


def test_the_author_of_a_decision_is_told_why_another_must_issue_it(
    world: World, client: FlaskClient, proposed: Application
) -> None:
    sign_in(client, world.session, world.people["author"])

    shown = client.get(f"/dossiers/{proposed.key}/steps/issue")
    made = client.post(f"/dossiers/{proposed.key}/steps/issue", data={"revision": str(proposed.revision)})

    assert (shown.status_code, made.status_code) == (403, 403)
    assert FOUR_EYES in shown.text
    assert FOUR_EYES in made.text


def test_a_program_of_the_author_is_told_why_too(app: Flask, world: World, proposed: Application) -> None:
    program: Program = program_of(app, world.session, actor_for(world.session, world.people["author"]))

    answer = program.post(
        f"/applications/{proposed.key}/steps/issue",
        {},
        headers={"If-Match": f'"{proposed.revision}"', "Accept-Language": "en"},
    )

    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["reasons"] == [{"code": "four_eyes", "detail": FOUR_EYES, "facts": {}}]

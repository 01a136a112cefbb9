"""The reference page of the API, made from its document, for people."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.api import document_of
from portal.apireference import reference_of
from tests.accounts.factories import make_person, sign_in

TITLES = {
    "vi": "API cho nhà phát triển",
    "en": "For programs: the API",
    "fr": "Pour les programmes\N{NO-BREAK SPACE}: l’API",
}


def test_every_operation_and_shape_is_on_the_page(app: Flask, client: FlaskClient) -> None:
    document = document_of(app)

    page = client.get("/api/v1/").text

    for path, item in document["paths"].items():
        assert f"<code>{path}</code>" in page
        for operation in item.values():
            if isinstance(operation, dict):
                assert f'id="{operation["operationId"]}"' in page
    for name in document["components"]["schemas"]:
        assert f'id="shape-{name}"' in page


@pytest.mark.parametrize("language", TITLES)
def test_it_speaks_the_language_that_the_reader_chose(client: FlaskClient, language: str) -> None:
    client.set_cookie("language", language)

    page = client.get("/api/v1/", headers={"Accept-Language": "de"}).text

    assert f"<h1>{TITLES[language]}</h1>" in page


def test_whoever_is_signed_in_stays_so_here(client: FlaskClient, session: Session) -> None:
    person = make_person(session)
    sign_in(client, session, person)

    assert person.email in client.get("/api/v1/").text


def test_it_is_a_page_not_an_answer_to_programs(client: FlaskClient) -> None:
    answer = client.get("/api/v1/")

    assert answer.mimetype == "text/html"
    assert "RateLimit-Limit" not in answer.headers
    assert client.get("/api/v1").status_code == 308


def test_what_an_answer_holds_is_told_by_its_shape(app: Flask) -> None:
    reference = reference_of(document_of(app))
    operations = {operation.name: operation for chapter in reference.chapters for operation in chapter.operations}

    due = operations["read_due_date"]
    assert [(entry.name, entry.is_required) for entry in due.parameters] == [
        ("code", True),
        ("start", True),
        ("working_days", True),
    ]
    assert [(answer.status, answer.shape) for answer in due.answers] == [
        (200, "DueDate"),
        (404, "Problem"),
        (422, "Problem"),
        (429, "Problem"),
    ]
    assert operations["create_document"].body_type == "multipart/form-data"

"""Checking a letter by its code: what anybody learns, what nobody learns, and how often one may ask."""

import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.letterfiles import letter_file
from applications.models import Letter
from applications.queries.letters import plain_code
from applications.web import verification
from foundation.database import db
from tests.applications.letter_facts import some_facts
from tests.applications.test_letterfiles import CODE, SITE
from tests.pages import open_page
from tests.sandbox.play import make_play, until_accepted


@pytest.fixture
def letter(session: Session) -> Letter:
    """The receipt of a controlled test."""
    play = make_play(session)
    until_accepted(play, title="Giao thuốc bằng thiết bị bay")
    found = session.scalars(select(Letter).where(Letter.letter == "form_01")).one()
    session.commit()
    return found


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", "Văn bản này do hệ thống phát hành"),
        ("en", "This letter was issued here"),
        ("fr", "Ce document a bien été émis ici"),
    ],
)
def test_anybody_learns_number_date_body_status_and_digest(
    client: FlaskClient, letter: Letter, language: str, words: str
) -> None:
    client.set_cookie("language", language)

    page = client.get(f"/verify/{letter.code}").text

    assert words in page
    assert letter.number in page
    assert letter.facts["unit"][language] in page
    assert re.search(r"[0-9a-f]{64}", page)


def test_nobody_learns_who_or_what_it_is_about(client: FlaskClient, letter: Letter) -> None:
    page = client.get(f"/verify/{letter.code}").text

    facts = letter.facts
    for told in (facts["title"], facts["organisation"]["vi"], facts["officer"], facts["key"]):
        assert told
        assert told not in page


def test_a_code_is_read_however_it_is_typed(client: FlaskClient, letter: Letter) -> None:
    typed = letter.code.replace("-", " ").lower()

    answer = client.get("/verify", query_string={"code": typed})

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/verify/{letter.code}")
    assert plain_code("k7m3q 9pdwx-ab2cdefg3h") == CODE


def test_an_unknown_code_says_so_and_lets_one_try_again(client: FlaskClient, letter: Letter) -> None:
    answer = client.get("/verify/AAAAA-AAAAA-AAAAA-AAAAA")

    assert answer.status_code == 404
    assert 'name="code"' in answer.text
    assert 'role="alert"' in answer.text


def test_comparing_tells_the_issued_file_from_a_changed_one(client: FlaskClient, letter: Letter) -> None:
    with client.application.app_context():
        content = letter_file(db.engine, letter, "en", site=SITE)
    client.set_cookie("language", "en")

    same = client.post(f"/verify/{letter.code}", data={"file": (io.BytesIO(content), "a.pdf")})
    other = client.post(f"/verify/{letter.code}", data={"file": (io.BytesIO(content + b" "), "a.pdf")})
    none = client.post(f"/verify/{letter.code}", data={})

    assert "Yes. Your file is the issued letter" in same.text
    assert "No. Your file is not the issued letter" in other.text
    assert "Choose the file first." in none.text


def test_a_later_letter_of_the_kind_is_told(client: FlaskClient, session: Session, letter: Letter) -> None:
    later = Letter(
        case_id=letter.case_id,
        event_id=letter.event_id,
        letter="form_01",
        number="0008/TNHS",
        code=CODE,
        template=letter.template,
        facts=some_facts(),
    )
    session.add(later)
    session.commit()
    client.set_cookie("language", "en")

    assert "0008/TNHS" in client.get(f"/verify/{letter.code}").text
    assert "In effect" in client.get(f"/verify/{CODE}").text


def test_guessing_is_slowed_down(client: FlaskClient, letter: Letter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "CHECKS_PER_MINUTE", 2)

    statuses = [client.get("/verify/AAAAA-AAAAA-AAAAA-AAAAA").status_code for _ in range(3)]

    assert statuses == [404, 404, 429]
    assert open_page(client, "/verify")

"""The check before the form: where answers lead, what the address holds, what a draft begins with."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.models import Application
from applications.packs.catalogue import publish
from applications.packs.checking import pack_faults
from applications.packs.reading import PackError, read_pack
from applications.precheck import verdict_of
from applications.web import precheck
from foundation.actors import SYSTEM
from tests.accounts.factories import sign_in
from tests.applications.small_pack import World, make_world, words
from tests.applications.test_letters import text_of
from tests.applications.wide_pack import wide_pack
from tests.pages import Page, follow, open_page

QUESTIONS: list[dict[str, Any]] = [
    {"asks": "level"},
    {"asks": "kinds"},
    {
        "key": "why_not",
        "type": "yes_no",
        "required": True,
        "label": words("Vì sao"),
        "when": {"field": "level", "is": "high"},
    },
]
OUTCOMES: list[dict[str, Any]] = [
    {
        "key": "ministry",
        "kind": "elsewhere",
        "when": {"field": "why_not", "is": True},
        "authority": words("Bộ Thử nghiệm"),
        "title": words("Nơi khác"),
        "text": words("Hãy đến nơi khác"),
        "source": "law",
    },
    {
        "key": "talk",
        "kind": "talk",
        "when": {"field": "kinds", "has": "x"},
        "title": words("Trao đổi"),
        "text": words("Trao đổi trước"),
        "source": "law",
    },
    {"key": "yes", "kind": "go_on", "title": words("Đúng nơi"), "text": words("Tiếp tục"), "source": "law"},
]


def checked_pack(**changes: Any) -> dict[str, Any]:
    return wide_pack(precheck={"questions": QUESTIONS, "outcomes": OUTCOMES, **changes})


@pytest.fixture
def world(session: Session) -> World:
    world = make_world(session)
    publish(session, checked_pack(), actor=SYSTEM)
    for person in world.people.values():
        person.language = "en"
    session.commit()
    return world


def answer(client: FlaskClient, query: str) -> Page:
    return Page(client.get(f"/procedures/wide-test/precheck/answer?{query}", follow_redirects=True))


@pytest.mark.parametrize(
    ("query", "heading"),
    [
        ("level=low", "Đúng nơi"),
        ("level=low&kinds=x", "Trao đổi"),
        ("level=high&why_not=no", "Đúng nơi"),
        ("level=high&why_not=yes&kinds=x", "Nơi khác"),
        ("level=low&why_not=yes", "Đúng nơi"),
    ],
)
def test_answers_in_the_address_lead_to_an_outcome_without_an_account(
    client: FlaskClient, world: World, query: str, heading: str
) -> None:
    page = answer(client, query)

    assert page.status == 200
    assert heading in page.heading


def test_the_strongest_outcome_is_told_first_with_its_authority_and_source_and_the_others_below(
    client: FlaskClient, world: World
) -> None:
    page = answer(client, "level=high&why_not=yes&kinds=x")

    assert "Bộ Thử nghiệm" in page.text
    assert "Trao đổi trước" in page.text
    assert "Legal basis" in page.text or "Căn cứ" in page.text


@pytest.mark.parametrize(
    ("language", "kind"), [("vi", "cơ quan khác"), ("en", "Another authority"), ("fr", "Une autre autorité")]
)
def test_the_answer_is_printed_in_the_readers_language(
    client: FlaskClient, world: World, language: str, kind: str
) -> None:
    client.set_cookie("language", language)

    sheet = client.get("/procedures/wide-test/precheck/answer.pdf?level=high&why_not=yes&kinds=x")

    text = text_of(sheet.data)
    assert all(words in text for words in (kind, "Bộ Thử nghiệm", "Trao đổi trước", "level=high"))
    assert client.get("/procedures/wide-test/precheck/answer.pdf?level=high").status_code == 404


def test_printing_without_end_is_refused_for_a_while(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precheck, "SHEETS_PER_MINUTE", 2)
    address = "/procedures/wide-test/precheck/answer.pdf?level=low"

    answers = [client.get(address, environ_base={"REMOTE_ADDR": "203.0.113.77"}).status_code for _ in range(3)]

    assert answers == [200, 200, 429]


@pytest.mark.parametrize("query", ["level=nonsense", "level=high"])
def test_open_and_unsound_answers_lead_back_to_the_questions(client: FlaskClient, world: World, query: str) -> None:
    page = answer(client, query)

    assert page.address == "/procedures/wide-test/precheck"
    assert page.errors


def test_the_questions_show_what_was_answered_so_that_it_can_be_changed(client: FlaskClient, world: World) -> None:
    page = open_page(client, "/procedures/wide-test/precheck?level=high&kinds=y")

    chosen = [node.attributes["value"] for node in page.root.all("input") if "checked" in node.attributes]
    assert chosen == ["high", "y"]
    assert not page.errors


def test_a_draft_begins_with_the_answers_that_the_form_asks_too(
    client: FlaskClient, session: Session, world: World
) -> None:
    sign_in(client, session, world.people["applicant"])
    page = answer(client, "level=high&why_not=no&kinds=y")

    follow(client, page.form_to("/start").send(client))

    draft = session.scalars(select(Application).order_by(Application.id.desc())).first()
    assert draft is not None
    assert draft.answers == {"level": "high", "kinds": ["y"]}
    assert draft.edits["level"]["person"] == world.people["applicant"].id


def test_an_outcome_elsewhere_offers_no_beginning(client: FlaskClient, session: Session, world: World) -> None:
    sign_in(client, session, world.people["applicant"])

    page = answer(client, "level=high&why_not=yes")

    assert not [form for form in page.root.all("form") if form.attributes.get("action", "").endswith("/start")]


def test_signing_in_leads_back_to_the_answer(client: FlaskClient, world: World) -> None:
    page = answer(client, "level=low")

    (link,) = [address for address in page.links.values() if "sign-in" in address and "precheck" in address]
    assert "level%3Dlow" in link


def test_a_procedure_without_the_check_has_no_page_for_it(client: FlaskClient, world: World) -> None:
    assert client.get("/procedures/small-test/precheck").status_code == 404
    assert client.get("/procedures/unknown/precheck/answer").status_code == 404


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"outcomes": OUTCOMES[:2]}, "the last is 'go_on'"),
        ({"outcomes": [{**OUTCOMES[0], "source": "internal"}, OUTCOMES[2]]}, "needs a legal source"),
        ({"outcomes": [{k: v for k, v in OUTCOMES[0].items() if k != "authority"}, OUTCOMES[2]]}, "needs one"),
        ({"questions": [{"asks": "level"}, {"asks": "kinds"}]}, "no field 'why_not'"),
        ({"questions": [QUESTIONS[2], *QUESTIONS[:2]]}, "reads a question that is asked later"),
        ({"questions": [*QUESTIONS, {"key": "text", "type": "text", "label": words("Chữ")}]}, "a text cannot be asked"),
        ({"questions": [*QUESTIONS, {"key": "ward", "type": "ward", "label": words("Xã")}]}, "say 'asks'"),
    ],
)
def test_a_check_that_makes_no_sense_is_refused(app: Any, changes: dict[str, Any], fault: str) -> None:
    assert any(fault in found for found in pack_faults(read_pack(checked_pack(**changes))))


def test_a_question_that_the_form_lacks_cannot_be_taken_over() -> None:
    with pytest.raises(PackError, match="no question 'nowhere'"):
        read_pack(checked_pack(questions=[{"asks": "nowhere"}]))


def test_notes_stand_beside_whatever_is_told_first() -> None:
    note = {**OUTCOMES[1], "key": "note", "kind": "note"}
    pack = read_pack(checked_pack(outcomes=[note, OUTCOMES[2]]))
    assert pack.precheck is not None

    verdict = verdict_of(pack.precheck, {"kinds": ["x"]})

    assert (verdict.first.key, [one.key for one in verdict.notes]) == ("yes", ["note"])

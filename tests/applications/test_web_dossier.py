"""The dossier page over HTTP: who sees what, what is offered, revealed, written and previewed."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.actors import actor_of_person
from applications.engine import fire
from applications.models import Message
from applications.operations.reviews import Score, save_review, submit_review
from foundation.audit import AuditEntry
from foundation.database import as_of, now
from foundation.workdays import local_date
from tests.accounts.factories import make_organisation, make_person, make_unit
from tests.applications.small_pack import World
from tests.applications.visits import (
    accepted,
    asked_reviewer,
    queries_of,
    submitted,
    text_of,
    visiting,
    with_document,
)

PNG = b"\x89PNG\r\n\x1a\n"


def views(session: Session) -> int:
    query = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "foundation:field:reveal")
    return session.scalar(query) or 0


@pytest.mark.parametrize("who", ["applicant", "case_officer", "auditor", "administrator", "reviewer"])
def test_everybody_concerned_reads_the_dossier(world: World, client: FlaskClient, who: str) -> None:
    application = accepted(world)
    person = asked_reviewer(world, application)[0] if who == "reviewer" else world.people[who]

    page = text_of(visiting(world, client, person).get(f"/dossiers/{application.key}").text)

    assert application.code is not None
    for words in (application.code, "Máy bay giao hàng", world.organisation.name_vi):
        assert words in page


def test_strangers_get_the_same_page_as_for_a_dossier_that_is_not_there(world: World, client: FlaskClient) -> None:
    application = accepted(world)
    stranger = make_person(world.session, organisation=make_organisation(world.session))
    elsewhere = make_person(world.session, grants=[{"role": "issuer", "scope_unit_id": make_unit(world.session).id}])
    undeclared, _ = asked_reviewer(world, application, declared=False)

    for person in (stranger, elsewhere, undeclared):
        visit = visiting(world, client, person)
        assert visit.get(f"/dossiers/{application.key}").status_code == 404
        assert visit.get("/dossiers/ST-NOTHING").status_code == 404


def test_the_applicant_reads_the_public_words_of_the_state(world: World, client: FlaskClient) -> None:
    application = accepted(world)

    assert visiting(world, client, "applicant").get(f"/dossiers/{application.key}").status_code == 200


def test_what_can_be_done_is_a_button_and_what_cannot_says_why(world: World, client: FlaskClient) -> None:
    application = world.draft(name=None)
    world.session.commit()

    page = visiting(world, client, "applicant").get(f"/dossiers/{application.key}")

    assert "disabled" in page.text
    assert f"/dossiers/{application.key}/steps/submit" not in page.text
    assert "1 answers are missing or need correction." in text_of(page.text) or "1 câu" in text_of(page.text)


def test_protected_answers_stay_masked_and_reading_writes_nothing(
    world: World, client: FlaskClient, session: Session
) -> None:
    application = accepted(world, phone="0912345678")

    for who in ("applicant", "case_officer", "auditor"):
        page = visiting(world, client, who).get(f"/dossiers/{application.key}")
        assert "0912345678" not in page.text

    assert views(session) == 0


@pytest.mark.parametrize("who", ["applicant", "case_officer", "auditor"])
def test_revealing_shows_the_answer_once_and_is_recorded(
    world: World, client: FlaskClient, session: Session, who: str
) -> None:
    application = accepted(world, phone="0912345678")
    visit = visiting(world, client, who)

    answer = visit.post(f"/dossiers/{application.key}/reveal", data={"field": "phone"})
    shown = visit.get(answer.location)
    reloaded = visit.get(answer.location)

    assert answer.status_code == 303
    assert "0912345678" in shown.text
    assert "0912345678" not in reloaded.text
    assert views(session) == 1


def test_what_was_revealed_is_shown_to_nobody_else_and_not_later(
    world: World, client: FlaskClient, session: Session
) -> None:
    application = accepted(world, phone="0912345678")
    address = f"/dossiers/{application.key}"

    visiting(world, client, "case_officer").post(f"{address}/reveal", data={"field": "phone"})
    to_another = visiting(world, client, "auditor").get(address)
    visiting(world, client, "case_officer").post(f"{address}/reveal", data={"field": "phone"})
    with as_of(now() + timedelta(minutes=2)):
        later = client.get(address)

    assert "0912345678" not in to_another.text + later.text


def test_reviewers_and_administrators_reveal_nothing(world: World, client: FlaskClient, session: Session) -> None:
    application = accepted(world, phone="0912345678")
    reviewer, _ = asked_reviewer(world, application)

    for person in (reviewer, world.people["administrator"]):
        answer = visiting(world, client, person).post(f"/dossiers/{application.key}/reveal", data={"field": "phone"})
        assert answer.status_code == 403
        assert "0912345678" not in answer.text

    assert views(session) == 0


@pytest.mark.parametrize("field", ["name", "nothing", ""])
def test_only_protected_answers_can_be_revealed(world: World, client: FlaskClient, field: str) -> None:
    application = accepted(world)

    answer = visiting(world, client, "auditor").post(f"/dossiers/{application.key}/reveal", data={"field": field})

    assert answer.status_code == 404


def test_a_reviewer_is_led_to_the_review_that_is_owed(world: World, client: FlaskClient) -> None:
    application = accepted(world)
    reviewer, assignment = asked_reviewer(world, application)

    page = visiting(world, client, reviewer).get(f"/dossiers/{application.key}").text

    assert f'href="/reviews/{assignment.id}"' in page


def test_while_the_applicant_is_asked_the_page_says_until_when(world: World, client: FlaskClient) -> None:
    application = submitted(world)
    officer = world.officer("intake_officer")
    fire(world.session, application, "request_supplement", actor=officer, data={"missing": "Kế hoạch"})
    world.session.commit()
    due = local_date(now() + timedelta(days=10)).strftime("%d/%m/%Y")

    for who in ("applicant", "case_officer"):
        page = visiting(world, client, who).get(f"/dossiers/{application.key}").text
        assert due in text_of(page.split('class="facts card"')[1].split("</dl>")[0])
    assert "/reviewers" not in page


def test_scores_of_others_do_not_leak_into_the_page(world: World, client: FlaskClient) -> None:
    application = accepted(world)
    _, first = asked_reviewer(world, application)
    second, _ = asked_reviewer(world, application)
    secret = {"novel": Score(1, "Nhận xét kín"), "safe": Score(1, "Nhận xét kín")}
    reviewer = actor_of_person(world.session, first.reviewer_id)
    save_review(world.session, first, secret, actor=reviewer)
    unsubmitted = visiting(world, client, "case_officer").get(f"/dossiers/{application.key}").text
    submit_review(world.session, first, actor=reviewer)
    world.session.commit()

    assert "Nhận xét kín" not in unsubmitted
    assert "Nhận xét kín" in visiting(world, client, "case_officer").get(f"/dossiers/{application.key}").text
    for person in (second, world.people["applicant"]):
        assert "Nhận xét kín" not in visiting(world, client, person).get(f"/dossiers/{application.key}").text


def test_messages_go_to_the_other_side(world: World, client: FlaskClient, session: Session) -> None:
    application = accepted(world)

    answer = visiting(world, client, "applicant").post(
        f"/dossiers/{application.key}/messages", data={"text": "Xin hỏi tiến độ"}
    )

    assert answer.status_code == 303
    assert session.scalar(select(Message.text)) == "Xin hỏi tiến độ"
    assert "Xin hỏi tiến độ" in visiting(world, client, "case_officer").get(f"/dossiers/{application.key}").text


def test_an_empty_message_is_refused_beside_its_field(world: World, client: FlaskClient) -> None:
    application = accepted(world)

    answer = visiting(world, client, "applicant").post(f"/dossiers/{application.key}/messages", data={"text": " "})

    assert answer.status_code == 422
    assert 'id="text-error"' in answer.text


def test_what_is_typed_never_becomes_markup(world: World, client: FlaskClient) -> None:
    application = accepted(world, name="<script>alert(1)</script>")

    page = visiting(world, client, "case_officer").get(f"/dossiers/{application.key}").text

    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;" in page


def test_documents_are_kept_not_opened(world: World, client: FlaskClient) -> None:
    application = submitted(world)
    document = with_document(world, client.application, application)

    answer = visiting(world, client, "auditor").get(f"/dossiers/{application.key}/documents/{document.id}")

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.data.startswith(b"%PDF")


def test_pages_are_shown_as_pictures_and_cached_by_their_content(world: World, client: FlaskClient) -> None:
    application = submitted(world)
    document = with_document(world, client.application, application, pages=2)
    visit = visiting(world, client, "auditor")
    address = f"/dossiers/{application.key}/documents/{document.id}/pages/2.png"

    shown = visit.get(address)
    again = visit.get(address, headers={"If-None-Match": shown.headers["ETag"]})

    assert (shown.status_code, shown.mimetype, shown.data[:8]) == (200, "image/png", PNG)
    assert (again.status_code, again.data) == (304, b"")
    assert visit.get(address.replace("2.png", "3.png")).status_code == 404
    assert visit.get(address + "?width=99999").status_code == 404
    assert visit.get(address.rpartition("/")[0]).text.count('class="sheet"') == 2


def test_previews_are_for_those_who_may_see_the_dossier(world: World, client: FlaskClient) -> None:
    application = submitted(world)
    document = with_document(world, client.application, application)
    stranger = make_person(world.session, organisation=make_organisation(world.session))
    shown = visiting(world, client, "auditor").get(f"/dossiers/{application.key}/documents/{document.id}/pages/1.png")
    visit = visiting(world, client, stranger)

    for tail in ("", "/pages", "/pages/1.png"):
        address = f"/dossiers/{application.key}/documents/{document.id}{tail}"
        assert visit.get(address, headers={"If-None-Match": shown.headers["ETag"]}).status_code == 404


def test_a_document_of_another_dossier_is_not_reached_through_ones_own(world: World, client: FlaskClient) -> None:
    own, other = accepted(world), submitted(world)
    other.organisation_id = make_organisation(world.session).id
    document = with_document(world, client.application, other)

    visit = visiting(world, client, "applicant")

    assert visit.get(f"/dossiers/{own.key}/documents/{document.id}").status_code == 404


def test_the_clocks_are_told_in_words(world: World, client: FlaskClient) -> None:
    application = accepted(world)
    fire(world.session, application, "hold", actor=world.officer("case_officer"))
    world.session.commit()

    page = text_of(visiting(world, client, "applicant").get(f"/dossiers/{application.key}").text)

    for words in ("Processing", "hold", world.people["case_officer"].full_name, "A law"):
        assert words in page


def test_the_page_costs_the_same_for_one_and_three_of_everything(
    world: World, client: FlaskClient, session: Session
) -> None:
    application = accepted(world)
    _more(world, application, times=1)
    visit = visiting(world, client, "auditor")

    one = queries_of(session, lambda: visit.get(f"/dossiers/{application.key}"))
    _more(world, application, times=2)
    three = queries_of(session, lambda: visit.get(f"/dossiers/{application.key}"))

    assert one == three


def _more(world: World, application: object, *, times: int) -> None:
    for _ in range(times):
        asked_reviewer(world, application)
        fire(world.session, application, "hold", actor=world.officer("case_officer"))
        fire(world.session, application, "go_on", actor=world.officer("case_officer"))
    world.session.commit()

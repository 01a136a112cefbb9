"""Deciding a controlled test over HTTP: the signed original comes with the step, letters go to those concerned."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from applications.models import Decision, Document, Letter
from foundation.database import now
from foundation.workdays import local_date
from tests.accounts.factories import make_organisation, make_person, sign_in
from tests.applications.answering import complete
from tests.applications.visits import pdf
from tests.sandbox.play import Play, until_accepted, until_proposed

NUMBER = "4321/QĐ-UBND"


def visiting(play: Play, client: FlaskClient, who: str) -> FlaskClient:
    sign_in(client, play.session, play.session.get_one(Person, play.actors[who].person_id))
    return client


def page_of(play: Play, tail: str) -> str:
    return f"/dossiers/{play.application.key}{tail}"


def refusal_form(play: Play, **changes: Any) -> dict[str, Any]:
    """What the form of a refusal sends when everything is answered."""
    asks = play.pack.step_by_key["issue_refusal"].asks
    texts = {key: value for key, value in complete(asks, {}).items() if isinstance(value, str)}
    day = local_date(now()).isoformat()
    form = {
        "revision": str(play.application.revision),
        "confirmed": "yes",
        **texts,
        "number": NUMBER,
        "decided_on": day,
    }
    return form | {"signed_original-upload": (io.BytesIO(pdf()), "quyet-dinh.pdf", "application/pdf")} | changes


def documents(session: Session) -> list[str]:
    return list(session.scalars(select(Document.filename).where(Document.slot == "step").order_by(Document.id)))


def test_the_signed_original_comes_with_the_step(play: Play, client: FlaskClient, session: Session) -> None:
    until_proposed(play, "refuse")
    session.commit()

    answer = visiting(play, client, "issuer").post(page_of(play, "/steps/issue_refusal"), data=refusal_form(play))
    session.expire_all()

    assert answer.status_code == 303
    decision = session.scalars(select(Decision)).one()
    assert (decision.number, decision.outcome) == (NUMBER, "refused")
    original = visiting(play, client, "applicant").get(page_of(play, f"/documents/{decision.document_id}"))
    assert original.data.startswith(b"%PDF")


def test_a_file_is_sent_once_even_when_the_rest_needs_correction(
    play: Play, client: FlaskClient, session: Session
) -> None:
    until_proposed(play, "refuse")
    session.commit()
    visit = visiting(play, client, "issuer")

    first = visit.post(page_of(play, "/steps/issue_refusal"), data=refusal_form(play, number="không số"))
    kept = first.text.split('name="signed_original" value="')[1].split('"')[0]
    form = refusal_form(play, signed_original=kept)
    del form["signed_original-upload"]
    second = visit.post(page_of(play, "/steps/issue_refusal"), data=form)
    session.expire_all()

    assert (first.status_code, second.status_code) == (422, 303)
    assert documents(session) == ["ban-goc.pdf", "quyet-dinh.pdf"]
    assert session.scalars(select(Decision)).one().document_id == int(kept)


def test_a_file_of_another_kind_is_refused_beside_its_question(
    play: Play, client: FlaskClient, session: Session
) -> None:
    until_proposed(play, "refuse")
    session.commit()
    upload = (io.BytesIO(b"MZ not a document"), "quyet-dinh.pdf", "application/pdf")

    answer = visiting(play, client, "issuer").post(
        page_of(play, "/steps/issue_refusal"), data=refusal_form(play, **{"signed_original-upload": upload})
    )

    assert answer.status_code == 422
    assert 'href="#signed_original-upload"' in answer.text
    assert NUMBER in answer.text
    assert documents(session) == ["ban-goc.pdf"]


def test_what_cannot_be_undone_asks_for_a_word(play: Play, client: FlaskClient, session: Session) -> None:
    until_proposed(play, "refuse")
    session.commit()
    form = refusal_form(play)
    del form["confirmed"]

    answer = visiting(play, client, "issuer").post(page_of(play, "/steps/issue_refusal"), data=form)

    assert answer.status_code == 422
    assert 'id="confirmed-error"' in answer.text
    assert session.scalar(select(Decision.id)) is None


def test_nobody_leaves_files_at_a_step_that_is_not_theirs(play: Play, client: FlaskClient, session: Session) -> None:
    until_proposed(play, "refuse")
    session.commit()

    for who in ("case_officer", "applicant"):
        answer = visiting(play, client, who).post(page_of(play, "/steps/issue_refusal"), data=refusal_form(play))
        assert answer.status_code == 403
    assert documents(session) == ["ban-goc.pdf"]


def test_the_step_that_decides_begins_with_the_draft(play: Play, client: FlaskClient, session: Session) -> None:
    until_proposed(play, "permit")
    session.commit()

    page = visiting(play, client, "issuer").get(page_of(play, "/steps/issue_permit")).text

    assert 'name="signed_original" value=' not in page
    assert page.count('name="scope"') == 1


@pytest.mark.parametrize("who", ["applicant", "case_officer"])
def test_letters_are_fetched_by_those_concerned(play: Play, client: FlaskClient, session: Session, who: str) -> None:
    until_accepted(play)
    session.commit()
    letter = session.scalars(select(Letter).where(Letter.letter == "form_01")).one()

    answer = visiting(play, client, who).get(page_of(play, f"/letters/{letter.id}.pdf"))

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_letters_are_nobody_elses(play: Play, client: FlaskClient, session: Session) -> None:
    until_accepted(play)
    letter = session.scalars(select(Letter).where(Letter.letter == "form_01")).one()
    stranger = make_person(session, organisation=make_organisation(session))
    sign_in(client, session, stranger)

    assert client.get(page_of(play, f"/letters/{letter.id}.pdf")).status_code == 404


def test_the_decision_is_told_in_full(play: Play, client: FlaskClient, session: Session) -> None:
    until_proposed(play, "permit")
    play.step("issue_permit", "issuer", {"decided_on": local_date(now()).isoformat(), "number": NUMBER})
    session.commit()

    page = visiting(play, client, "applicant").get(page_of(play, "")).text

    assert NUMBER in page
    assert 'aria-labelledby="decided"' in page

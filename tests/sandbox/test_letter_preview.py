"""Reading a letter before it is issued: all that it would say, and nothing of it stays."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from applications.models import CaseEvent, ClockRun, Decision, Document, Letter
from foundation.audit import AuditEntry
from foundation.notices import Notice
from tests.sandbox.play import Play, until_accepted, until_proposed
from tests.sandbox.test_pages import NUMBER, page_of, refusal_form, visiting


def counts(session: Session) -> list[int]:
    kept = (Letter, CaseEvent, Decision, Document, AuditEntry, Notice, ClockRun)
    return [session.scalar(select(func.count()).select_from(model)) or 0 for model in kept]


def preview(play: Play, client: FlaskClient, who: str, step: str, **form: Any) -> Any:
    return visiting(play, client, who).post(page_of(play, f"/steps/{step}/letter"), data=form)


def test_a_decision_is_read_before_it_is_signed(play: Play, client: FlaskClient, session: Session) -> None:
    until_proposed(play, "refuse")
    session.commit()
    form = {
        key: value for key, value in refusal_form(play).items() if key not in ("signed_original-upload", "confirmed")
    }
    before = counts(session)

    answer = preview(play, client, "issuer", "issue_refusal", **form)

    assert answer.status_code == 200
    assert NUMBER in answer.text
    words = " ".join(answer.text.split())
    assert "BẢN XEM TRƯỚC – CHƯA BAN HÀNH" in words
    assert "PREVIEW – NOT ISSUED" in words
    assert "data:image/png;base64," in answer.text
    session.expire_all()
    assert counts(session) == before
    assert play.application.state == "proposed"


def test_the_number_of_a_previewed_receipt_is_given_back(play: Play, client: FlaskClient, session: Session) -> None:
    play.complete()
    play.step("submit", "applicant")
    session.commit()
    form = {"revision": str(play.application.revision)}

    first = preview(play, client, "intake_officer", "accept", **form)
    again = preview(play, client, "intake_officer", "accept", **form)
    session.expire_all()
    play.step("accept", "intake_officer")

    assert play.application.code is not None
    assert play.application.code.endswith("-0001")
    assert first.status_code == again.status_code == 200
    assert play.application.code in first.text
    assert play.application.code in again.text


def test_what_is_wrong_is_said_beside_the_question(play: Play, client: FlaskClient, session: Session) -> None:
    until_accepted(play)
    session.commit()

    answer = preview(
        play, client, "case_officer", "apologise", revision=str(play.application.revision), reason="Ngắn", new_due_on=""
    )

    assert answer.status_code == 422
    assert 'href="#reason"' in answer.text


@pytest.mark.parametrize("who", ["applicant", "reviewer_1"])
def test_nobody_previews_a_step_that_is_not_theirs(play: Play, client: FlaskClient, session: Session, who: str) -> None:
    until_proposed(play, "refuse")
    session.commit()

    answer = preview(play, client, who, "issue_refusal", revision=str(play.application.revision))

    assert answer.status_code in (403, 404)


def test_a_step_without_a_letter_has_no_preview(play: Play, client: FlaskClient, session: Session) -> None:
    until_accepted(play)
    session.commit()
    form = {"revision": str(play.application.revision), "holder": str(play.actors["case_officer"].person_id)}

    answer = preview(play, client, "case_officer", "assign_holder", **form)

    assert answer.status_code == 404
    page = visiting(play, client, "case_officer").get(page_of(play, "/steps/assign_holder")).text
    assert "/steps/assign_holder/letter" not in page

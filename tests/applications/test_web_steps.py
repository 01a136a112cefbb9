"""Making steps over HTTP: what is asked and follows, errors beside fields, four eyes, two at once."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from applications.engine import fire
from applications.models import Application, CaseEvent
from foundation.database import now
from foundation.workdays import local_date
from tests.accounts.factories import make_organisation, make_person
from tests.applications.small_pack import World
from tests.applications.visits import accepted, submitted, text_of, visiting


def page_of(application: Application, step: str) -> str:
    return f"/dossiers/{application.key}/steps/{step}"


def sent(application: Application, **answers: str) -> dict[str, str]:
    return {"revision": str(application.revision), **answers}


def last_event(session: Session, application: Application) -> CaseEvent:
    session.expire_all()
    events = session.query(CaseEvent).filter_by(case_id=application.id).order_by(CaseEvent.seq.desc())
    found = events.first()
    assert found is not None
    return found


def test_a_step_says_what_it_asks_and_what_follows(world: World, client: FlaskClient) -> None:
    application = submitted(world)

    page = visiting(world, client, "intake_officer").get(page_of(application, "request_supplement"))

    assert page.status_code == 200
    assert 'name="missing"' in page.text
    for words in ("owed", "Answer", "Missing"):
        assert words in text_of(page.text)


def test_making_a_step_moves_the_dossier(world: World, client: FlaskClient, session: Session) -> None:
    application = submitted(world)
    visit = visiting(world, client, "intake_officer")

    answer = visit.post(page_of(application, "request_supplement"), data=sent(application, missing="Kế hoạch"))

    assert (answer.status_code, answer.location) == (303, f"/dossiers/{application.key}")
    event = last_event(session, application)
    assert (event.step, event.to_state, event.data) == ("request_supplement", "owed", {"missing": "Kế hoạch"})


def test_errors_stand_beside_the_questions_and_nothing_typed_is_lost(world: World, client: FlaskClient) -> None:
    application = accepted(world)
    visit = visiting(world, client, "case_officer")

    answer = visit.post(page_of(application, "apologise"), data=sent(application, new_due_on="ngày mai"))

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert 'value="ngày mai"' in answer.text


def test_reasons_of_guards_that_read_the_answers_are_told(world: World, client: FlaskClient) -> None:
    application = accepted(world)
    visit = visiting(world, client, "case_officer")
    today = local_date(now()).isoformat()

    answer = visit.post(page_of(application, "apologise"), data=sent(application, new_due_on=today))

    assert answer.status_code == 409
    assert f"/dossiers/{application.key}" in answer.text


def test_the_second_of_two_is_told_that_it_is_done(world: World, client: FlaskClient) -> None:
    application = submitted(world)
    form = sent(application)
    visit = visiting(world, client, "intake_officer")
    visit.post(page_of(application, "accept"), data=form)

    second = visit.post(page_of(application, "accept"), data=form)

    assert second.status_code == 409
    assert f'href="/dossiers/{application.key}"' in second.text
    assert world.people["intake_officer"].full_name in text_of(second.text)


def test_a_page_that_is_out_of_date_moves_nothing(world: World, client: FlaskClient, session: Session) -> None:
    application = accepted(world)
    form = sent(application)
    fire(session, application, "hold", actor=world.officer("case_officer"))
    session.commit()

    answer = visiting(world, client, "case_officer").post(page_of(application, "hold"), data=form)

    assert answer.status_code == 409
    assert "hold" in text_of(answer.text)
    assert last_event(session, application).seq == 3


def test_who_drafted_gets_the_reason_why_not(world: World, client: FlaskClient, session: Session) -> None:
    application = accepted(world)
    both = make_person(session, grants=["decision_drafter", "issuer"])
    visit = visiting(world, client, both)
    visit.post(page_of(application, "draft_decision"), data=sent(application, outcome="permit"))
    session.refresh(application)

    dossier = visit.get(f"/dossiers/{application.key}")
    shown = visit.get(page_of(application, "issue"))
    made = visit.post(page_of(application, "issue"), data=sent(application))

    assert application.state == "proposed"
    assert page_of(application, "issue") not in dossier.text
    for answer in (shown, made):
        assert answer.status_code == 403
        assert 'class="refusal-reasons"' in answer.text
    assert last_event(session, application).step == "draft_decision"


@pytest.mark.parametrize(
    ("who", "step", "status"),
    [
        ("applicant", "accept", 403),
        ("auditor", "accept", 403),
        ("intake_officer", "issue", 409),
        ("intake_officer", "explode", 404),
        ("stranger", "accept", 404),
    ],
)
def test_what_is_not_for_one_is_refused(world: World, client: FlaskClient, who: str, step: str, status: int) -> None:
    application = submitted(world)
    stranger = make_person(world.session, organisation=make_organisation(world.session))
    visit = visiting(world, client, stranger if who == "stranger" else world.people[who])

    assert visit.get(page_of(application, step)).status_code == status
    assert visit.post(page_of(application, step), data=sent(application)).status_code == status


def test_a_draft_proposal_starts_from_the_one_before(world: World, client: FlaskClient, session: Session) -> None:
    application = accepted(world)
    drafter = world.officer("decision_drafter")
    fire(session, application, "draft_decision", actor=drafter, data={"outcome": "refuse"})
    override = {"to_state": "working", "reason": "Làm lại"}
    fire(session, application, "override", actor=world.officer("administrator"), data=override)
    session.commit()

    page = visiting(world, client, "decision_drafter").get(page_of(application, "draft_decision")).text

    assert 'value="refuse" checked' in page


def test_late_days_do_not_hide_the_first_date(world: World, client: FlaskClient, session: Session) -> None:
    application = accepted(world)
    assert application.due_at is not None
    first = application.due_at
    promised = local_date(first + timedelta(days=10)).isoformat()

    answer = visiting(world, client, "case_officer").post(
        page_of(application, "apologise"), data=sent(application, new_due_on=promised)
    )
    session.refresh(application)

    assert answer.status_code == 303
    assert application.original_due_at == first
    page = text_of(visiting(world, client, "applicant").get(f"/dossiers/{application.key}").text)
    assert local_date(first).strftime("%d/%m/%Y") in page

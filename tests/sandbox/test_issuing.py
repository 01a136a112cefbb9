"""Issuing decisions together: chosen from a list, each made by a job of its own, the refused ones named."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from accounts.models import Organisation
from applications.issuing import issue_decision
from applications.models import Application, Conflict, Decision, IssuingItem, IssuingRound, Letter
from applications.operations.drafts import create_draft
from foundation.database import now
from foundation.jobs import run_worker
from foundation.workdays import local_date
from tests.accounts.factories import actor_for, make_organisation, make_person
from tests.applications.visits import pdf, queries_of
from tests.databases import FreshDatabase
from tests.pages import open_page
from tests.sandbox.play import Play, make_play, until_proposed
from tests.sandbox.test_pages import visiting


def another(play: Play) -> tuple[Application, Organisation]:
    """A draft of another organisation, whose person is the applicant from now on."""
    organisation = make_organisation(play.session)
    play.actors["applicant"] = actor_for(play.session, make_person(play.session, organisation=organisation))
    applicant = play.actors["applicant"]
    draft = create_draft(play.session, "controlled-test", actor=applicant, organisation_id=organisation.id)
    return draft, organisation


def proposals(play: Play, *outcomes: str) -> list[Application]:
    """Drafted decisions, one for each outcome, each of an organisation of its own."""
    made = []
    for number, outcome in enumerate(outcomes):
        if number:
            play.application, play.organisation = another(play)
        until_proposed(play, outcome)
        made.append(play.application)
    play.session.commit()
    return made


def round_form(cases: list[Application], **changes: Any) -> MultiDict[str, Any]:
    """What the form of a round sends when everything is answered."""
    form: MultiDict[str, Any] = MultiDict(
        {
            "confirmed": "yes",
            "decided_on": local_date(now()).isoformat(),
            "signatory": "Nguyễn Văn An",
            "signatory_title": "Phó Chủ tịch",
        }
    )
    for number, case in enumerate(cases, 1):
        form.add("case", case.key)
        form[f"{case.key}-revision"] = str(case.revision)
        form[f"{case.key}-number"] = f"{number}/QĐ-UBND"
        form[f"{case.key}-signed_original-upload"] = (io.BytesIO(pdf()), f"quyet-dinh-{number}.pdf", "application/pdf")
    for key, value in changes.items():
        form[key] = value
    return form


def started(play: Play, client: FlaskClient, form: MultiDict[str, Any]) -> TestResponse:
    return visiting(play, client, "issuer").post("/issuing", data=form)


def work(session: Session) -> list[IssuingItem]:
    """Do what the worker does, and look."""
    session.expire_all()
    for item in session.scalars(select(IssuingItem.id).order_by(IssuingItem.id)).all():
        issue_decision.work(session, item_id=item)
    session.commit()
    return list(session.scalars(select(IssuingItem).order_by(IssuingItem.place)))


def test_the_list_offers_what_is_drafted_with_its_proposal(play: Play, client: FlaskClient, session: Session) -> None:
    first, second = proposals(play, "permit", "refuse")

    page = visiting(play, client, "issuer").get("/issuing").text

    assert page.count('type="checkbox"') == 2
    assert f'value="{first.key}"' in page
    assert f'value="{second.key}"' in page
    assert play.pack.step_by_key["issue_permit"].title["vi"] in page
    assert play.pack.step_by_key["issue_refusal"].title["vi"] in page


def test_the_list_is_a_file_too(play: Play, client: FlaskClient, session: Session) -> None:
    (case,) = proposals(play, "refuse")

    with visiting(play, client, "issuer").get("/issuing.csv") as answer:
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))

    assert [row[0] for row in rows[1:]] == [case.code]
    assert rows[1][3] == play.pack.step_by_key["issue_refusal"].title["vi"]
    assert visiting(play, client, "decision_drafter").get("/issuing.csv").status_code == 403


def test_decisions_are_issued_together_each_with_its_letter(play: Play, client: FlaskClient, session: Session) -> None:
    cases = proposals(play, "permit", "refuse")

    answer = started(play, client, round_form(cases))
    waiting = client.get(answer.headers["Location"]).text
    items = work(session)
    done = client.get(answer.headers["Location"]).text

    assert answer.status_code == 303
    assert "data-reload-while-waiting" in waiting
    assert "Đã xong 0 trên 2" in waiting
    assert [item.outcome for item in items] == ["issued", "issued"]
    assert {row.number: row.outcome for row in session.scalars(select(Decision))} == {
        "1/QĐ-UBND": "granted",
        "2/QĐ-UBND": "refused",
    }
    assert [case.state for case in cases] == ["permitted", "refused"]
    assert "data-reload-while-waiting" not in done
    for letter in session.scalars(select(Letter).where(Letter.letter.like("decision%"))):
        assert f"/letters/{letter.id}.pdf" in done


def test_what_cannot_be_issued_is_named_and_leaves_the_others_alone(
    play: Play, client: FlaskClient, session: Session
) -> None:
    cases = proposals(play, "refuse", "refuse", "refuse")
    answer = started(play, client, round_form(cases))
    session.expire_all()
    play.application = cases[1]
    play.step("return_draft", "issuer")
    session.add(
        Conflict(
            person_id=play.actors["issuer"].person_id, organisation_id=cases[2].organisation_id, kind="shareholding"
        )
    )
    session.commit()

    items = work(session)
    page = client.get(answer.headers["Location"]).text

    assert [item.outcome for item in items] == ["issued", "refused", "refused"]
    assert [reason["code"] for item in items for reason in item.reasons] == ["moved_meanwhile", "may_not_issue"]
    assert "Bạn không được ban hành quyết định này." in page
    assert [case.state for case in cases] == ["refused", "drafting_decision", "proposed"]


def test_a_number_taken_meanwhile_is_named_at_its_question(play: Play, client: FlaskClient, session: Session) -> None:
    cases = proposals(play, "refuse", "refuse")
    form = round_form(cases[1:])
    answer = started(play, client, form)
    session.expire_all()
    play.application = cases[0]
    play.step("issue_refusal", "issuer", {"number": "1/QĐ-UBND", "decided_on": local_date(now()).isoformat()})
    session.commit()

    (item,) = work(session)

    assert (item.outcome, item.reasons[0]["code"], item.reasons[0]["field"]) == (
        "refused",
        "decision_number_taken",
        "number",
    )
    assert play.pack.step_by_key["issue_refusal"].asks[0].label["vi"] in client.get(answer.headers["Location"]).text


def test_a_job_that_runs_twice_issues_once(play: Play, client: FlaskClient, session: Session) -> None:
    started(play, client, round_form(proposals(play, "refuse")))

    work(session)
    items = work(session)

    assert [item.outcome for item in items] == ["issued"]
    assert len(session.scalars(select(Decision)).all()) == 1


def test_all_that_is_wrong_is_said_at_once_and_files_are_sent_once(
    play: Play, client: FlaskClient, session: Session
) -> None:
    cases = proposals(play, "permit", "refuse")
    changes: dict[str, Any] = {"signatory": "", f"{cases[0].key}-number": "không số"}

    answer = started(play, client, round_form(cases, **changes))

    assert answer.status_code == 422
    assert 'href="#signatory"' in answer.text
    assert f'href="#{cases[0].key}-number"' in answer.text
    assert answer.text.count("quyet-dinh-") == 2
    assert session.scalar(select(IssuingRound.id)) is None


def test_two_decisions_of_a_round_never_share_a_number(play: Play, client: FlaskClient, session: Session) -> None:
    cases = proposals(play, "permit", "refuse")

    answer = started(play, client, round_form(cases, **{f"{cases[1].key}-number": "1/QĐ-UBND"}))

    assert answer.status_code == 422
    assert session.scalar(select(IssuingRound.id)) is None


def test_nothing_is_issued_without_the_word_that_it_was_checked(
    play: Play, client: FlaskClient, session: Session
) -> None:
    form = round_form(proposals(play, "refuse"))
    del form["confirmed"]

    answer = started(play, client, form)

    assert answer.status_code == 422
    assert 'id="confirmed-error"' in answer.text
    assert session.scalar(select(IssuingRound.id)) is None


def test_a_letter_of_the_round_is_read_before_it_is_issued(play: Play, client: FlaskClient, session: Session) -> None:
    (case,) = proposals(play, "permit")
    form = round_form([case], preview=case.key)
    del form[f"{case.key}-signed_original-upload"]

    answer = visiting(play, client, "issuer").post("/issuing/letter", data=form)
    session.expire_all()

    assert answer.status_code == 200
    assert "CHƯA BAN HÀNH" in " ".join(answer.text.split())
    assert "KT. CHỦ TỊCH" in " ".join(answer.text.split())
    assert case.state == "proposed"


def test_a_round_that_waits_too_long_says_so(play: Play, client: FlaskClient, session: Session) -> None:
    answer = started(play, client, round_form(proposals(play, "refuse")))
    at_first = client.get(answer.headers["Location"]).text
    session.execute(update(IssuingRound).values(started_at=now() - timedelta(minutes=11)))
    session.commit()

    later = client.get(answer.headers["Location"]).text

    assert "lâu hơn dự kiến" not in at_first
    assert "lâu hơn dự kiến" in later


@pytest.mark.parametrize("who", ["applicant", "case_officer", "decision_drafter"])
def test_only_issuers_issue(play: Play, client: FlaskClient, session: Session, who: str) -> None:
    cases = proposals(play, "refuse")

    visit = visiting(play, client, who)

    assert visit.get("/issuing").status_code == 403
    assert visit.post("/issuing", data=round_form(cases)).status_code == 403


def test_whoever_drafted_a_decision_does_not_issue_it(play: Play, client: FlaskClient, session: Session) -> None:
    play.actors["decision_drafter"] = play.actors["issuer"] = actor_for(
        session, make_person(session, grants=["decision_drafter", "issuer"])
    )
    cases = proposals(play, "refuse")

    page = visiting(play, client, "issuer").get("/issuing").text
    answer = client.post("/issuing", data=round_form(cases))

    assert cases[0].key in page
    assert 'type="checkbox"' not in page
    assert answer.status_code == 409


def test_a_round_is_its_own_persons(play: Play, client: FlaskClient, session: Session) -> None:
    answer = started(play, client, round_form(proposals(play, "refuse")))
    play.actors["other"] = actor_for(session, make_person(session, grants=["issuer"]))

    assert visiting(play, client, "other").get(answer.headers["Location"]).status_code == 404


def test_the_list_costs_the_same_for_one_and_three(play: Play, client: FlaskClient, session: Session) -> None:
    proposals(play, "refuse")
    visit = visiting(play, client, "issuer")
    visit.get("/issuing")

    one = queries_of(session, lambda: visit.get("/issuing"))
    play.application, play.organisation = another(play)
    proposals(play, "refuse", "permit")
    three = queries_of(session, lambda: visit.get("/issuing"))

    assert visit.get("/issuing").text.count('type="checkbox"') == 3
    assert one == three


def test_the_worker_does_the_round(fresh_database: FreshDatabase) -> None:
    with fresh_database.app.app_context(), Session(fresh_database.engine, expire_on_commit=False) as session:
        play = make_play(session)
        cases = proposals(play, "refuse", "refuse")
        client = fresh_database.app.test_client()
        answer = started(play, client, round_form(cases))
        run_worker(fresh_database.app, wait=False)

        assert "Đã xong 2 trên 2" in open_page(client, answer.headers["Location"]).text

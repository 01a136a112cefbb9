"""The page on the clock, the what-if, and the calendar: the same date wherever it is read."""

from datetime import datetime, timedelta

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from applications.clockwork import runs_of
from applications.delay import APPLICANT, UNIT
from applications.engine import fire
from applications.models import Application
from applications.queries.clock import clock_view
from foundation.workdays import HANOI, local_date
from tests.accounts.factories import make_organisation, make_person, sign_in
from tests.applications.marking_pack import make_marking_world, mark, returned, sent
from tests.applications.programs import program_of
from tests.applications.small_pack import World
from tests.applications.visits import submitted, text_of, visiting
from tests.pages import open_page


@pytest.fixture
def world(session: Session) -> World:
    return make_marking_world(session)


def accepted(world: World) -> Application:
    application = sent(world)
    fire(world.session, application, "accept", actor=world.officer("intake_officer"))
    application.holder_id = world.people["case_officer"].id
    world.session.commit()
    return application


def feed_of(client: FlaskClient, address: str) -> icalendar.Calendar:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    return icalendar.Calendar.from_ical(answer.data)


def opened(client: FlaskClient) -> str:
    """The path of a new address of whoever is signed in."""
    open_page(client, "/account/calendar").form_to("/account/calendar").send(client)
    address = open_page(client, "/account/calendar").root.one("code", id="address").text
    return "/calendar/" + address.rpartition("/")[2]


def test_page_program_and_calendar_say_the_same_date(app: Flask, client: FlaskClient, world: World) -> None:
    application = accepted(world)
    applicant = visiting(world, client, "applicant")
    due = local_date(application.due_at) if application.due_at else None

    page = text_of(applicant.get(f"/dossiers/{application.key}/clock").text)
    program = program_of(app, world.session, world.applicant).get(f"/applications/{application.key}/clock")
    (event,) = feed_of(client, opened(applicant)).events

    assert due is not None
    assert event.start == due
    assert program.json["due_on"] == due.isoformat()  # type: ignore[index]
    assert f"Due on {due:%A} {due.day} {due:%B} {due.year}." in page


def test_what_if_is_what_then_happens(world: World) -> None:
    application = returned(world, mark("field.summary"))
    foretold = clock_view(world.session, application.key, actor=world.applicant).forecasts

    fire(world.session, application, "resubmit", actor=world.applicant)

    (run,) = [run for run in runs_of(world.session, application) if run.ended_at is None]
    assert (foretold[0].clock.key, foretold[0].due_at) == (run.clock, run.due_at)
    assert (foretold[-1].clock.is_main, foretold[-1].after is not None) == (True, True)


def test_a_later_answer_gives_a_later_date(world: World, client: FlaskClient) -> None:
    application = returned(world, mark("field.summary"))
    today = clock_view(world.session, application.key, actor=world.applicant)

    later = clock_view(world.session, application.key, today.earliest + timedelta(days=14), actor=world.applicant)

    assert all(then.due_at > now.due_at for now, then in zip(today.forecasts, later.forecasts, strict=True))
    page = visiting(world, client, "applicant").get(f"/dossiers/{application.key}/clock?on={later.supposed_on}")
    assert page.status_code == 200


def test_nonsense_as_a_day_is_told_beside_the_input(world: World, client: FlaskClient) -> None:
    application = returned(world, mark("field.summary"))

    answer = visiting(world, client, "applicant").get(f"/dossiers/{application.key}/clock?on=mai")

    assert answer.status_code == 422
    assert "Enter a date." in answer.text


def test_the_delay_is_split_among_those_who_held_the_file(world: World) -> None:
    application = accepted(world)
    (run,) = [run for run in runs_of(world.session, application) if run.clock == "processing"]
    run.counts_from -= timedelta(days=60)
    run.started_at -= timedelta(days=60)
    run.due_at = datetime.now(HANOI) - timedelta(days=20)
    world.session.flush()

    view = clock_view(world.session, application.key, actor=world.officer("intake_officer"))
    (late,) = [explained for explained in view.runs if explained.run.clock == "processing"]

    assert late.run.is_late
    assert late.late_days == sum(share.days for share in late.late_shares) > 0
    assert {share.holder.party for share in late.late_shares} <= {APPLICANT, UNIT}
    assert late.days >= late.late_days


def test_the_stretches_of_an_ended_term_sum_to_its_days(world: World) -> None:
    application = submitted(world)
    (run,) = [run for run in runs_of(world.session, application) if run.ended_at is None]
    for moment in (run.intervals[0], run):
        moment.started_at -= timedelta(days=7)
    run.counts_from -= timedelta(days=7)
    fire(world.session, application, "accept", actor=world.officer("intake_officer"))
    world.session.commit()

    view = clock_view(world.session, application.key, actor=world.officer("intake_officer"))
    (ended,) = [explained for explained in view.runs if explained.run.clock == run.clock]

    assert ended.days == sum(days or 0 for days in ended.stretch_days) > 0


def test_pauses_are_told_with_ground_and_author(world: World, client: FlaskClient) -> None:
    application, officer = accepted(world), world.officer("case_officer")
    fire(world.session, application, "hold", actor=officer)
    fire(world.session, application, "go_on", actor=officer)
    world.session.commit()

    page = text_of(visiting(world, client, "intake_officer").get(f"/dossiers/{application.key}/clock").text)

    assert "it stood still" in page
    assert f"Ground: hold, by {officer.name}." in page


def test_an_ended_address_opens_nothing(world: World, client: FlaskClient) -> None:
    accepted(world)
    applicant = visiting(world, client, "applicant")
    first = opened(applicant)
    second = opened(applicant)

    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    open_page(applicant, "/account/calendar").form_to("/close").send(applicant)
    assert client.get(second).status_code == 404


def test_a_calendar_holds_nothing_of_others(world: World, client: FlaskClient) -> None:
    application = accepted(world)
    stranger = make_person(world.session, organisation=make_organisation(world.session))
    sign_in(client, world.session, stranger)

    assert feed_of(client, opened(client)).events == []
    sign_in(client, world.session, world.people["case_officer"])
    assert [str(event["URL"]).rpartition("/")[2] for event in feed_of(client, opened(client)).events] == [
        application.key
    ]


def test_the_calendar_of_a_disabled_person_ends(world: World, client: FlaskClient) -> None:
    accepted(world)
    address = opened(visiting(world, client, "applicant"))
    world.people["applicant"].disabled_at = datetime.now(HANOI)
    world.session.commit()

    assert client.get(address).status_code == 404

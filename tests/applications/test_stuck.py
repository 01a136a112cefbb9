"""No dossier is forgotten: what stands still is listed within the hour, and those who wait learn why."""

from datetime import datetime, timedelta

import pytest
from croniter import croniter
from flask.testing import FlaskClient
from sqlalchemy import select

from applications.engine import fire
from applications.models import Application, StuckCase
from applications.packs.catalogue import check_content
from applications.stuck import PARAMETER, UNASSIGNED_FOR, list_as_told, list_stuck, quiet_since, tell_of_stuck
from foundation import jobs
from foundation.calendars import load_calendar
from foundation.database import now
from foundation.notices import Notice
from foundation.workdays import HANOI
from tests.accounts.factories import make_organisation, make_person, make_unit, sign_in
from tests.applications.small_pack import World, small_pack
from tests.applications.visits import accepted, queries_of, submitted, text_of, visiting


def listed(world: World, *, later: timedelta) -> list[tuple[int, str]]:
    """The list as it is so much later."""
    list_stuck(world.session, at=now() + later)
    world.session.expire_all()
    return [(row.case_id, row.reason) for row in world.session.scalars(select(StuckCase).order_by(StuckCase.case_id))]


def taken(world: World) -> Application:
    """An accepted dossier with somebody in charge."""
    application = accepted(world)
    application.holder_id = world.people["case_officer"].id
    world.session.commit()
    return application


def test_a_dossier_that_nobody_took_is_listed_within_the_hour(world: World) -> None:
    application = submitted(world)

    assert listed(world, later=timedelta(minutes=1)) == []
    assert listed(world, later=timedelta(minutes=50)) == [(application.id, "nobody_in_charge")]


def test_the_list_is_made_so_often_that_the_hour_is_kept() -> None:
    (every,) = {
        periodic.cron
        for (name, _), periodic in jobs._app.periodic_registry.periodic_tasks.items()
        if name == "applications:stuck:list"
    }
    turns = croniter(every, datetime(2026, 11, 23, tzinfo=HANOI), ret_type=datetime)
    first, second = turns.get_next(), turns.get_next()

    assert UNASSIGNED_FOR + (second - first) <= timedelta(minutes=60)


def test_with_somebody_in_charge_it_is_listed_after_the_working_days(world: World) -> None:
    application = taken(world)

    assert listed(world, later=timedelta(days=2)) == []
    assert listed(world, later=timedelta(days=12)) == [(application.id, "no_event")]


def test_in_a_house_that_is_as_if_it_had_run_for_long_those_who_wait_were_told_before(world: World) -> None:
    application, later = taken(world), now() + timedelta(days=12)

    list_as_told(world.session, at=later)

    assert world.session.scalars(select(StuckCase.case_id)).all() == [application.id]
    assert tell_of_stuck(world.session, at=later) == 0


def test_what_waits_for_the_applicant_does_not_stand_still(world: World) -> None:
    application, officer = submitted(world), world.officer("intake_officer")
    fire(world.session, application, "request_supplement", actor=officer, data={"missing": "Kế hoạch"})

    assert listed(world, later=timedelta(days=30)) == []


def test_what_moves_again_leaves_the_list(world: World) -> None:
    application = taken(world)
    assert listed(world, later=timedelta(days=12)) == [(application.id, "no_event")]

    fire(world.session, application, "hold", actor=world.officer("case_officer"))

    assert listed(world, later=timedelta(days=1)) == []


def test_the_number_of_days_is_a_setting_of_the_procedure(world: World) -> None:
    usual = check_content(small_pack())
    patient = check_content(small_pack(parameters={PARAMETER: {"value": 9, "source": "internal"}}))
    calendar, monday = load_calendar(world.session, "vn-hanoi"), datetime(2026, 11, 16, tzinfo=HANOI).date()

    assert quiet_since(monday, usual, calendar) == datetime(2026, 11, 9, tzinfo=HANOI)
    assert quiet_since(monday, patient, calendar) == datetime(2026, 11, 3, tzinfo=HANOI)


def test_the_applicant_is_told_once_why_and_who_has_it(world: World) -> None:
    application = taken(world)
    listed(world, later=timedelta(days=12))

    told = [tell_of_stuck(world.session, at=now()) for _ in range(2)]

    assert told == [1, 0]
    applicants = select(Notice).where(
        Notice.person_id == world.people["applicant"].id, Notice.kind == "dossier_stands_still"
    )
    subject, body = world.session.scalars(applicants).one().in_language(world.session, "en")
    assert application.code is not None
    assert application.code in subject
    assert "Nothing was done on it" in body
    assert world.people["case_officer"].full_name in body
    assert world.unit.title("en") in body


def test_the_page_lists_only_what_the_readers_roles_reach(world: World, client: FlaskClient) -> None:
    application = taken(world)
    listed(world, later=timedelta(days=12))
    elsewhere = make_unit(world.session, code="998.00.00.H26")
    other = make_person(world.session, grants=[{"role": "case_officer", "scope_unit_id": elsewhere.id}])
    world.session.commit()

    inside = text_of(visiting(world, client, "case_officer").get("/stuck").text)
    outside = text_of(visiting(world, client, other).get("/stuck").text)

    assert application.title in inside
    assert application.title not in outside


@pytest.mark.parametrize("who", ["applicant", "case_officer"])
def test_the_page_of_the_dossier_says_so(world: World, client: FlaskClient, who: str) -> None:
    application = taken(world)
    listed(world, later=timedelta(days=12))
    world.people[who].language = "en"
    world.session.commit()

    page = text_of(visiting(world, client, who).get(f"/dossiers/{application.key}").text)

    assert "This dossier stands still." in page


def test_the_list_costs_the_same_for_one_row_and_three(world: World, client: FlaskClient) -> None:
    officer = visiting(world, client, "case_officer")
    taken(world)
    listed(world, later=timedelta(days=12))
    world.session.commit()
    one = queries_of(world.session, lambda: officer.get("/stuck"))
    for _ in range(2):
        taken(world)
    listed(world, later=timedelta(days=12))
    world.session.commit()

    assert queries_of(world.session, lambda: officer.get("/stuck")) == one


def test_an_applicant_has_no_stuck_list(world: World, client: FlaskClient) -> None:
    person = make_person(world.session, organisation=make_organisation(world.session))
    world.session.commit()
    sign_in(client, world.session, person)

    assert client.get("/stuck").status_code == 403

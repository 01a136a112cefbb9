"""Admission to a park: opinions in parallel under their clocks, the confirmation, and the place that follows it."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from accounts.models import Organisation, Person
from applications.clockwork import runs_of
from applications.models import Case
from foundation.actors import SYSTEM
from foundation.calendars import HANOI_CALENDAR, load_calendar
from foundation.database import as_of, now
from foundation.errors import Blocked, NotAllowed, NotFound
from foundation.workdays import local_date
from parks.models import ParkAdmission
from parks.operations import admissions
from parks.operations.allocations import hold_space, let_space
from tests.accounts.factories import actor_for, make_organisation, make_person, sign_in
from tests.applications.pack_promises import (
    assert_no_basis_can_be_left_out,
    assert_no_label_can_be_left_out,
    assert_no_language_can_be_left_out,
    assert_no_source_can_be_left_out,
    assert_sound,
    assert_sources_are_honest,
)
from tests.pages import open_page
from tests.parks.admitting import DEPARTMENTS, FILE, Board, admitted
from tests.parks.grounds import make_park, wanted

YEARS = ("2090-01-01", "2092-12-31")


def due_days(board: Board) -> dict[str, int]:
    """Working days from today until each running clock is due."""
    calendar, today = load_calendar(board.session, HANOI_CALENDAR), local_date(now())
    runs = [run for run in runs_of(board.session, board.case) if run.ended_at is None]
    running = {run.clock: local_date(run.due_at) for run in runs if run.due_at}
    days = {calendar.add_working_days(today, number): number for number in range(20, 0, -1)}
    return {clock: days[due] for clock, due in running.items()}


def test_the_pack_is_sound() -> None:
    pack = assert_sound(FILE)
    assert_no_language_can_be_left_out(FILE)
    assert_no_label_can_be_left_out(FILE)
    assert_no_basis_can_be_left_out(FILE)
    assert_no_source_can_be_left_out(pack)
    assert_sources_are_honest(pack)
    lengths = {clock.key: (clock.length.amount, clock.length.unit, clock.source) for clock in pack.clocks}
    assert lengths["opinions_sent"] == (1, "working_days", "decree_260_31")
    assert {lengths[f"opinion_{name}"] for name in DEPARTMENTS} == {(7, "working_days", "decree_260_31")}
    assert lengths["evaluation"] == (15, "working_days", "decree_260_31")
    assert lengths["confirmation"] == (1, "working_days", "decree_260_31")
    assert lengths["processing"] == (16, "working_days", "decree_260_31_total")


def test_departments_answer_at_once_each_under_its_own_clock(session: Session) -> None:
    board = Board(session)
    with as_of(now().replace(hour=3)):
        board.consult()
        assert due_days(board) == {
            "processing": 16,
            "evaluation": 15,
            **{f"opinion_{name}": 7 for name in DEPARTMENTS},
        }
        board.opine("finance")
        with pytest.raises(NotAllowed):
            board.step("give_opinion_science", board.departments["finance"], finding="agrees", opinion="x" * 20)
        with pytest.raises(Blocked) as again:
            board.opine("finance")
        with pytest.raises(Blocked) as early:
            board.evaluate()
    assert again.value.reasons[0].code == "opinion_not_awaited"
    assert {reason.code for reason in early.value.reasons} == {"opinions_awaited"}
    assert "opinion_finance" not in due_days(board)


def test_a_department_that_is_late_holds_nobody_up_and_is_still_heard(session: Session) -> None:
    make_park(session, "HL")
    board = Board(session)
    board.consult()
    board.opine("science", "finance", "industry")
    with as_of(now() + timedelta(days=20)):
        board.evaluate()
        with pytest.raises(Blocked):
            board.opine("environment")
        board.step("return_draft", board.issuer, reason="Bổ sung ý kiến về môi trường.")
        board.opine("environment")
    assert board.case.state == "in_evaluation"


def test_a_department_is_told_on_its_start_page_how_many_opinions_are_awaited(
    session: Session, client: FlaskClient
) -> None:
    board = Board(session)
    board.consult()
    board.opine("science")

    def awaited(name: str) -> str:
        person = session.get_one(Person, board.departments[name].person_id)
        session.commit()
        sign_in(client, session, person)
        return open_page(client, "/").root.one("a", class_="task").one("span", class_="task-count").text

    assert [awaited("science"), awaited("finance")] == ["0", "1"]


def test_a_confirmation_admits_and_a_refusal_does_not(session: Session) -> None:
    make_park(session, "HL")
    ground = admitted(session)
    assert (ground.kind, ground.title != "", ground.ended_at) == ("project", True, None)
    assert ground.wish["area_m2"] == "5"

    refused = Board(session)
    refused.consult()
    refused.opine(*DEPARTMENTS)
    refused.evaluate("refuse")
    refused.sign("issue_refusal")
    assert refused.case.state == "not_met"
    assert session.query(ParkAdmission).count() == 1


def test_who_prepared_the_report_does_not_sign(session: Session) -> None:
    make_park(session, "HL")
    board = Board(session)
    board.officer = board.issuer = actor_for(session, make_person(session, grants=["case_officer", "issuer"]))
    board.consult()
    board.opine(*DEPARTMENTS)
    board.evaluate()
    with pytest.raises(NotAllowed):
        board.sign()


@pytest.fixture
def ground(session: Session) -> ParkAdmission:
    """A firm admitted to ``HL``, without the way of its dossier: the tests above walk it."""
    park = make_park(session, "HL")
    board = Board(session)
    made = ParkAdmission(
        case_id=board.case.id,
        organisation_id=board.firm.id,
        park_id=park.id,
        kind="project",
        title="Dự án",
        wish={"area_m2": "100", "stay_offered": {"from": "2027-01-04", "to": "2027-06-30"}},
        spaces=1,
    )
    session.add(made)
    session.flush()
    return made


def test_a_place_follows_the_admission(session: Session, ground: ParkAdmission) -> None:
    admissions.ask_for_admissions(session, "HL", local_date(now()), actor=SYSTEM)
    with pytest.raises(Blocked) as without:
        hold_space(session, "HL-U1", wanted(*YEARS), actor=SYSTEM)

    held = admissions.hold_for(session, ground.key, "HL-U1", wanted(*YEARS), actor=SYSTEM)

    with pytest.raises(Blocked) as more:
        admissions.hold_for(session, ground.key, "HL-U2", wanted(*YEARS), actor=SYSTEM)
    with pytest.raises(Blocked) as used:
        admissions.end_admission(session, ground.key, "Nhà đầu tư xin thôi.", actor=SYSTEM)
    assert (held.admission_id, held.organisation_id) == (ground.id, ground.organisation_id)
    codes = [refusal.value.reasons[0].code for refusal in (without, more, used)]
    assert codes == ["space_follows_admission", "admission_used_up", "admission_in_use"]


def test_who_leases_already_goes_on_without_an_admission(session: Session, ground: ParkAdmission) -> None:
    let_space(session, "HL-U1", wanted("2089-01-01", "2089-12-31"), actor=SYSTEM)
    admissions.ask_for_admissions(session, "HL", local_date(now()), actor=SYSTEM)

    let_space(session, "HL-U1", wanted(*YEARS), actor=SYSTEM)

    with pytest.raises(Blocked):
        let_space(session, "HL-U2", wanted(*YEARS), actor=SYSTEM)


@pytest.mark.parametrize("fault", ["organisation_id = NULL", "admission_id = NULL", "of another park", "ended"])
def test_plain_sql_is_refused_too(session: Session, ground: ParkAdmission, fault: str) -> None:
    admissions.ask_for_admissions(session, "HL", date(2020, 1, 1), actor=SYSTEM)
    held = admissions.hold_for(session, ground.key, "HL-U1", wanted(*YEARS), actor=SYSTEM)
    make_park(session, "P9")
    values = {"own": held.id, "ground": ground.id}
    copy = (
        "INSERT INTO space_allocations "
        "(space_id, kind, period, area_m2, organisation_id, holder, admission_id, made_at) "
        "SELECT (SELECT id FROM spaces WHERE code = :code), 'lease', period, area_m2, organisation_id, "
        "holder, :ground, made_at FROM space_allocations WHERE id = :own"
    )
    statements: dict[str, tuple[str, dict[str, Any]]] = {
        "of another park": (copy, values | {"code": "P9-U1"}),
        "ended": (copy, values | {"code": "HL-U2"}),
    }
    if fault == "ended":
        session.execute(text("UPDATE park_admissions SET ended_at = now(), end_reason = 'x'"))
    statement, sent = statements.get(fault, (f"UPDATE space_allocations SET {fault}", {}))  # noqa: S608 - ours
    with pytest.raises(DBAPIError, match="admission"), session.begin_nested():
        session.execute(text(statement), sent)


def test_an_admission_is_seen_by_its_park_and_its_own_people(
    client: FlaskClient, session: Session, ground: ParkAdmission
) -> None:
    session.commit()
    client.set_cookie("language", "en")
    address = f"/admissions/{ground.key}"

    def opened(**who: Any) -> tuple[int, str]:
        sign_in(client, session, make_person(session, **who))
        session.commit()
        answer = client.get(address)
        return answer.status_code, answer.text

    runner = {"grants": [{"role": "park_administrator", "scope_park": "HL"}]}
    assert opened(grants=[{"role": "park_administrator", "scope_park": "TT"}])[0] == 404
    assert opened(organisation=make_organisation(session))[0] == 404
    with client.get("/admissions.csv") as theirs:
        assert (theirs.status_code, ground.key in theirs.data.decode()) == (200, False)
    own = opened(organisation=session.get_one(Organisation, ground.organisation_id))
    assert own[0] == 200
    with client.get("/admissions.csv") as mine:
        assert ground.key in mine.data.decode()
    assert "Hold a space" not in own[1]
    assert client.post(f"{address}/place").status_code == 403
    assert "Hold a space" in opened(**runner)[1]


def test_a_place_is_given_in_the_browser(client: FlaskClient, session: Session, ground: ParkAdmission) -> None:
    sign_in(client, session, make_person(session, grants=[{"role": "park_administrator", "scope_park": "HL"}]))
    session.commit()
    client.set_cookie("language", "en")
    address = f"/admissions/{ground.key}"
    listed = client.get("/parks/HL/admissions").text
    assert ground.key in listed

    sent = {"space": "HL-U1", "starts_on": YEARS[0], "ends_on": YEARS[1]}
    assert client.post(f"{address}/place", data=sent | {"space": "HL-X"}).status_code == 422
    assert client.post(f"{address}/place", data=sent).status_code == 303
    assert client.post(f"{address}/place", data=sent | {"space": "HL-U2"}).status_code == 409
    assert client.post(f"{address}/end", data={"reason": "Nhà đầu tư xin thôi."}).status_code == 409
    assert ground.key not in client.get("/parks/HL/admissions").text
    assert "HL-U1" in client.get("/parks/HL/admissions?show=all").text
    assert client.post("/parks/HL/admissions/since", data={"since": "2026-09-01"}).status_code == 303
    with pytest.raises(NotFound):
        admissions.find_admission(session, "XN-999999", actor=SYSTEM)


def test_the_stay_that_was_offered_stands_on_the_page(
    client: FlaskClient, session: Session, ground: ParkAdmission
) -> None:
    sign_in(client, session, make_person(session, grants=[{"role": "park_administrator", "scope_park": "HL"}]))
    session.commit()
    client.set_cookie("language", "vi")

    page = client.get(f"/admissions/{ground.key}")

    assert page.status_code == 200
    assert "04/01/2027 – 30/06/2027" in page.text


def test_an_admission_leads_to_its_dossier_whoever_may_read_that(
    client: FlaskClient, session: Session, ground: ParkAdmission
) -> None:
    key = session.scalars(select(Case.key).where(Case.id == ground.case_id)).one()
    address = f"/dossiers/{key}"
    investor = make_person(session, organisation=session.get_one(Organisation, ground.organisation_id))
    for reader in (investor, make_person(session, grants=[{"role": "park_administrator", "scope_park": "HL"}])):
        sign_in(client, session, reader)
        session.commit()

        links = open_page(client, f"/admissions/{ground.key}").root.all("a", href=address)

        assert len(links) == (client.get(address).status_code == 200), reader.full_name
        assert len(links) == (reader is investor)

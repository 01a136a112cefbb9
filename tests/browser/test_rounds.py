"""A round in a real browser: a firm applies, people decide otherwise for a reason they publish, the firm accepts."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import text
from sqlalchemy.orm import Session

from accounts.models import Organisation
from foundation.actors import SYSTEM
from foundation.database import as_of, now
from foundation.workdays import local_date
from parks.models import ParkAdmission
from parks.operations import rounds
from tests.accounts.factories import make_organisation, make_person, open_session
from tests.browser.conftest import LiveServer
from tests.parks.admitting import Board
from tests.parks.grounds import make_park
from tests.parks.test_rounds import enter, stated

_turns = count(1)
"""A test that is tried again founds another park."""
FIRST, LAST = timedelta(days=60), timedelta(days=425)


def _admitted(session: Session, park: str) -> tuple[Organisation, str]:
    """A firm that was admitted to a new park, and the admission."""
    ground = make_park(session, park)
    board = Board(session, make_organisation(session))
    made = ParkAdmission(
        case_id=board.case.id,
        organisation_id=board.firm.id,
        park_id=ground.id,
        kind="project",
        title="Trung tâm thiết kế vi mạch",
        wish={"area_m2": "80"},
    )
    session.add(made)
    session.flush()
    return board.firm, made.key


def _round(session: Session, park: str) -> str:
    today = local_date(now())
    with as_of(now() - timedelta(days=10)):
        terms = stated(
            closes_on=today,
            starts_on=today + FIRST,
            ends_on=today + LAST,
            spaces={f"{park}-U1": None},
            needs_admission=False,
        )
        contest = rounds.publish_round(session, park, terms, actor=SYSTEM)
        enter(session, contest, "Công ty Sao Khuê", 9, 1, [f"{park}-U1"])
    return contest.key


def _a_day_passes(session: Session, key: str) -> None:
    """What was published never changes; here the calendar does."""
    session.execute(text("SET LOCAL session_replication_role = replica"))
    session.execute(text("UPDATE allocation_rounds SET closes_on = closes_on - 1 WHERE key = :key"), {"key": key})


def test_a_round_from_the_application_to_the_published_list(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, axe: Callable[[Page], None]
) -> None:
    park = f"R{next(_turns)}"
    with live_server.database.session() as session:
        firm, admission = _admitted(session, park)
        key = _round(session, park)
        own = open_session(session, make_person(session, organisation=firm))
        runs = open_session(session, make_person(session, grants=["park_administrator"]))
        session.commit()
        name = firm.name_vi

    def page_of(secret: str, width: int) -> Page:
        context = new_context(viewport={"width": width, "height": 900})
        for cookie, value in (("khuevan_session", secret), ("language", "en")):
            context.add_cookies([{"name": cookie, "value": value, "url": live_server.url}])
        return context.new_page()

    def look(page: Page) -> None:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url

    applicant, desk = page_of(own, 375), page_of(runs, 1280)
    applicant.goto(f"/admissions/{admission}")
    look(applicant)
    applicant.get_by_role("link", name="Round 1").click()
    applicant.get_by_role("link", name="Apply to the round").click()
    look(applicant)
    applicant.get_by_label("Sector").fill("ai")
    applicant.get_by_label("First wish").select_option(f"{park}-U1")
    applicant.get_by_role("button", name="Send the application").click()
    expect(applicant.get_by_text("Your application is in.")).to_be_visible()

    for address in ("/admissions", f"/parks/{park}/admissions", f"/admissions/{admission}"):
        desk.goto(address)
        look(desk)
    with live_server.database.session() as session:
        _a_day_passes(session, key)
        session.commit()
    desk.goto(f"/rounds/{key}")
    desk.get_by_role("link", name=f"Decide otherwise {name}").click()
    desk.get_by_role("link", name=f"{park}-U1").click()
    expect(desk.get_by_text("ranks lower and has it")).to_be_visible()
    look(desk)
    desk.get_by_label("Reason, published with the list").fill("Nhiệm vụ cấp bách của Thành phố.")
    desk.get_by_role("button", name=f"Give {park}-U1 to this firm").click()
    expect(desk.get_by_text("1 firm could rightly complain")).to_be_visible()
    look(desk)
    desk.get_by_role("button", name="Decide all the same").click()
    expect(desk.get_by_role("heading", name="Published list")).to_be_visible()

    applicant.goto(f"/rounds/{key}")
    expect(applicant.get_by_text("Decided otherwise than proposed: Nhiệm vụ cấp bách")).to_be_visible()
    look(applicant)
    applicant.get_by_role("button", name="Accept").click()
    expect(applicant.get_by_text(f"{park}-U1 · accepted")).to_be_visible()

"""Answers in a real browser: kept while they are typed, offline, signed out, and beside a colleague's."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import delete, select

from accounts.models import Organisation, Person, SignInSession
from accounts.places import ensure_wards
from applications.models import Application, Case
from tests.accounts.factories import make_organisation, make_person, open_session
from tests.browser.conftest import LiveServer

PROCEDURE = "/procedures/innovation-desk"
SAVED, NOT_SAVED = "[data-save-bar][data-state=saved]", "[data-save-bar][data-state=failed]"
LISTENING = "form[data-autosave][data-listening]"
"""The form once its script has arrived: without a network it never would."""
Contexts = Callable[..., BrowserContext]
PATIENCE = 15_000
"""Milliseconds until a retry has come through, also on a busy machine."""


@dataclass(frozen=True)
class Team:
    """Two people of one organisation."""

    server: LiveServer
    ids: tuple[int, int]
    organisation_id: int

    def page(self, context: BrowserContext, member: int = 0) -> Page:
        """A window in which this member is signed in."""
        self.sign_in(context, member)
        return context.new_page()

    def sign_in(self, context: BrowserContext, member: int = 0) -> None:
        with self.server.database.session() as session:
            secret = open_session(session, session.get_one(Person, self.ids[member]))
            session.commit()
        context.add_cookies([{"name": "khuevan_session", "value": secret, "url": self.server.url}])

    def sign_out_everywhere(self) -> None:
        with self.server.database.session() as session:
            session.execute(delete(SignInSession).where(SignInSession.person_id.in_(self.ids)))
            session.commit()

    def answers(self) -> dict[str, object]:
        """What is stored in the organisation's one draft."""
        with self.server.database.session() as session:
            query = select(Application).where(Case.organisation_id == self.organisation_id)
            return dict(session.scalars(query).one().answers)


@pytest.fixture
def team(live_server: LiveServer) -> Team:
    with live_server.database.session() as session:
        organisation = make_organisation(session)
        people = [make_person(session, organisation=organisation, language="en") for _ in range(2)]
        session.commit()
        return Team(live_server, (people[0].id, people[1].id), organisation.id)


def begin(page: Page) -> str:
    """Open a draft and its first section; the section's address."""
    page.goto(PROCEDURE)
    page.locator("form[action$='/start'] button").click()
    page.locator(".task-line a").first.click()
    expect(page.locator("form[data-autosave]")).to_be_visible(timeout=PATIENCE)
    return page.url


def test_what_is_typed_is_saved_without_pressing_anything(
    team: Team, new_context: Contexts, axe: Callable[[Page], None]
) -> None:
    page = team.page(new_context())
    address = begin(page)

    page.fill("#project_name", "Nhắc lịch tiêm")
    page.check("input[name=stage][value=prototype]")

    expect(page.locator(SAVED)).to_contain_text("Saved at")
    expect(page.locator("[data-save-state]")).to_contain_text(":")
    axe(page)
    assert team.answers() == {"project_name": "Nhắc lịch tiêm", "stage": "prototype"}
    page.goto(address)
    expect(page.locator("#project_name")).to_have_value("Nhắc lịch tiêm")


def test_what_was_typed_before_the_script_arrived_is_saved_too(team: Team, new_context: Contexts) -> None:
    page = team.page(new_context())
    address = begin(page)
    held: list[Route] = []
    page.route("**/autosave*.js*", lambda route: held.append(route))
    page.goto(address, wait_until="commit")
    page.fill("#project_name", "Gõ sớm")
    page.check("input[name=stage][value=prototype]")
    expect(page.locator(LISTENING)).to_have_count(0)

    for route in held:
        route.continue_()

    expect(page.locator(SAVED)).to_be_visible(timeout=PATIENCE)
    assert team.answers() == {"project_name": "Gõ sớm", "stage": "prototype"}


def test_rows_of_a_table_are_saved_as_they_come_and_go(team: Team, new_context: Contexts) -> None:
    page = team.page(new_context())
    begin(page)
    page.locator("[data-row]").nth(0).locator("input[name$='-name']").fill("Một")
    page.locator("button[name=add_row]").click()
    page.locator("[data-row]").nth(1).locator("input[name$='-name']").fill("Hai")
    expect(page.locator(SAVED)).to_be_visible()

    with page.expect_response("**/answers"):
        page.locator("[data-row]").nth(0).locator("[data-remove-row]").click()

    expect(page.locator(SAVED)).to_be_visible()
    assert team.answers() == {"members": [{"name": "Hai"}]}


def test_an_unsound_answer_is_told_when_the_field_is_left(team: Team, new_context: Contexts) -> None:
    page = team.page(new_context())
    begin(page)
    page.goto(page.url.replace(page.url.rsplit("/", 1)[1], "plan"))
    page.fill("#desks", "nhiều lắm")
    expect(page.locator(SAVED)).to_be_visible()

    page.locator("#pitch").focus()

    expect(page.locator("[data-question=desks] .field-error")).to_be_visible()
    page.fill("#desks", "3")
    expect(page.locator("[data-question=desks] .field-error")).to_have_count(0)
    assert team.answers() == {"desks": 3}


def test_what_follows_from_an_answer_is_shown_at_once(
    team: Team, new_context: Contexts, axe: Callable[[Page], None]
) -> None:
    page = team.page(new_context())
    begin(page)
    page.goto(page.url.replace(page.url.rsplit("/", 1)[1], "plan"))
    page.fill("#stay-from", "2027-01-04")
    page.fill("#stay-to", "2027-12-31")

    expect(page.locator("[data-calculated=stay_months]")).to_have_text("12 months")
    axe(page)
    page.fill("#stay-to", "2027-06-30")
    expect(page.locator("[data-calculated=stay_months]")).to_have_text("6 months")


def test_a_moment_offline_loses_nothing(team: Team, new_context: Contexts, axe: Callable[[Page], None]) -> None:
    context = new_context()
    page = team.page(context)
    begin(page)
    expect(page.locator(LISTENING)).to_be_visible(timeout=PATIENCE)
    context.set_offline(True)
    page.fill("#project_name", "Gõ khi mất mạng")
    expect(page.locator(NOT_SAVED)).to_contain_text("Not saved yet", timeout=PATIENCE)
    axe(page)
    page.locator("button[name=go][value=next]:not([aria-hidden])").click()
    expect(page.locator("#project_name")).to_have_value("Gõ khi mất mạng")

    context.set_offline(False)

    expect(page.locator(SAVED)).to_be_visible(timeout=PATIENCE)
    assert team.answers() == {"project_name": "Gõ khi mất mạng"}


def test_a_window_closed_while_offline_keeps_what_was_typed(team: Team, new_context: Contexts) -> None:
    context = new_context()
    page = team.page(context)
    address = begin(page)
    expect(page.locator(LISTENING)).to_be_visible(timeout=PATIENCE)
    context.set_offline(True)
    page.fill("#project_name", "Đóng cửa sổ")
    expect(page.locator(NOT_SAVED)).to_be_visible(timeout=PATIENCE)
    page.close()
    context.set_offline(False)
    assert team.answers() == {}

    again = context.new_page()
    again.goto(address)

    expect(again.locator("[data-save-bar][data-state=restored]")).to_be_visible(timeout=PATIENCE)
    expect(again.locator("#project_name")).to_have_value("Đóng cửa sổ")
    assert team.answers() == {"project_name": "Đóng cửa sổ"}


def test_an_expired_session_loses_nothing(team: Team, new_context: Contexts) -> None:
    context = new_context()
    page = team.page(context)
    begin(page)
    team.sign_out_everywhere()
    page.fill("#project_name", "Hết phiên")
    expect(page.locator("[data-save-bar][data-state=signedOut]")).to_contain_text("signed out", timeout=PATIENCE)
    expect(page.get_by_role("link", name="Sign in again")).to_be_visible()

    team.sign_in(context)

    expect(page.locator(SAVED)).to_be_visible(timeout=PATIENCE)
    assert team.answers() == {"project_name": "Hết phiên"}


def test_two_colleagues_see_both_answers_and_choose(
    team: Team, new_context: Contexts, axe: Callable[[Page], None]
) -> None:
    mine = team.page(new_context(), 0)
    theirs = team.page(new_context(), 1)
    theirs.goto(begin(mine))
    theirs.fill("#project_name", "Của đồng nghiệp")
    expect(theirs.locator(SAVED)).to_be_visible()

    mine.fill("#project_name", "Của tôi")

    conflict = mine.locator("[data-conflict=project_name]")
    expect(conflict).to_contain_text("Của đồng nghiệp", timeout=PATIENCE)
    expect(conflict).to_contain_text("Của tôi")
    axe(mine)
    assert team.answers() == {"project_name": "Của đồng nghiệp"}
    conflict.get_by_role("button", name="Keep this answer").click()
    expect(conflict).to_have_count(0)
    expect(mine.locator("#project_name")).to_have_value("Của đồng nghiệp")
    with mine.expect_response("**/answers"):
        mine.fill("#project_name", "Cả hai đồng ý")
    expect(mine.locator(SAVED)).to_be_visible()
    expect(conflict).to_have_count(0)
    assert team.answers() == {"project_name": "Cả hai đồng ý"}


def test_choosing_ones_own_answer_saves_it(team: Team, new_context: Contexts) -> None:
    mine = team.page(new_context(), 0)
    theirs = team.page(new_context(), 1)
    theirs.goto(begin(mine))
    theirs.fill("#project_name", "Của đồng nghiệp")
    expect(theirs.locator(SAVED)).to_be_visible()
    mine.fill("#project_name", "Của tôi")

    with mine.expect_response("**/answers"):
        mine.get_by_role("button", name="Replace it by yours").click()

    expect(mine.locator(SAVED)).to_be_visible()
    assert team.answers() == {"project_name": "Của tôi"}


def test_without_scripts_the_button_saves_and_shows_both_answers(team: Team, new_context: Contexts) -> None:
    mine = team.page(new_context(java_script_enabled=False), 0)
    theirs = team.page(new_context(java_script_enabled=False), 1)
    theirs.goto(begin(mine))
    theirs.fill("#project_name", "Của đồng nghiệp")
    theirs.locator("button[name=go][value=back]").click()
    assert team.answers() == {"project_name": "Của đồng nghiệp"}

    mine.fill("#project_name", "Của tôi")
    mine.locator("button[name=go][value=back]").click()
    expect(mine.locator("[data-conflict=project_name]")).to_contain_text("Của đồng nghiệp")
    assert team.answers() == {"project_name": "Của đồng nghiệp"}
    mine.get_by_role("button", name="Replace it by yours").click()

    expect(mine.locator("#project_name")).to_have_value("Của tôi")
    assert team.answers() == {"project_name": "Của tôi"}


@pytest.mark.parametrize("is_scripted", [True, False])
def test_what_the_profile_says_is_taken_over_by_one_press(
    team: Team, new_context: Contexts, axe: Callable[[Page], None], is_scripted: bool
) -> None:
    with team.server.database.session() as session:
        ensure_wards(session)
        session.get_one(Organisation, team.organisation_id).ward_code = "00004"
        session.commit()
    page = team.page(new_context(java_script_enabled=is_scripted, viewport={"width": 375, "height": 812}))
    begin(page)
    if is_scripted:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    page.get_by_role("button", name="Use these answers").click()

    expect(page.locator("#home_ward")).to_have_value("00004")
    expect(page.locator(".reuse")).to_have_count(0)
    assert team.answers() == {"home_ward": "00004"}

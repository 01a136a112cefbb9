"""A startup applies in a real browser: begins, answers, adds documents, checks and sends; also without JavaScript."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import pikepdf
import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from tests.accounts.factories import make_organisation, make_person, open_session
from tests.browser.conftest import LiveServer

PROCEDURE = "/procedures/innovation-desk"
PITCH = "Ứng dụng giúp trạm y tế phường đặt lịch tiêm chủng và nhắc người dân đúng hẹn, đúng loại vắc-xin. " * 2
ACKNOWLEDGEMENT = re.compile(r"BN-\d{4}-\d{7}")
PHONE, DESKTOP = {"width": 375, "height": 812}, {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Reader:
    """Somebody with a browser who looks at every page: it fits its screen and, with scripts, axe finds nothing."""

    page: Page
    axe: Callable[[Page], None]
    is_scripted: bool

    def look(self) -> None:
        if not self.is_scripted:
            return
        self.axe(self.page)
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), self.page.url

    def go_on(self) -> None:
        """Press the button that saves and continues, and look at what comes."""
        with self.page.expect_navigation():  # what was typed last is kept first
            self.page.locator("button[name=go][value=next]:not([aria-hidden])").click()
        self.look()


def applicant(live_server: LiveServer, context: BrowserContext, language: str = "vi") -> Page:
    """A page of a person who applies for an organisation of their own."""
    with live_server.database.session() as session:
        person = make_person(session, organisation=make_organisation(session), language=language)
        secret = open_session(session, person)
        session.commit()
    context.add_cookies([{"name": "khuevan_session", "value": secret, "url": live_server.url}])
    return context.new_page()


def pdf(name: str) -> FilePayload:
    document, stream = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(stream)
    return {"name": name, "mimeType": "application/pdf", "buffer": stream.getvalue()}


def begin(page: Page) -> None:
    page.goto(PROCEDURE)
    page.locator("form[action$='/start'] button").click()


@pytest.mark.parametrize(
    ("language", "is_scripted", "size"),
    [("vi", True, PHONE), ("vi", False, PHONE), ("en", True, DESKTOP), ("fr", False, DESKTOP)],
)
def test_a_startup_applies_from_the_procedure_to_the_acknowledgement(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    axe: Callable[[Page], None],
    language: str,
    is_scripted: bool,
    size: dict[str, int],
) -> None:
    page = applicant(live_server, new_context(java_script_enabled=is_scripted, viewport=size), language)
    reader = Reader(page, axe, is_scripted)

    page.goto(PROCEDURE)
    reader.look()
    begin(page)
    reader.look()
    tell_of_the_team(reader)
    tell_of_the_plan(reader)
    ask_for_relief(reader)
    add_documents(reader)
    check_and_send(reader)

    expect(page.locator(".sent-number")).to_have_text(ACKNOWLEDGEMENT)
    assert page.locator("html").get_attribute("lang") == language
    page.goto("/desk")
    reader.look()
    expect(page.get_by_role("table").get_by_role("link", name="Nhắc lịch tiêm")).to_be_visible()


def tell_of_the_team(reader: Reader) -> None:
    page = reader.page
    page.locator(".task-line a").first.click()
    reader.look()
    page.fill("#project_name", "Nhắc lịch tiêm")
    page.check("input[name=stage][value=prototype]")
    fill_member(page, 0, "Nguyễn Thị Hoa", "Sáng lập")
    page.locator("button[name=add_row]").click()
    expect(page.locator("[data-row]")).to_have_count(2)
    fill_member(page, 1, "Đỗ Văn Bình", "Kỹ thuật")
    page.select_option("#home_ward", label=page.locator("#home_ward option[value='00004']").text_content())
    reader.go_on()


def fill_member(page: Page, number: int, name: str, part: str) -> None:
    row = page.locator("[data-row]").nth(number)
    row.locator("input[name$='-name']").fill(name)
    row.locator("input[name$='-part']").fill(part)
    row.locator("input[name$='-is_full_time'][value=yes]").check()


def tell_of_the_plan(reader: Reader) -> None:
    page = reader.page
    page.fill("#pitch", PITCH)
    page.fill("#incubation_plan", PITCH)
    page.fill("#desks", "4")
    page.fill("#stay-from", "2027-01-04")
    page.fill("#stay-to", "2027-12-31")
    reader.go_on()


def ask_for_relief(reader: Reader) -> None:
    """The ground is asked for once relief is wanted: at once, or after saving where no script runs."""
    page = reader.page
    ground = page.locator("[data-question=relief_ground]")
    expect(ground).to_be_hidden()
    page.check("input[name=wants_relief][value=yes]")
    page.check("#accepts_house_rules")
    if not reader.is_scripted:
        reader.go_on()
    expect(ground).to_be_visible()
    page.check("input[name=relief_ground][value=startup]")
    reader.go_on()


def add_documents(reader: Reader) -> None:
    page = reader.page
    page.locator(".task-line a[href*='#pitch_deck']").click()
    reader.look()
    page.set_input_files("#pitch_deck-file", pdf("gioi-thieu.pdf"))
    if not reader.is_scripted:
        page.locator("#pitch_deck form button").click()
    expect(page.locator("#pitch_deck .slot-file")).to_contain_text("gioi-thieu.pdf")
    reader.look()


def check_and_send(reader: Reader) -> None:
    page = reader.page
    page.locator(".draft-actions .btn-primary").click()
    reader.look()
    expect(page.get_by_role("main")).to_contain_text("Đỗ Văn Bình")
    page.locator(".check-send button[type=submit]").click()
    reader.look()


def test_a_mistake_is_told_above_and_beside_its_input_and_nothing_typed_is_lost(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, axe: Callable[[Page], None]
) -> None:
    page = applicant(live_server, new_context())
    begin(page)
    page.locator(".task-line a").nth(1).click()
    page.fill("#desks", "nhiều lắm")
    page.fill("#pitch", "Ngắn")

    page.locator("button[name=go][value=next]:not([aria-hidden])").click()

    expect(page.locator(".error-summary")).to_be_focused()
    axe(page)
    page.locator(".error-summary a[href='#desks']").click()
    expect(page.locator("#desks")).to_be_focused()
    expect(page.locator("#desks")).to_have_value("nhiều lắm")
    expect(page.locator("#pitch")).to_have_value("Ngắn")
    assert page.locator("#desks").get_attribute("aria-describedby") == "desks-hint desks-error"


def test_wards_are_found_without_marks(new_context: Callable[..., BrowserContext], live_server: LiveServer) -> None:
    page = applicant(live_server, new_context())
    begin(page)
    page.locator(".task-line a").first.click()

    page.locator("[data-question=home_ward] input[type=search]").fill("ba dinh")

    assert page.locator("#home_ward optgroup option").all_text_contents() == ["Phường Ba Đình"]


def test_rows_come_and_go_and_keep_the_focus(
    new_context: Callable[..., BrowserContext], live_server: LiveServer
) -> None:
    page = applicant(live_server, new_context())
    begin(page)
    page.locator(".task-line a").first.click()
    fill_member(page, 0, "Một", "A")

    page.locator("button[name=add_row]").click()
    expect(page.locator("[data-row]").nth(1).locator("input[name$='-name']")).to_be_focused()
    page.locator("[data-row]").nth(0).locator("[data-remove-row]").click()

    expect(page.locator("button[name=add_row]")).to_be_focused()
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row] [data-row-number]").first).to_have_text("1")


def test_a_refused_file_says_why_without_leaving_the_page(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, axe: Callable[[Page], None]
) -> None:
    page = applicant(live_server, new_context(viewport=PHONE))
    begin(page)
    page.goto(page.url.removesuffix("/draft") + "/documents")

    page.set_input_files(
        "#pitch_deck-file", {"name": "gia.pdf", "mimeType": "application/pdf", "buffer": b"khong phai pdf"}
    )

    expect(page.locator("#pitch_deck [data-upload-outcome]")).to_be_focused()
    axe(page)
    expect(page.locator("#pitch_deck .slot-file")).to_have_count(0)

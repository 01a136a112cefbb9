"""Aids for writing a dossier in a real browser: a ward on the map, a table from a spreadsheet, the check before."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.answering import choose_language
from tests.browser.conftest import LiveServer
from tests.browser.test_applicant import DESKTOP, PHONE, applicant

PROCEDURE = "/procedures/controlled-test"
Open = Callable[..., BrowserContext]


def begin(page: Page, section: str) -> None:
    """A new dossier of the controlled test, at one of its sections."""
    page.goto(PROCEDURE)
    page.locator("form[action$='/start'] button[type=submit]").click()
    page.wait_for_url("**/draft")
    page.goto(f"{page.url}/{section}")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_ward_is_chosen_on_the_map_and_stands_in_the_list(
    live_server: LiveServer, new_context: Open, axe: Callable[[Page], None], size: dict[str, int]
) -> None:
    page = applicant(live_server, new_context(viewport=size))
    begin(page, "test_plan")
    page.locator("input[name=spaces][value=physical]").check()
    row = page.locator("[data-question=area] [data-row]").first

    row.locator("[data-ward-map]").click()
    dialog = page.locator("dialog.ward-dialog")
    expect(dialog).to_be_visible()
    dialog.locator("path[data-code='00004']").dispatch_event("click")

    expect(dialog.locator("[role=status]")).to_have_text("Phường Ba Đình")
    axe(page)
    dialog.get_by_role("button", name="Đóng bản đồ").click()
    expect(row.locator("[data-question=ward] select")).to_have_value("00004")
    expect(row.locator("[data-ward-map]")).to_be_focused()
    page.locator("button[name=go][value=back]").click()
    page.wait_for_url("**/draft")
    page.goto(f"{page.url}/test_plan")
    expect(page.locator("[data-question=area] [data-question=ward] select").first).to_have_value("00004")


@pytest.mark.parametrize(("is_scripted", "size"), [(True, DESKTOP), (False, PHONE)])
def test_a_table_is_filled_from_pasted_cells_and_emptied_again(
    live_server: LiveServer, new_context: Open, axe: Callable[[Page], None], is_scripted: bool, size: dict[str, int]
) -> None:
    page = applicant(live_server, new_context(viewport=size, java_script_enabled=is_scripted))
    begin(page, "resources")
    page.fill("#test_lead", "Trần Mai Lan")
    page.locator("button[name=fill][value=team]").click()
    page.fill("#sheet-text", "Họ và tên hoặc vị trí\tNhiệm vụ trong thử nghiệm\nLê Bảo\tChỉ huy bay\nĐỗ Vy\tAn toàn\n")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".fill-rows tbody tr")).to_have_count(2)
    if is_scripted:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url

    page.locator("button[name=go][value=fill]").click()
    names = page.locator("[data-question=team] [data-row] input[name$='-name']")
    expect(names).to_have_count(2)
    expect(names.nth(1)).to_have_value("Đỗ Vy")
    expect(page.locator("#test_lead")).to_have_value("Trần Mai Lan")
    page.locator("button[name=undo_fill][value=team]").click()
    expect(names).to_have_count(1)
    expect(names.first).to_have_value("")


OWN_WORDS = {
    "vi": "Thuộc thẩm quyền của cơ quan khác",
    "en": "Another authority is competent",
    "fr": "Une autre autorité est compétente",
}


@pytest.mark.parametrize(
    ("language", "is_scripted", "size"), [("vi", True, PHONE), ("en", True, DESKTOP), ("fr", False, PHONE)]
)
def test_the_check_before_the_form_answers_anybody_and_is_kept_in_the_address(
    new_context: Open, axe: Callable[[Page], None], language: str, is_scripted: bool, size: dict[str, int]
) -> None:
    page = new_context(viewport=size, java_script_enabled=is_scripted).new_page()
    page.goto(PROCEDURE)
    choose_language(page, language)
    page.locator("main a[href$='/precheck']").click()
    for name, value in {"applicant_kind": "organisation", "test_setting": "real", "state_pilot": "no"}.items():
        page.check(f"input[name={name}][value={value}]")
    page.select_option("select[name=sector]", "health")
    page.check("input[name=regime][value=ai]")
    page.check("input[name=several_provinces][value=no]")
    if not is_scripted:
        page.locator("main .draft-actions button").click()
        expect(page.locator(".error-summary")).to_be_visible()
    page.check("input[name=present_rules][value=hinder]")
    page.check("input[name=ai_level][value=l3]")
    page.locator("main .draft-actions button").click()

    expect(page.locator(".precheck-kind")).to_have_text(OWN_WORDS[language])
    expect(page.locator("html")).to_have_attribute("lang", language)
    if is_scripted:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    other = new_context().new_page()
    other.goto(page.url)
    expect(other.locator(".precheck-kind")).to_have_text(OWN_WORDS["vi"])
    page.locator(".precheck-verdict ~ section a.btn, section a.btn").first.click()
    expect(page.locator("input[name=ai_level][value=l3]")).to_be_checked()

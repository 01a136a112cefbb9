"""Aids for writing a dossier in a real browser: a ward on the map, a table from a spreadsheet, the check before."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

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

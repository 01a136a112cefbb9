"""Who runs a park and whoever looks for space, in a real browser: desk, reports and vacancies, whole and accessible."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import LiveServer

OPEN, AXE = Callable[..., BrowserContext], Callable[[Page], None]


@pytest.mark.parametrize(("width", "theme"), [(375, "dark"), (1280, "light")])
def test_desk_reports_and_vacancies_fit_and_are_accessible(
    new_context: OPEN, live_server: LiveServer, axe: AXE, width: int, theme: str
) -> None:
    context = new_context(viewport={"width": width, "height": 812})
    context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    page = context.new_page()
    page.goto("/vacancies")
    expect(page.locator("[data-vacancy-map][data-drawn]")).to_be_visible()
    axe(page)
    page.goto("/sign-in")
    page.locator("[name=email]").fill("quanlykhu@demo.example")
    page.locator("[name=password]").fill("hanoi-demo-2026")
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(f"{live_server.url}/park-desk")

    sheets = [f"/parks/TT/reports/{sheet}" for sheet in ("rent-roll", "arrears?age=to_30", "zones")]
    for address in ("/park-desk?park=TT", "/park-desk/waiting", "/park-reports", "/parks/TT/reports", *sheets):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address

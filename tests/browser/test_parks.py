"""A park in the browser: found from the front page, looked at on the map, and a space held by who runs it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import LiveServer

PHONE, DESKTOP = {"width": 375, "height": 812}, {"width": 1280, "height": 900}
OPEN, AXE = Callable[..., BrowserContext], Callable[[Page], None]


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_anybody_looks_for_space_on_map_table_and_stacking_plan(
    new_context: OPEN, live_server: LiveServer, axe: AXE, size: dict[str, int]
) -> None:
    page = new_context(viewport=size).new_page()
    page.goto("/parks")
    axe(page)
    page.get_by_role("link", name="Khu công nghệ số Tây Tựu").click()

    expect(page.locator("[data-park-map][data-drawn]")).to_be_visible()
    assert int(page.locator("[data-park-map]").get_attribute("data-drawn") or 0) > 20
    axe(page)
    page.get_by_label("Tô màu theo").select_option("expiry")
    expect(page.locator('[data-legend="expiry"]')).to_be_visible()
    assert "colour=expiry" in page.url

    for address in ("/spaces/TT-A01-N", "/spaces/HIC-A01-N2", "/parks/TT?space=TT-A02"):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def test_who_runs_a_park_holds_a_space_without_scripts(new_context: OPEN, live_server: LiveServer, axe: AXE) -> None:
    page = new_context(viewport=DESKTOP, java_script_enabled=False).new_page()
    page.goto("/sign-in")
    page.locator("[name=email]").fill("quanlykhu@demo.example")
    page.locator("[name=password]").fill("hanoi-demo-2026")
    page.locator("main form button[type=submit]").click()

    page.goto("/spaces/HIC-A01-N601")
    page.get_by_label("Giữ cho ai").fill("Công ty Thử Nghiệm")
    page.get_by_label("Ngày bắt đầu").fill("2190-01-01")
    page.get_by_label("Ngày kết thúc").fill("2190-12-31")
    page.get_by_role("button", name="Giữ chỗ", exact=True).click()

    expect(page.get_by_role("cell", name="Công ty Thử Nghiệm")).to_be_visible()
    page.get_by_role("button", name="Giải phóng mặt bằng").click()
    expect(page.get_by_text("Mặt bằng đã trống trở lại.")).to_be_visible()


def test_the_pages_of_who_runs_a_park_are_accessible(new_context: OPEN, live_server: LiveServer, axe: AXE) -> None:
    page = new_context(viewport=PHONE).new_page()
    page.goto("/sign-in")
    page.locator("[name=email]").fill("quanlykhu@demo.example")
    page.locator("[name=password]").fill("hanoi-demo-2026")
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for address in ("/parks/HIC/plan", "/spaces/HL-A10", "/spaces/HL-A10/change"):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address

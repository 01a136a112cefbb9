"""The deals of the demonstration fund in the browser: board, list and deal, read on a phone and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import LiveServer

PHONE, DESKTOP = {"width": 375, "height": 812}, {"width": 1280, "height": 900}


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_whoever_manages_a_fund_follows_its_deals(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    axe: Callable[[Page], None],
    size: dict[str, int],
) -> None:
    page = new_context(viewport=size).new_page()
    page.goto("/sign-in")
    page.locator("[name=email]").fill("quanlyquy@demo.example")
    page.locator("[name=password]").fill("hanoi-demo-2026")
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.goto("/funds/QMH/deals")
    _sound(page, axe)
    page.get_by_role("link", name="Danh sách").click()
    expect(page.get_by_role("table")).to_be_visible()
    _sound(page, axe)
    page.get_by_role("link", name="Trạm sạc xe máy điện trên trụ đèn chiếu sáng").click()
    expect(page.get_by_text("Định giá cao so với doanh thu hiện tại")).to_be_visible()
    expect(page.get_by_text("Cơ quan điều hành quỹ, đứng tên thay các nhà đầu tư")).to_be_visible()
    _sound(page, axe)


def _sound(page: Page, axe: Callable[[Page], None]) -> None:
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url

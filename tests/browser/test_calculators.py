"""The calculators, opened by anybody: found from the front page, filled in, read on a phone."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from fund.forms.calculators import CALCULATORS as OF_FUNDS
from parks.forms.calculators import CALCULATORS as OF_PARKS
from tests.browser.conftest import LiveServer

CALCULATORS = OF_FUNDS | OF_PARKS
PHONE, DESKTOP = {"width": 375, "height": 812}, {"width": 1280, "height": 900}


@pytest.mark.parametrize(("is_scripted", "size"), [(True, DESKTOP), (True, PHONE), (False, PHONE)])
def test_an_analyst_tests_a_ceiling(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, is_scripted: bool, size: dict[str, int]
) -> None:
    page = new_context(java_script_enabled=is_scripted, viewport=size, locale="vi").new_page()
    page.goto(live_server.url)

    page.get_by_role("link", name="Công cụ tính").first.click()
    page.get_by_role("link", name="Trần vốn của Thành phố").click()
    page.get_by_label("Vốn của Thành phố").fill("600.000.000.000")
    page.get_by_label("Số tiền, hàng 1").fill("600.000.000.000")
    page.get_by_role("button", name="Tính", exact=True).last.click()

    expect(page.get_by_role("definition").filter(has_text=re.compile(r"^24\.489\.795\.919"))).to_be_visible()
    expect(page.get_by_text("23.529.411.765")).to_be_visible()


@pytest.mark.parametrize("code", CALCULATORS)
def test_each_page_is_open_to_all_and_fits_a_phone(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, axe: Callable[[Page], None], code: str
) -> None:
    page = new_context(viewport=PHONE).new_page()
    example = urlencode(CALCULATORS[code].example, doseq=True)

    for address in (
        f"/calculators/{code}?{example}",
        f"/calculators/{code}?nav=x&city=x&amount=x&hurdle=x&starts_on=x&on=x",
    ):
        page.goto(live_server.url + address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address

"""What a visitor's browser gets from a running installation."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.answering import choose_language
from tests.browser.conftest import LiveServer


def test_the_process_answers_in_a_browser(page: Page, live_server: LiveServer) -> None:
    answer = page.goto("/healthz")

    assert answer is not None
    assert answer.json() == {"status": "ok"}


@pytest.mark.parametrize(("width", "is_scripted"), [(320, True), (375, False), (1280, True)])
def test_the_top_of_public_pages_is_one_row_with_everything_in_reach(
    new_context: Callable[..., BrowserContext], axe: Callable[[Page], None], width: int, is_scripted: bool
) -> None:
    page = new_context(viewport={"width": width, "height": 800}, java_script_enabled=is_scripted).new_page()
    for language in ("en", "fr", "vi"):
        page.goto("/")
        choose_language(page, language)
        expect(page.locator("html")).to_have_attribute("lang", language)

        box = page.locator(".top").bounding_box()
        assert box is not None
        assert box["height"] < 80, (language, box)
        expect(page.locator(".top-links")).to_be_visible(visible=width >= 1280)
    if width < 1280:
        page.locator(".top-fold > summary").click()
    if is_scripted:
        axe(page)
    page.locator(".top-links a[href='/tests']").click()
    expect(page.locator("h1")).to_have_text("Sổ đăng ký thử nghiệm")
    if is_scripted:
        axe(page)

"""What a visitor's browser gets from a running installation."""

from playwright.sync_api import Page

from tests.browser.conftest import LiveServer


def test_the_process_answers_in_a_browser(page: Page, live_server: LiveServer) -> None:
    answer = page.goto("/healthz")

    assert answer is not None
    assert answer.json() == {"status": "ok"}

"""The reference page of the API in a real browser: readable on a phone and by everybody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

OPEN_ALL = "document.querySelectorAll('details.api-operation').forEach(part => part.open = true)"
WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_the_reference(
    new_context: Callable[..., BrowserContext], axe: Callable[[Page], None], scheme: str
) -> None:
    page = new_context(viewport={"width": 320, "height": 900}, color_scheme=scheme).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))

    page.goto("/api/v1/")
    page.evaluate(OPEN_ALL)

    axe(page)
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == 0
    assert complaints == []


def test_it_works_without_scripts(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/api/v1/")

    page.get_by_text("Count working days from a day").click()

    assert page.locator("#read_due_date dt", has_text="working_days").is_visible()


def test_the_reader_s_language_is_kept(page: Page) -> None:
    page.goto("/api/v1/")

    page.get_by_role("button", name="Français").click()

    assert page.url.endswith("/api/v1/")
    assert page.get_by_role("heading", level=1).inner_text() == "Pour les programmes\N{NO-BREAK SPACE}: l’API"

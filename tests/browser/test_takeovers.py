"""An officer in a real browser: chooses how to be told, takes over an older register, compares two dossiers."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from foundation.exports import Column, write
from sandbox.precedents import HEADINGS, PROCEDURE, precedent_rows
from tests.accounts.factories import make_person, open_session
from tests.browser.conftest import LiveServer

OPEN = Callable[..., BrowserContext]
AXE = Callable[[Page], None]
SAID = {
    "vi": ("Đã lưu lựa chọn của bạn.", "1 dòng cần sửa", "Đã tiếp nhận 17 hồ sơ.", "Hai hồ sơ đặt cạnh nhau"),
    "en": (
        "Your choice is saved.",
        "1 row needs correction",
        "17 dossiers were taken over.",
        "Two dossiers side by side",
    ),
    "fr": (
        "Votre choix est enregistré.",
        "1 ligne à corriger",
        "17 dossiers ont été repris.",
        "Deux dossiers côte à côte",
    ),
}


@dataclass(frozen=True)
class Officer:
    """Somebody who looks at every page: it fits its screen and, with scripts, axe finds nothing."""

    page: Page
    axe: AXE
    is_scripted: bool

    def look(self) -> None:
        if self.is_scripted:
            self.axe(self.page)
            width = self.page.viewport_size
            assert width is not None
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width["width"]

    def send(self, register: str, content: bytes) -> None:
        self.page.goto("/takeovers")
        self.look()
        self.page.locator("#procedure").select_option(PROCEDURE)
        self.page.locator("#register").fill(register)
        self.page.locator("#file").set_input_files({"name": "so-cu.xlsx", "mimeType": "", "buffer": content})
        self.page.locator("form[enctype] button[type=submit]").click()


def _sheet(**changed: object) -> bytes:
    """The precedents as a workbook; in the last row something is changed."""
    rows = [dict(row) for row in precedent_rows()]
    rows[-1] |= changed
    target = io.BytesIO()
    columns = [Column(name, lambda row, name=name: row[name]) for name in HEADINGS]  # type: ignore[misc]
    write("xlsx", columns, rows, target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("language", "width", "has_scripts"), [("vi", 1280, True), ("en", 375, True), ("fr", 1280, False)]
)
def test_an_older_register_is_taken_over(
    new_context: OPEN, live_server: LiveServer, axe: AXE, language: str, width: int, has_scripts: bool
) -> None:
    chosen, wrong, done, compared = SAID[language]
    with live_server.database.session() as session:
        secret = open_session(session, make_person(session, grants=["intake_officer"], language=language))
        session.commit()
    context = new_context(java_script_enabled=has_scripts, viewport={"width": width, "height": 900})
    context.add_cookies([{"name": "khuevan_session", "value": secret, "url": live_server.url}])
    officer = Officer(context.new_page(), axe, has_scripts)
    page, register = officer.page, f"Register {language}"

    page.goto("/account/notices")
    officer.look()
    page.locator("input[name=messages][value=digest]").check()
    page.locator("form.notice-choices button[type=submit]").click()
    expect(page.get_by_text(chosen)).to_be_visible()

    officer.send(register, _sheet(year="long ago"))
    expect(page.get_by_text(wrong)).to_be_visible()
    officer.look()

    officer.send(register, _sheet())
    officer.look()
    page.locator("#sheet form button[type=submit]").click()
    expect(page.locator("#sheet").get_by_text(done)).to_be_visible()
    officer.look()

    keys = [str(link.get_attribute("href")).rsplit("/", 1)[1] for link in page.locator("#sheet tbody a").all()[:2]]
    page.goto(f"/dossiers/{keys[0]}")
    officer.look()
    page.goto(f"/compare?case={keys[0]}&case={keys[1]}")
    expect(page.get_by_role("heading", name=compared)).to_be_visible()
    officer.look()

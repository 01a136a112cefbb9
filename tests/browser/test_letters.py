"""Decisions issued together in a real browser: chosen, read in preview, issued, fetched and checked by anybody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from applications.issuing import issue_decision
from applications.models import IssuingItem, Letter
from foundation.database import now
from foundation.workdays import local_date
from tests.accounts.factories import make_person, open_session
from tests.applications.visits import pdf
from tests.browser.conftest import LiveServer

OPEN = Callable[..., BrowserContext]
AXE = Callable[[Page], None]
ORIGINAL = {"name": "quyet-dinh.pdf", "mimeType": "application/pdf", "buffer": pdf()}

WAYS = [
    ("vi", 1280, True, "Đã xong 1 trên 1", "Đúng. Tệp của bạn trùng khớp"),
    ("en", 375, True, "1 of 1 done", "Yes. Your file is the issued letter"),
    ("fr", 1280, False, "1 sur 1 traitées", "Oui. Votre fichier est identique"),
]


def issuer(live_server: LiveServer, language: str) -> str:
    """The cookie of somebody new who issues decisions and reads this language."""
    with live_server.database.session() as session:
        secret = open_session(session, make_person(session, grants=["issuer"], language=language))
        session.commit()
        return secret


def do_the_jobs(live_server: LiveServer) -> None:
    """What the worker does meanwhile."""
    with live_server.database.session() as session:
        for item_id in session.scalars(select(IssuingItem.id).where(IssuingItem.outcome == "waiting")).all():
            issue_decision.work(session, item_id=item_id)
        session.commit()


@pytest.mark.parametrize(("language", "width", "has_scripts", "done", "same"), WAYS)
def test_a_decision_is_previewed_issued_fetched_and_checked(
    new_context: OPEN,
    live_server: LiveServer,
    axe: AXE,
    language: str,
    width: int,
    has_scripts: bool,
    done: str,
    same: str,
) -> None:
    context = new_context(java_script_enabled=has_scripts, viewport={"width": width, "height": 900})
    cookie = {"name": "khuevan_session", "value": issuer(live_server, language), "url": live_server.url}
    context.add_cookies([cookie])  # type: ignore[list-item]  # a plain dict is a cookie
    look: AXE = axe if has_scripts else lambda page: None  # axe itself is a script
    page = context.new_page()

    _choose(page, look)
    _fill(page, number=f"{9000 + width}/QĐ-{language.upper()}")
    _preview(context, page, look)
    _issue(page)
    look(page)
    do_the_jobs(live_server)
    if not has_scripts:
        page.locator("a[href*='/issuing/']").last.click()
    expect(page.get_by_text(done)).to_be_visible()
    look(page)

    address = page.locator("a[href*='/letters/']").get_attribute("href")
    letter = context.request.get(f"{address}?language=vi")
    assert letter.headers["content-type"] == "application/pdf"
    _check(new_context, live_server, language, letter.body(), same, look)


def _choose(page: Page, look: AXE) -> None:
    page.goto("/issuing")
    look(page)
    page.locator("input[name=case]").first.check()
    page.locator("main form button[type=submit]").click()
    look(page)


def _fill(page: Page, *, number: str) -> None:
    page.locator("[name=decided_on]").fill(local_date(now()).isoformat())
    page.locator("[name=signatory]").fill("Nguyễn Văn An")
    page.locator("[name=signatory_title]").fill("Phó Chủ tịch")
    page.locator("[name$='-number']").fill(number)
    page.locator("input[type=file]").set_input_files([ORIGINAL])  # type: ignore[list-item]  # a plain dict is a file


def _preview(context: BrowserContext, page: Page, look: AXE) -> None:
    with context.expect_page() as opened:
        page.locator("button[name=preview]").click()
    preview = opened.value
    expect(preview.locator(".sheet img").first).to_be_visible()
    look(preview)
    preview.close()


def _issue(page: Page) -> None:
    page.locator("#confirmed").check()
    page.locator("main .form-buttons button[type=submit]").click()
    expect(page.locator("progress")).to_be_visible()


def _check(new_context: OPEN, live_server: LiveServer, language: str, content: bytes, same: str, look: AXE) -> None:
    """Somebody who holds the letter, signed in nowhere, checks it by the code and by the file."""
    with live_server.database.session() as session:
        code = session.scalars(select(Letter.code).order_by(Letter.id.desc()).limit(1)).one()
    context = new_context()
    context.add_cookies([{"name": "language", "value": language, "url": live_server.url}])
    page = context.new_page()
    page.goto("/verify")
    look(page)
    page.locator("#code").fill(code.lower())
    page.locator("main button[type=submit]").click()
    expect(page.locator(".digest").first).to_be_visible()
    look(page)
    page.locator("#file").set_input_files([{"name": "a.pdf", "mimeType": "application/pdf", "buffer": content}])
    page.locator("main button[type=submit]").click()
    expect(page.get_by_text(same)).to_be_visible()
    look(page)

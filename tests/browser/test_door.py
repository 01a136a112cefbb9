"""At the door: a dossier is returned part by part, corrected and compared; and followed by anybody with its secret."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from applications.engine import fire
from applications.models import Application
from applications.operations.tracking import renew_secret
from foundation.actors import Actor
from tests.accounts.factories import actor_for
from tests.browser.answering import choose_language
from tests.browser.cast import enter, make_cast, state_of
from tests.browser.conftest import LiveServer

PHONE = {"width": 375, "height": 812}
BETTER = "Người dân nhận hàng nhanh hơn một nửa thời gian, không phát sinh chi phí và bớt chuyến xe máy. " * 2
WAYS = pytest.mark.parametrize(
    ("language", "is_scripted", "size"), [("vi", True, PHONE), ("en", True, PHONE), ("fr", False, PHONE)]
)
CHANGED = {"vi": ("Đã sửa", "Không sửa"), "en": ("Changed", "Not changed"), "fr": ("Modifié", "Inchangé")}
NOW = {"vi": "Chờ tiếp nhận", "en": "Being checked", "fr": "En cours de contrôle"}

OPEN = Callable[..., BrowserContext]
AXE = Callable[[Page], None]


def looking(axe: AXE, language: str, *, is_scripted: bool) -> Callable[[Page], None]:
    """Looks at a page: it is in the reader's language, fits its screen and, with scripts, axe finds nothing."""

    def look(page: Page) -> None:
        expect(page.locator("html")).to_have_attribute("lang", language)
        if is_scripted:
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url

    return look


def applicant_of(session: Session, application: Application) -> Actor:
    """Who wrote the dossier."""
    return actor_for(session, session.get_one(Person, application.created_by_id))


@WAYS
def test_a_dossier_is_returned_corrected_and_compared(
    new_context: OPEN, live_server: LiveServer, axe: AXE, language: str, is_scripted: bool, size: dict[str, int]
) -> None:
    cast = make_cast(live_server, f"Kho lạnh dùng chung {language}", language)
    context = new_context(java_script_enabled=is_scripted, viewport=size)
    look = looking(axe, language, is_scripted=is_scripted)

    officer = enter(context, live_server, cast, "intake_officer")
    return_two_parts(officer, cast.key, look)
    assert state_of(live_server, cast.key) == "supplement_requested"

    applicant = enter(context, live_server, cast, "applicant")
    correct_one_part(applicant, cast.key, look)
    assert state_of(live_server, cast.key) == "checking"

    officer = enter(context, live_server, cast, "intake_officer")
    officer.goto(f"/dossiers/{cast.key}/corrections")
    look(officer)
    parts = officer.locator(".correction")
    expect(parts).to_have_count(2)
    expect(parts.nth(0).locator(".badge")).to_have_text(CHANGED[language][0])
    expect(parts.nth(0).locator(".correction-side").nth(1)).to_contain_text("nhanh hơn một nửa")
    expect(parts.nth(0).locator(".correction-side").nth(0)).not_to_contain_text("nhanh hơn một nửa")
    expect(parts.nth(1).locator(".badge")).to_have_text(CHANGED[language][1])


def return_two_parts(page: Page, key: str, look: Callable[[Page], None]) -> None:
    page.goto(f"/dossiers/{key}/steps/request_supplement")
    look(page)
    page.locator("[id='mark-field.benefit']").check()
    page.locator("[id='mark-document.test_scheme']").check()
    page.locator("button[name=add_marks]").click()
    for row, words in enumerate(("Nêu số liệu so sánh.", "Bổ sung sơ đồ.")):
        page.locator(f"[name='items-{row}-reason']").select_option("unclear")
        page.locator(f"[name='items-{row}-instruction']").fill(words)
    look(page)
    page.locator(".form-buttons .btn-primary").click()
    expect(page).to_have_url(f"/dossiers/{key}")


def correct_one_part(page: Page, key: str, look: Callable[[Page], None]) -> None:
    page.goto(f"/dossiers/{key}/draft")
    look(page)
    expect(page.get_by_text("Nêu số liệu so sánh.")).to_be_visible()
    page.locator("section[aria-labelledby=marked] a[href*='innovation']").click()
    look(page)
    expect(page.locator("main textarea")).to_have_count(1)
    page.fill("#benefit", BETTER)
    with page.expect_navigation():
        page.locator("button[name=go][value=back]").click()
    page.goto(f"/dossiers/{key}/check")
    look(page)
    page.locator(".check-send button[type=submit]").click()
    expect(page).to_have_url(f"/dossiers/{key}/submitted")


@WAYS
def test_anybody_with_the_secret_follows_a_dossier(
    new_context: OPEN, live_server: LiveServer, axe: AXE, language: str, is_scripted: bool, size: dict[str, int]
) -> None:
    cast = make_cast(live_server, f"Trạm đổi pin {language}", language)
    look = looking(axe, language, is_scripted=is_scripted)
    applicant = enter(new_context(java_script_enabled=is_scripted, viewport=size), live_server, cast, "applicant")
    applicant.goto(f"/dossiers/{cast.key}/tracking")
    applicant.locator("form[action$='/tracking'] button").click()
    look(applicant)
    secret = applicant.locator("#secret").inner_text()

    visitor = new_context(java_script_enabled=is_scripted, viewport=size).new_page()
    visitor.goto("/")
    choose_language(visitor, language)
    visitor.locator("main a[href='/track']").click()
    look(visitor)
    visitor.fill("[name=code]", cast.key)
    visitor.fill("[name=secret]", "AAAA-AAAA-AAAA")
    visitor.locator("main form button[type=submit]").click()
    look(visitor)
    expect(visitor.locator(".error-summary")).to_be_visible()
    visitor.fill("[name=secret]", secret.lower().replace("-", " "))
    visitor.locator("main form button[type=submit]").click()

    look(visitor)
    expect(visitor.get_by_role("heading", level=1)).to_have_text(f"Trạm đổi pin {language}")
    expect(visitor.locator(".tracking-now")).to_contain_text(NOW[language])

    visitor.emulate_media(media="print")
    expect(visitor.locator("body > header .top")).to_be_hidden()
    expect(visitor.locator(".tracking-now")).to_be_visible()


def test_the_tracking_page_looks_again_by_itself(new_context: OPEN, live_server: LiveServer) -> None:
    cast = make_cast(live_server, "Trạm đo không khí")
    with live_server.database.session() as session:
        application = session.scalars(select(Application).where(Application.key == cast.key)).one()
        secret = renew_secret(session, application, actor=applicant_of(session, application))
        session.commit()
    visitor = new_context().new_page()
    visitor.clock.install()
    visitor.goto("/track")
    visitor.fill("[name=code]", cast.key)
    visitor.fill("[name=secret]", secret)
    visitor.locator("main form button[type=submit]").click()
    expect(visitor.locator(".tracking-now")).to_contain_text(NOW["vi"])

    with live_server.database.session() as session:
        application = session.scalars(select(Application).where(Application.key == cast.key)).one()
        fire(session, application, "withdraw", actor=applicant_of(session, application), data={"reason": "Đổi ý"})
        session.commit()
    visitor.clock.fast_forward("02:05")

    expect(visitor.locator(".tracking-now")).not_to_contain_text(NOW["vi"])
    expect(visitor.locator("#followed-news")).to_have_text("Trang này vừa có thay đổi.")

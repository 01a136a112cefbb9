"""A startup opens its account and an administrator looks after people, in a real browser, also without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from accounts.models import Person
from foundation.mails import MailMessage
from tests.accounts.factories import make_organisation, make_person, open_session
from tests.browser.conftest import LiveServer

PASSWORD = "con trâu đi trước"
SIGN_UP = {
    "vi": ("Đăng ký tài khoản", "Hãy kiểm tra hộp thư", "Xác nhận", "Đăng nhập"),
    "en": ("Open an account", "Look into your mail", "Confirm", "Sign in"),
    "fr": ("Ouvrir un compte", "Consultez votre messagerie", "Confirmer", "Se connecter"),
}


def _link_mailed_to(live_server: LiveServer, email: str) -> str:
    with live_server.database.session() as session:
        query = select(MailMessage).where(MailMessage.to_address == email).order_by(MailMessage.id.desc())
        return str(session.scalars(query.limit(1)).one().facts["link"])


def _as_administrator(live_server: LiveServer, context: BrowserContext) -> Page:
    """A page of an administrator who has just signed in."""
    with live_server.database.session() as session:
        person = make_person(session, full_name="Quản Trị Viên", grants=["administrator"])
        make_person(session, full_name="Lê Hoa", organisation=make_organisation(session))
        secret = open_session(session, person)
        session.commit()
    context.add_cookies([{"name": "khuevan_session", "value": secret, "url": live_server.url}])
    return context.new_page()


@pytest.mark.parametrize(("language", "is_scripted"), [("vi", True), ("en", False), ("fr", True)])
def test_a_startup_opens_its_account_and_signs_in(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    axe: Callable[[Page], None],
    language: str,
    is_scripted: bool,
) -> None:
    open_account, look, confirm, sign_in = SIGN_UP[language]
    email = f"{language}.{is_scripted}@vi-du.example"
    context = new_context(java_script_enabled=is_scripted)
    context.add_cookies([{"name": "language", "value": language, "url": live_server.url}])
    page = context.new_page()

    page.goto("/sign-up")
    _check(page, axe, is_scripted)
    page.fill("#full_name", "Trần Minh")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.fill("#name_vi", f"Công ty Bình Minh {language}")
    page.select_option("#legal_form", "joint_stock_company")
    page.get_by_role("main").get_by_role("button", name=open_account).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(look)
    page.goto(_link_mailed_to(live_server, email).removeprefix("http://localhost"))
    _check(page, axe, is_scripted)
    page.get_by_role("main").get_by_role("button", name=confirm).click()
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.get_by_role("main").get_by_role("button", name=sign_in).click()
    page.goto("/organisation")

    expect(page.get_by_role("heading", level=1)).to_have_text(f"Công ty Bình Minh {language}")
    assert page.locator("html").get_attribute("lang") == language


def _check(page: Page, axe: Callable[[Page], None], is_scripted: bool) -> None:
    if is_scripted:
        axe(page)


def test_mistakes_are_listed_above_the_form_and_lead_to_their_fields(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto("/sign-up")
    page.fill("#email", "nobody")
    page.fill("#tax_code", "0100233480")
    page.get_by_role("main").get_by_role("button", name="Đăng ký tài khoản").click()

    summary = page.get_by_role("alert")
    expect(summary).to_be_visible()
    expect(page.locator("#full_name")).to_have_attribute("aria-invalid", "true")
    summary.get_by_role("link").first.click()
    expect(page.locator("#full_name")).to_be_focused()
    axe(page)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_of_administration_are_accessible(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, axe: Callable[[Page], None], width: int
) -> None:
    page = _as_administrator(live_server, new_context(viewport={"width": width, "height": 900}))
    with live_server.database.session() as session:
        person_id = session.scalars(select(Person.id).where(Person.full_name == "Lê Hoa").limit(1)).one()
    paths = ["people", "people/invite", f"people/{person_id}", "organisations", "roles", "units", "units/new", "outbox"]

    for path in [*(f"/admin/{path}" for path in paths), "/account", "/account/sessions", "/account/tokens"]:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path


def test_an_administrator_grants_a_role(new_context: Callable[..., BrowserContext], live_server: LiveServer) -> None:
    page = _as_administrator(live_server, new_context())

    page.goto("/admin/people?q=le+hoa")
    page.get_by_role("link", name="Lê Hoa").first.click()
    page.select_option("#role", "auditor")
    page.fill("#reason", "Quyết định số 12")
    page.get_by_role("button", name="Giao vai trò").click()

    expect(page.get_by_role("cell", name="Người kiểm tra, giám sát")).to_be_visible()
    expect(page.get_by_role("button", name="Thu hồi")).to_be_visible()

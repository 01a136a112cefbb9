"""A fund in the browser: what its manager shows, what anybody may read, what one investor sees of the own account."""

from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import LiveServer

PHONE, DESKTOP = {"width": 375, "height": 812}, {"width": 1280, "height": 900}
OPEN, AXE = Callable[..., BrowserContext], Callable[[Page], None]
PAGES = ("dashboard", "results", "valuations", "publication", "ledger?account=paid", "what-if", "calls/1")
SELDOM = ("new", "QMH/terms", "QMH/terms/new", "QMH/stages", "QMH/breach", "QMH/calls", "QMH/calls/new", "QMH/history")


def test_a_manager_goes_from_a_number_to_its_rows_and_enters_a_value_without_scripts(
    new_context: OPEN, live_server: LiveServer, axe: AXE
) -> None:
    page = new_context(viewport=DESKTOP, java_script_enabled=False).new_page()
    _sign_in(page, "quanlyquy@demo.example")
    page.goto("/funds/QMH/dashboard")
    expect(page.get_by_role("img", name="Đường cong J")).to_be_visible()
    page.get_by_role("table").first.get_by_role("link", name="524.000.000.000").click()
    expect(page.get_by_text("524.000.000.000").first).to_be_visible()

    page.goto("/funds/QMH/valuations")
    page.get_by_text("Nhập định giá").click()
    page.get_by_label("Ngày định giá").fill((date.today() - timedelta(days=3)).isoformat())  # noqa: DTZ011 - any past day
    page.get_by_label("Giá trị", exact=True).fill("470.000.000.000")
    page.get_by_label("Nguồn").fill("Tổ định giá (minh họa)")
    page.get_by_role("button", name="Nhập", exact=True).click()

    expect(page.get_by_role("cell", name="470.000.000.000")).to_be_visible()


def test_the_pages_of_a_fund_are_accessible_on_a_phone(new_context: OPEN, live_server: LiveServer, axe: AXE) -> None:
    page = new_context(viewport=PHONE).new_page()
    _visit(page, axe, "/state-capital", "/state-capital/QMH")
    _sign_in(page, "quanlyquy@demo.example")
    _visit(page, axe, *(f"/funds/QMH/{name}" for name in PAGES))

    page = new_context(viewport=PHONE).new_page()
    _sign_in(page, "nhadautu@demo.example")
    _visit(page, axe, "/investments")
    assert page.url.endswith("/investments/QMH/song-xanh")


def test_the_pages_of_a_fund_seldom_asked_for_are_accessible_in_french_and_in_the_dark(
    new_context: OPEN, live_server: LiveServer, axe: AXE
) -> None:
    context = new_context(viewport=DESKTOP, color_scheme="dark")
    page = context.new_page()
    _sign_in(page, "quanlyquy@demo.example")
    context.add_cookies([{"name": "language", "value": "fr", "url": live_server.url}])

    _visit(page, axe, *(f"/funds/{name}" for name in SELDOM))


def test_the_dashboard_of_a_fund_prints_without_what_leads_elsewhere(
    new_context: OPEN, live_server: LiveServer
) -> None:
    page = new_context(viewport=DESKTOP).new_page()
    _sign_in(page, "quanlyquy@demo.example")
    page.goto("/funds/QMH/dashboard")
    page.emulate_media(media="print")

    expect(page.locator("body > header .top")).to_be_hidden()
    expect(page.get_by_role("link", name="Sổ cái", exact=True)).to_be_hidden()
    for heading in ("figures", "ceilings"):
        expect(page.locator(f"#{heading}")).to_be_visible()


def _sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill("hanoi-demo-2026")
    page.locator("main form button[type=submit]").click()


def _visit(page: Page, axe: AXE, *addresses: str) -> None:
    for address in addresses:
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address

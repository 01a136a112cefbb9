"""The city's people decide a controlled test in a real browser, from the queue to the signed permit."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from foundation.database import now
from foundation.workdays import local_date
from tests.applications.visits import pdf
from tests.browser.answering import fill_what_is_required
from tests.browser.cast import Cast, enter, make_cast, state_of
from tests.browser.conftest import LiveServer

OPEN = Callable[..., BrowserContext]
AXE = Callable[[Page], None]
TODAY = local_date(now()).isoformat()


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name, exact=True).click()


def test_a_permit_from_the_queue_to_the_signed_original(new_context: OPEN, live_server: LiveServer, axe: AXE) -> None:
    cast = make_cast(live_server, "Xe tự hành chở thuốc")
    context = new_context()

    _accept(enter(context, live_server, cast, "intake_officer"), cast, axe)
    _prepare_review(enter(context, live_server, cast, "case_officer"), cast, axe)
    for part in ("reviewer_1", "reviewer_2"):
        _review(enter(context, live_server, cast, part), axe)
    _close_review(enter(context, live_server, cast, "case_officer"), cast, axe)
    _convene(enter(context, live_server, cast, "panel_secretary"), cast, axe)
    for part in ("panel_member", "panel_chair"):
        _give_opinion(enter(context, live_server, cast, part), cast, axe)
    _conclude(enter(context, live_server, cast, "panel_chair"), cast, axe)
    _draft(enter(context, live_server, cast, "decision_drafter"), cast, axe)
    _issue(enter(context, live_server, cast, "issuer"), cast, axe)

    assert state_of(live_server, cast.key) == "permitted"
    _read_as_applicant(enter(context, live_server, cast, "applicant"), cast, axe)


def _accept(page: Page, cast: Cast, axe: AXE) -> None:
    page.goto("/queue")
    page.get_by_label("Từ khóa hoặc mã").fill(cast.key)
    press(page, "Lọc")
    axe(page)
    page.locator("[data-row-link]").click()
    axe(page)
    follow(page, "Tiếp nhận hồ sơ")
    axe(page)
    press(page, "Tiếp nhận hồ sơ")
    expect(page.locator(".flash")).to_contain_text("Tiếp nhận hồ sơ")
    expect(page.locator(".dossier-line .code")).to_contain_text("000.00.10.H26-")


def _prepare_review(page: Page, cast: Cast, axe: AXE) -> None:
    page.goto(f"/dossiers/{cast.key}")
    follow(page, "Ghi kết quả đánh giá điều kiện")
    fill_what_is_required(page)
    press(page, "Ghi kết quả đánh giá điều kiện")
    follow(page, "Chọn chuyên gia thẩm định")
    for part in ("reviewer_1", "reviewer_2"):
        page.locator("label", has_text=cast.names[part]).click()
        press(page, "Mời")
    axe(page)
    follow(page, "Quay lại hồ sơ")
    follow(page, "Chuyển thẩm định")
    press(page, "Chuyển thẩm định")
    expect(page.locator(".dossier-line .badge")).to_have_text("Đang thẩm định")


def _review(page: Page, axe: AXE) -> None:
    page.goto("/reviews")
    axe(page)
    page.locator("[data-row-link]").first.click()
    axe(page)
    page.get_by_label("Không, tôi độc lập với tổ chức nộp hồ sơ và kết quả").check()
    press(page, "Khai báo")
    axe(page)
    for scale in page.locator(".scale").all():
        scale.get_by_label("4", exact=True).focus()
        page.keyboard.press("Space")
    press(page, "Lưu")
    expect(page.get_by_role("main")).to_contain_text("Đã chấm đủ tiêu chí.")
    press(page, "Nộp phiếu thẩm định")
    expect(page.locator(".dossier-line .badge")).to_contain_text("80,0%")


def _close_review(page: Page, cast: Cast, axe: AXE) -> None:
    page.goto(f"/dossiers/{cast.key}")
    expect(page.locator(".review-percent")).to_have_text(["80,0%", "80,0%"])
    follow(page, "Kết thúc thẩm định")
    press(page, "Kết thúc thẩm định")
    expect(page.locator(".error-summary")).to_be_focused()
    axe(page)
    fill_what_is_required(page)
    press(page, "Kết thúc thẩm định")


def _convene(page: Page, cast: Cast, axe: AXE) -> None:
    page.goto(f"/dossiers/{cast.key}/steps/convene_panel")
    axe(page)
    page.get_by_label("Số thành viên hội đồng").fill("3")
    page.get_by_label("Ngày họp").fill(TODAY)
    fill_what_is_required(page)
    press(page, "Triệu tập hội đồng tư vấn")
    expect(page.locator("section[aria-labelledby=panel]")).to_contain_text("0 trên 3")


def _give_opinion(page: Page, cast: Cast, axe: AXE) -> None:
    page.goto(f"/dossiers/{cast.key}/steps/give_opinion")
    page.get_by_label("Tán thành, kèm điều kiện").check()
    page.get_by_label("Lý do hoặc điều kiện").fill("Chỉ trong giờ thấp điểm; cần thiết vì đông người.")
    page.get_by_label("Tôi và người thân không có lợi ích").check()
    axe(page)
    press(page, "Cho ý kiến tại hội đồng")
    expect(page.locator("section[aria-labelledby=panel]")).to_contain_text("Chỉ trong giờ thấp điểm")


def _conclude(page: Page, cast: Cast, axe: AXE) -> None:
    page.goto(f"/dossiers/{cast.key}/steps/conclude_panel")
    page.get_by_label("Cho phép thử nghiệm", exact=True).check()
    page.locator("input[type=file]").set_input_files(
        {"name": "bien-ban.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    fill_what_is_required(page)
    press(page, "Kết luận của hội đồng tư vấn")
    axe(page)
    expect(page.locator("section[aria-labelledby=panel]")).to_contain_text("Kiến nghị")


def _draft(page: Page, cast: Cast, axe: AXE) -> None:
    page.goto(f"/dossiers/{cast.key}/steps/draft_decision")
    page.get_by_label("Cho phép thử nghiệm", exact=True).check()
    fill_what_is_required(page)
    axe(page)
    press(page, "Trình dự thảo quyết định")
    expect(page.locator(".flash")).to_contain_text("Trình dự thảo quyết định")


def _issue(page: Page, cast: Cast, axe: AXE) -> None:
    page.goto(f"/dossiers/{cast.key}")
    follow(page, "Ghi nhận quyết định cho phép")
    axe(page)
    page.get_by_label("Số quyết định").fill(f"{int.from_bytes(cast.key.encode()) % 10**8}/QĐ-UBND")
    page.get_by_label("Ngày ban hành").fill(TODAY)
    page.locator("input[type=file]").set_input_files(
        {"name": "quyet-dinh.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    press(page, "Ghi nhận quyết định cho phép")
    expect(page.get_by_text("quyet-dinh.pdf")).to_be_visible()
    fill_what_is_required(page)
    press(page, "Ghi nhận quyết định cho phép")
    axe(page)
    expect(page.locator("section[aria-labelledby=decision] .badge")).to_have_text("Chấp thuận")


def _read_as_applicant(page: Page, cast: Cast, axe: AXE) -> None:
    page.goto(f"/dossiers/{cast.key}")
    axe(page)
    expect(page.locator(".dossier-line .badge")).to_have_text("Được phép thử nghiệm")
    expect(page.locator(".review-percent")).to_have_count(0)
    for link in ("Bản gốc đã ký",):
        address = page.get_by_role("link", name=link).get_attribute("href")
        assert page.request.get(f"{page.url.split('/dossiers')[0]}{address}").body().startswith(b"%PDF")
    letter = page.locator(".happening a.btn").first.get_attribute("href")
    assert page.request.get(f"{page.url.split('/dossiers')[0]}{letter}").body().startswith(b"%PDF")


def test_officers_work_without_javascript(new_context: OPEN, live_server: LiveServer) -> None:
    cast = make_cast(live_server, "Trạm sạc không dây")
    context = new_context(java_script_enabled=False)
    page = enter(context, live_server, cast, "intake_officer")

    page.goto(f"/queue?q={cast.key}")
    page.locator("[data-row-link]").click()
    page.get_by_role("button", name="Hiện Số điện thoại", exact=False).click()
    expect(page.locator(".reveal-note")).to_have_count(1)
    page.get_by_label("Tin nhắn của bạn").fill("Đề nghị bổ sung bản vẽ.")
    press(page, "Gửi")
    expect(page.locator(".message-text")).to_have_text("Đề nghị bổ sung bản vẽ.")
    follow(page, "Yêu cầu bổ sung hồ sơ")
    page.locator("button[name=add_row]").first.click()
    fill_what_is_required(page)
    press(page, "Yêu cầu bổ sung hồ sơ")

    assert state_of(live_server, cast.key) == "supplement_requested"
    reader = enter(context, live_server, cast, "applicant")
    reader.goto("/notices")
    reader.get_by_role("main").get_by_role("button", name="Mở").first.click()
    assert cast.key in reader.url


PAGES = {
    "intake_officer": [
        "/queue",
        "/queue?kind=all&late=late",
        "/queue?state=checking&holder=nobody",
        "/exports?list=applications.queue_file&state=checking",
        "/queue/filters?state=checking",
        "/queue/filters",
        "/queue/batches/new?case={key}",
        "/search?q=cua+hang",
        "/dossiers/{key}",
        "/notices",
        "/stuck",
        "/account/calendar",
    ],
    "case_officer": ["/dossiers/{key}", "/dossiers/{key}/steps/request_supplement", "/dossiers/{key}/reviewers"],
    "auditor": [
        "/admin/audit",
        "/dossiers/{key}",
        "/dossiers/{key}/clock",
        "/dossiers/{key}/timeline",
        "/admin/procedures",
    ],
    "administrator": ["/admin/procedures/controlled-test/1", "/admin/calendars", "/admin/calendars/vn-hanoi"],
    "reviewer_1": ["/reviews"],
    "applicant": ["/dossiers/{key}", "/dossiers/{key}/submissions", "/dossiers/{key}/tracking"],
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_pages_fit_and_are_accessible(
    new_context: OPEN, live_server: LiveServer, axe: AXE, width: int, theme: str
) -> None:
    cast = make_cast(live_server, "Cửa hàng không người bán")
    context = new_context(viewport={"width": width, "height": 812})

    for part, addresses in PAGES.items():
        page = enter(context, live_server, cast, part)
        context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
        for address in addresses:
            page.goto(address.format(key=cast.key))
            axe(page)
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow == 0, f"{address} is {overflow} px too wide at {width}"


def test_arrow_keys_walk_the_queue_and_slash_finds_the_search(new_context: OPEN, live_server: LiveServer) -> None:
    cast = make_cast(live_server, "Lịch tưới theo cảm biến")
    page = enter(new_context(), live_server, cast, "intake_officer")
    page.goto("/queue")

    page.keyboard.press("/")
    expect(page.get_by_label("Từ khóa hoặc mã")).to_be_focused()
    page.locator("[data-row-link]").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-row-link]").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("[data-row-link]").first).to_be_focused()


def test_a_step_is_made_on_all_rows_of_a_saved_filter(new_context: OPEN, live_server: LiveServer, axe: AXE) -> None:
    cast = make_cast(live_server, "Đèn tín hiệu theo lưu lượng")
    page = enter(new_context(), live_server, cast, "intake_officer")

    page.goto(f"/queue?q={cast.key}")
    follow(page, "Lưu bộ lọc này")
    page.get_by_label("Tên").fill("Mới đến")
    press(page, "Lưu bộ lọc")
    page.goto("/queue?kind=open")
    page.get_by_role("link", name="Mới đến").click()
    page.get_by_label("Chọn tất cả trên trang này").check()
    expect(page.locator("tbody input[name=case]")).to_be_checked()
    press(page, "Xử lý các hồ sơ đã chọn")
    page.locator("form", has=page.locator("[name=step][value=accept]")).get_by_role("button").click()
    expect(page.locator("tbody .badge", has_text="Có")).to_have_count(1)
    axe(page)
    page.locator("main form .form-buttons button").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã thực hiện: 1")
    axe(page)

    assert state_of(live_server, cast.key) == "in_appraisal"
    page.locator(".back-link").click()
    expect(page.locator("[name=q]")).to_have_value(cast.key)


def test_pages_of_a_document_are_pictures(new_context: OPEN, live_server: LiveServer, axe: AXE) -> None:
    cast = make_cast(live_server, "Bản đồ ngập theo giờ")
    page = enter(new_context(), live_server, cast, "case_officer")
    page.goto(f"/dossiers/{cast.key}")

    page.get_by_role("link", name="Xem tai-lieu.pdf").first.click()
    axe(page)

    pictures = page.locator(".sheet img")
    expect(pictures).to_have_count(2)
    assert pictures.first.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 1100

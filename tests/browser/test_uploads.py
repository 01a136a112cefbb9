"""Documents in a real browser: dropped together, broken off and continued, refused with the reason, without scripts."""

import base64
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, Route, expect
from sqlalchemy import select

from applications.models import Case, Document
from applications.operations.drafts import create_draft
from applications.packs.catalogue import pack_of_version
from foundation.pieces import PIECE
from tests.accounts.factories import actor_for, make_organisation, make_person, open_session
from tests.browser.conftest import LiveServer

OPEN = Callable[..., BrowserContext]
AXE = Callable[[Page], None]
PHONE, DESKTOP = {"width": 375, "height": 812}, {"width": 1280, "height": 900}
NO_PDF = "Tệp không thuộc loại được nhận ở đây: DOCX, PDF."
DROP = """([section, files]) => {
  const carried = new DataTransfer();
  for (const file of files) {
    const bytes = Uint8Array.from(atob(file.text), (letter) => letter.charCodeAt(0));
    carried.items.add(new File([bytes], file.name, { type: file.type, lastModified: 1 }));
  }
  const place = document.getElementById(section);
  for (const kind of ["dragover", "drop"]) {
    place.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
  }
}"""


@dataclass
class Draft:
    """The documents page of a draft, open in a browser; ``slot`` takes several PDF files."""

    page: Page
    key: str
    slot: str

    @property
    def section(self) -> Locator:
        return self.page.locator(f"section#{self.slot}")

    @property
    def files(self) -> Locator:
        return self.section.locator(".slot-file")

    def open(self) -> None:
        self.page.goto(f"/dossiers/{self.key}/documents")

    def choose(self, *files: FilePayload) -> None:
        self.page.set_input_files(f"#{self.slot}-file", files)

    def drop(self, *files: FilePayload) -> None:
        told = [
            {"name": file["name"], "type": file["mimeType"], "text": base64.b64encode(file["buffer"]).decode()}
            for file in files
        ]
        self.page.evaluate(DROP, [self.slot, told])


@dataclass
class Wire:
    """The connection of a page: cuts itself after so many pieces; counts what got through."""

    page: Page
    cut_after: int | None
    through: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.context.route("**/uploads/**", self.carry)

    def carry(self, route: Route) -> None:
        if self.cut_after is not None and len(self.through) >= self.cut_after:
            route.abort("connectionreset")
            return
        if route.request.method == "PATCH":
            self.through.append(route.request.url)
        route.continue_()


@pytest.fixture
def open_draft(new_context: OPEN, live_server: LiveServer) -> Callable[..., Draft]:
    """Opens the documents page of a new draft, in a context with these options."""

    def begin(**options: object) -> Draft:
        context = new_context(**options)
        with live_server.database.session() as session:
            organisation = make_organisation(session)
            person = make_person(session, organisation=organisation, language="vi")
            actor = actor_for(session, person)
            draft = create_draft(session, "controlled-test", actor=actor, organisation_id=organisation.id)
            pack = pack_of_version(session, draft.version_id)
            slot = next(spec.key for spec in pack.documents if spec.max_files > 2 and spec.when is None)
            secret, key = open_session(session, person), draft.key
            session.commit()
        context.add_cookies([{"name": "khuevan_session", "value": secret, "url": live_server.url}])
        opened = Draft(context.new_page(), key, slot)
        opened.open()
        return opened

    return begin


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def pdf(*, size: int = 0, **options: object) -> bytes:
    """A true PDF of at least ``size`` bytes."""
    document, stream = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.Root.Filler = document.make_stream(bytes(range(256)) * (size // 256))
    document.save(stream, compress_streams=False, **options)
    return stream.getvalue()


def stored(live_server: LiveServer, key: str) -> Sequence[tuple[str, int]]:
    """Names and sizes of the documents of a dossier."""
    with live_server.database.session() as session:
        query = select(Document.filename, Document.size).join(Case, Case.id == Document.case_id)
        return [(row.filename, row.size) for row in session.execute(query.where(Case.key == key).order_by(Document.id))]


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_files_dropped_together_are_stored_and_the_false_one_says_why(
    open_draft: Callable[..., Draft], live_server: LiveServer, axe: AXE, size: dict[str, int]
) -> None:
    draft = open_draft(viewport=size)
    axe(draft.page)

    draft.drop(file("mot.pdf", pdf()), file("hai.pdf", pdf(size=5000)), file("gia.pdf", b"khong phai pdf"))

    refused = draft.section.locator("[data-upload-outcome]")
    expect(refused).to_be_focused()
    expect(refused).to_contain_text("gia.pdf")
    expect(refused).to_contain_text(NO_PDF)
    expect(draft.files).to_have_count(2)
    axe(draft.page)
    assert draft.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert [name for name, _ in stored(live_server, draft.key)] == ["mot.pdf", "hai.pdf"]


def test_a_file_goes_on_by_itself_when_the_connection_is_back_and_no_part_is_sent_twice(
    open_draft: Callable[..., Draft], live_server: LiveServer
) -> None:
    draft, content = open_draft(), pdf(size=4 * PIECE)
    wire = Wire(draft.page, cut_after=2)

    draft.choose(file("lon.pdf", content))
    expect(draft.section.locator("[data-state]")).to_contain_text("Kết nối bị gián đoạn")
    wire.cut_after = None
    draft.page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(draft.files).to_contain_text("lon.pdf")
    assert len(wire.through) == -(-len(content) // PIECE)
    assert stored(live_server, draft.key) == [("lon.pdf", len(content))]


def test_a_file_goes_on_after_the_page_was_loaded_again(
    open_draft: Callable[..., Draft], live_server: LiveServer, axe: AXE, tmp_path: Path
) -> None:
    draft, content, path = open_draft(), pdf(size=4 * PIECE), tmp_path / "lon.pdf"
    path.write_bytes(content)
    wire = Wire(draft.page, cut_after=3)
    draft.page.set_input_files(f"#{draft.slot}-file", path)
    expect(draft.section.locator("[data-state]")).to_contain_text("Kết nối bị gián đoạn")

    draft.open()
    wire.cut_after = None
    note = draft.section.locator(".slot-unfinished")
    expect(note).to_contain_text("“lon.pdf”: đã nhận")
    axe(draft.page)
    draft.page.set_input_files(f"#{draft.slot}-file", path)

    expect(draft.files).to_contain_text("lon.pdf")
    expect(note).to_have_count(0)
    assert len(wire.through) == -(-len(content) // PIECE)
    assert stored(live_server, draft.key) == [("lon.pdf", len(content))]


def test_a_file_on_its_way_can_be_given_up(open_draft: Callable[..., Draft], live_server: LiveServer) -> None:
    draft = open_draft()
    wire = Wire(draft.page, cut_after=1)
    draft.choose(file("lon.pdf", pdf(size=2 * PIECE)))
    expect(draft.section.locator("[data-state]")).to_contain_text("Kết nối bị gián đoạn")

    wire.cut_after = None
    draft.section.get_by_role("button", name="Bỏ lon.pdf").click()

    expect(draft.section.locator(".slot-line")).to_have_count(0)
    draft.open()
    expect(draft.section.locator(".slot-unfinished")).to_have_count(0)
    assert stored(live_server, draft.key) == []


@pytest.mark.parametrize("is_scripted", [True, False])
def test_an_encrypted_pdf_is_refused_with_the_way_out(
    open_draft: Callable[..., Draft], live_server: LiveServer, is_scripted: bool
) -> None:
    draft = open_draft(java_script_enabled=is_scripted)
    locked = pdf(encryption=pikepdf.Encryption(user="mat khau", owner="mat khau"))

    draft.choose(file("khoa.pdf", locked))
    if not is_scripted:
        draft.section.locator("form[data-upload] button").first.click()

    expect(draft.section.locator("[data-upload-outcome]")).to_contain_text("mật khẩu")
    assert stored(live_server, draft.key) == []


def test_several_files_are_sent_without_scripts(open_draft: Callable[..., Draft], live_server: LiveServer) -> None:
    draft = open_draft(java_script_enabled=False)

    draft.choose(file("mot.pdf", pdf()), file("gia.pdf", b"khong phai pdf"), file("hai.pdf", pdf(size=5000)))
    draft.section.locator("form[data-upload] button").first.click()

    expect(draft.files).to_have_count(2)
    expect(draft.section.locator("[data-upload-outcome]")).to_contain_text("gia.pdf")
    assert [name for name, _ in stored(live_server, draft.key)] == ["mot.pdf", "hai.pdf"]


def test_the_next_version_takes_the_place_of_one_of_several_files(
    open_draft: Callable[..., Draft], live_server: LiveServer
) -> None:
    draft = open_draft()
    draft.choose(file("mot.pdf", pdf()), file("hai.pdf", pdf(size=5000)))
    expect(draft.files).to_have_count(2)

    draft.files.first.locator("summary").click()
    draft.files.first.locator("input[type=file]").set_input_files(file("mot-moi.pdf", pdf(size=9000)))

    expect(draft.files.first).to_contain_text("mot-moi.pdf")
    expect(draft.files).to_have_count(2)
    expect(draft.section.locator(".slot-earlier")).to_contain_text("mot.pdf")


def test_the_arrow_keys_turn_the_pages_of_a_document_also_into_the_next_portion(
    open_draft: Callable[..., Draft], axe: AXE
) -> None:
    draft, document, out = open_draft(viewport=DESKTOP), pikepdf.new(), io.BytesIO()
    for _ in range(22):
        document.add_blank_page()
    document.save(out)
    draft.choose(file("dai.pdf", out.getvalue()))
    draft.files.get_by_role("link", name="Xem dai.pdf").click()
    page = draft.page
    expect(page.locator("[data-keys-hint]")).to_be_visible()
    axe(page)

    page.locator("#page-1").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#page-2")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#page-1")).to_be_focused()
    page.fill("[data-jump] input", "20")
    page.keyboard.press("Enter")
    expect(page.locator("#page-20")).to_be_focused()
    page.keyboard.press("ArrowRight")

    expect(page.locator("#page-21")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#page-20")).to_be_focused()

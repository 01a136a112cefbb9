"""Letters: complete in each language, the same bytes each time, and nothing in their facts is ever obeyed."""

import ctypes
import shutil
import unicodedata
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applications import letters
from applications.letters import NOT_SHOWN, SHOWN, TEMPLATES, printable, render
from tests.applications.letter_facts import CODE, KEY, some_facts
from tests.applications.letter_facts import TEMPLATES as NAMES
from tests.applications.small_pack import words

SHARED = {"layout.typ", "parts.typ", "words.typ"}
"""What templates are made of."""
SHEETS = {"precheck.typ", "decision_file.typ", "capital_call.typ", "lease.typ"}
"""Sheets that are no letters of a dossier; the tests of their pages read them."""


def text_of(pdf: bytes) -> str:
    """All that a reader could select, on one line."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return unicodedata.normalize("NFC", " ".join(" ".join(pages).split()))


def test_every_shipped_template_is_tested() -> None:
    shipped = {path.name for path in (TEMPLATES / "1").glob("*.typ")} - SHARED

    assert shipped - SHEETS == set(NAMES)


@pytest.mark.parametrize("template", NAMES)
@pytest.mark.parametrize("language", ["vi", "en", "fr"])
def test_each_letter_names_its_dossier_in_each_language(template: str, language: str) -> None:
    text = text_of(render(template, some_facts(), language))

    assert CODE in text
    assert KEY in text


@pytest.mark.parametrize(
    ("language", "motto"),
    [
        ("vi", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("en", "SOCIALIST REPUBLIC OF VIET NAM"),
        ("fr", "RÉPUBLIQUE SOCIALISTE DU VIÊT NAM"),
    ],
)
def test_only_translations_say_that_they_are_one(language: str, motto: str) -> None:
    text = text_of(render("form_01.typ", some_facts(), language))

    assert motto in text
    assert ("Translation for information" in text) == (language == "en")
    assert ("Traduction à titre" in text) == (language == "fr")


def test_a_letter_takes_its_own_language_from_trilingual_facts() -> None:
    text = text_of(render("form_01.typ", some_facts(), "fr"))

    assert "Công ty Cổ phần Cánh Diều Xanh (fr)" in text
    assert "(en)" not in text


def test_the_appointment_is_said_in_words() -> None:
    assert "ngày 14 tháng 12 năm 2026" in text_of(render("form_01.typ", some_facts(), "vi"))
    assert "14 December 2026" in text_of(render("form_01.typ", some_facts(), "en"))
    assert "14 décembre 2026" in text_of(render("form_01.typ", some_facts(), "fr"))


def test_small_days_and_months_take_a_zero_in_vietnamese() -> None:
    text = text_of(render("form_01.typ", some_facts(due_on="2027-02-03"), "vi"))

    assert "ngày 03 tháng 02 năm 2027" in text


def test_a_supplement_request_lists_every_item_and_the_last_day() -> None:
    rows = [[words(f"Thành phần {number}"), words("Bổ sung")] for number in range(1, 8)]
    asked = {"key": "items", "label": words("Cần bổ sung"), "columns": [words("Mục"), words("Nội dung")], "rows": rows}

    text = text_of(render("form_02.typ", some_facts(answers=[asked]), "vi"))

    assert all(f"Thành phần {number}." in text for number in range(1, 8))
    assert "ngày 14 tháng 12 năm 2026" in text


def test_a_routed_dossier_learns_the_competent_authority() -> None:
    with_authority = text_of(render("form_03.typ", some_facts(), "vi"))
    without = text_of(render("form_03.typ", some_facts(data={"reasons": "Sai đối tượng"}), "vi"))

    assert "Cơ quan có thẩm quyền giải quyết: Bộ Công an" in with_authority
    assert "Cơ quan có thẩm quyền" not in without


def test_a_permit_carries_its_regulation_and_the_decision() -> None:
    text = text_of(render("decision_permit.typ", some_facts(), "vi"))

    assert "1234/QĐ-UBND" in text
    assert "Phạm vi: Ba điểm nhận" in text
    assert "Trạm y tế" in text


def test_missing_facts_leave_no_empty_labels() -> None:
    facts = some_facts(code=None, organisation=None, officer=None, agency=None, due_on=None, term=None, documents=[])

    text = text_of(render("form_01.typ", facts, "vi"))

    assert "Tiếp nhận hồ sơ của" not in text
    assert "Ngày hẹn trả kết quả" not in text
    assert KEY in text


def test_the_same_facts_give_the_same_bytes() -> None:
    assert render("form_02.typ", some_facts(), "vi") == render("form_02.typ", some_facts(), "vi")


def test_a_letter_is_archivable_and_accessible() -> None:
    with pikepdf.open(BytesIO(render("form_01.typ", some_facts(), "vi"))) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("vi")


@pytest.mark.parametrize(
    "hostile",
    [
        '#import "layout.typ": *',
        '#read("/etc/passwd")',
        "#set page(fill: red)",
        '"); panic("x',
        "$ x^2 $ *bold* _em_ `raw` @label <label>",
        "= Not a heading",
        "\\u{41} \\ // comment /* comment */",
    ],
)
@pytest.mark.parametrize("template", NAMES)
def test_markup_in_facts_is_only_text(template: str, hostile: str) -> None:
    facts = some_facts(title=hostile, organisation={"vi": hostile, "en": hostile, "fr": hostile})
    facts["lines"][0]["title"] = hostile

    text = text_of(render(template, facts, "en"))

    assert " ".join(hostile.split()) in text


def test_a_very_long_text_runs_over_pages_and_stays_on_them() -> None:
    endless = "a" * 4000
    facts = some_facts(data={"reasons": f"{endless}\n" + "Lý do rất dài. " * 600})

    pdf = render("form_03.typ", facts, "vi")

    document = pypdfium2.PdfDocument(pdf)
    assert len(document) > 2
    for page in document:
        width = page.get_width()
        boxes = [item.get_bounds() for item in page.get_objects()]
        assert all(left >= 0 and right <= width for left, _, right, _ in boxes)
    document.close()


def test_emoji_and_unknown_scripts_become_squares() -> None:
    text = text_of(render("form_01.typ", some_facts(title="Bay 🚁 漢字 xanh"), "vi"))

    assert f"Bay {NOT_SHOWN} {NOT_SHOWN * 2} xanh" in text


def test_controls_and_directions_vanish() -> None:
    assert printable("a\x00b\u202ec\u200dd\ud800e\r\nf") == "abcde\nf"


def test_text_is_composed() -> None:
    assert printable(unicodedata.normalize("NFD", "Việt Nam")) == "Việt Nam"


def test_a_template_outside_the_folder_is_unknown() -> None:
    with pytest.raises(KeyError):
        render("../letters/form_01.typ", some_facts(), "vi")
    with pytest.raises(KeyError):
        render("../1/form_01.typ", some_facts(), "vi")


def test_every_character_let_through_can_be_set_upright_bold_and_slanted() -> None:
    alphabet = "".join(chr(code) for code in range(0x20, 0x2600) if SHOWN.match(chr(code)))
    words = " ".join(alphabet[start : start + 16] for start in range(0, len(alphabet), 16))

    pdf = render("form_01.typ", some_facts(title=words, organisation=words, place=words), "vi")

    assert pdf.startswith(b"%PDF")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_at_all_can_be_printed(text: str) -> None:
    data = {"reasons": text, "authority_name": text}

    assert render("form_03.typ", some_facts(title=text, data=data), "vi").startswith(b"%PDF")


def test_the_page_is_that_of_an_administrative_document() -> None:
    facts = some_facts(data={"reasons": "Lý do rất dài. " * 600})

    document = pypdfium2.PdfDocument(render("1/form_03.typ", facts, "vi"))

    first, second = document[0], document[1]
    left, _, right, _ = _extent(first)
    assert 30 <= left / MM <= 35
    assert 15 <= (first.get_width() - right) / MM <= 20
    assert second.get_textpage().get_text_bounded().split()[0] == "2"
    box = second.get_textpage().get_charbox(0)
    assert abs((box[0] + box[2]) / 2 - (30 + (210 - 30 - 18) / 2) * MM) < 2
    assert not first.get_textpage().get_text_bounded().startswith("1")
    document.close()


MM = 72 / 25.4


def _extent(page: pypdfium2.PdfPage) -> tuple[float, float, float, float]:
    """What a page's print takes up, in points: left, bottom, right, top."""
    boxes = [item.get_bounds() for item in page.get_objects()]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [("vi", "BẢN XEM TRƯỚC – CHƯA BAN HÀNH"), ("en", "PREVIEW – NOT ISSUED"), ("fr", "APERÇU – NON ÉMIS")],
)
def test_a_preview_says_on_each_page_that_it_is_one(language: str, words: str) -> None:
    facts = some_facts(data={"reasons": "Lý do rất dài. " * 600})

    document = pypdfium2.PdfDocument(render("1/form_03.typ", facts, language, is_preview=True))
    issued = render("1/form_03.typ", facts, language)

    assert len(document) > 1
    assert all(words in " ".join(page.get_textpage().get_text_bounded().split()) for page in document)
    document.close()
    assert words not in text_of(issued)


def test_an_edition_stays_when_the_next_one_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(TEMPLATES, tmp_path / "letters")
    shutil.copytree(TEMPLATES / "1", tmp_path / "letters" / "2")
    changed = tmp_path / "letters" / "2" / "form_04.typ"
    changed.write_text(changed.read_text("utf-8").replace("chân thành xin lỗi", "thành thật xin lỗi"), "utf-8")
    monkeypatch.setattr(letters, "TEMPLATES", tmp_path / "letters")

    assert "chân thành xin lỗi" in text_of(render("1/form_04.typ", some_facts(), "vi"))
    assert "thành thật xin lỗi" in text_of(render("2/form_04.typ", some_facts(), "vi"))


ON_BEHALF = {"authority": "TM", "office": {"vi": "Ủy ban nhân dân", "en": "City People’s Committee", "fr": "Comité"}}
OFFICE = {"office": {"vi": "Chủ tịch", "en": "Chairperson", "fr": "Président"}}


def test_what_is_signed_for_the_body_above_bears_its_name_alone() -> None:
    signed = {"lines": [ON_BEHALF, OFFICE], "name": "Trần Sỹ Thanh", "signed": True}
    above = text_of(render("decision_refusal.typ", some_facts(signature=signed), "vi"))
    own = text_of(render("decision_refusal.typ", some_facts(signature={**signed, "lines": [OFFICE]}), "vi"))

    assert "ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI" in above
    assert "SỞ KHOA HỌC VÀ CÔNG NGHỆ" not in above
    assert "SỞ KHOA HỌC VÀ CÔNG NGHỆ" in own


def test_what_no_officer_wrote_says_so_where_somebody_signs() -> None:
    made = {"lines": [OFFICE], "name": "Đỗ Văn Sơn", "signed": False, "is_automatic": True}
    text = text_of(render("form_05.typ", some_facts(signature=made), "vi"))

    assert "(Hệ thống tự động lập)" in text
    assert "Đỗ Văn Sơn" in text


def test_recipients_can_be_copied_as_they_are_read() -> None:
    text = text_of(render("form_02.typ", some_facts(), "vi"))

    assert "Nơi nhận: -" in text
    assert "liên hệ với Trần Minh Khôi" in text


@pytest.mark.parametrize("template", ["1/form_01.typ", "1/decision_refusal.typ"])
def test_letters_are_printed_in_black(template: str) -> None:
    """Decree 30/2020, Appendix I: the colour of the type is black."""
    document = pypdfium2.PdfDocument(render(template, some_facts(), "vi"))
    colours = set()
    for item in document[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
        parts = [ctypes.c_uint() for _ in range(4)]
        pypdfium2.raw.FPDFPageObj_GetFillColor(item, *map(ctypes.byref, parts))
        colours.add(tuple(part.value for part in parts[:3]))
    document.close()

    assert colours == {(0, 0, 0)}

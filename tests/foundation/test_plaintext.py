"""The words of files: all of them are found, and hostile files cost little."""

import io
import time
import zipfile

import docx
import pytest
import typst

from foundation import apart
from foundation.apart.words import MOST_LETTERS
from foundation.plaintext import TextUnreadable, words_of

WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'


def word_file(markup: bytes) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", markup)
    return io.BytesIO(out.getvalue())


def test_a_pdf_gives_the_words_of_all_its_pages() -> None:
    pdf = typst.compile("Kế hoạch thử nghiệm \n#pagebreak()\n Đổi mới sáng tạo".encode())

    words = words_of(io.BytesIO(pdf), "pdf").split()

    assert words == ["Kế", "hoạch", "thử", "nghiệm", "Đổi", "mới", "sáng", "tạo"]


def test_a_docx_gives_paragraphs_tables_and_tabs_as_separate_words() -> None:
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph("Phương án\tgiám sát").add_run(" an toàn")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Rủi ro", "Biện pháp"
    document.save(out)

    words = words_of(io.BytesIO(out.getvalue()), "docx").split()

    assert words == ["Phương", "án", "giám", "sát", "an", "toàn", "Rủi", "ro", "Biện", "pháp"]


def test_a_packed_bomb_is_read_only_as_far_as_its_words_are_kept() -> None:
    bomb = word_file(WORD + b"<w:p><w:r><w:t>a b c</w:t></w:r></w:p>" * 3_000_000 + b"</w:document>")

    started = time.monotonic()
    words = words_of(bomb, "docx")

    assert len(words) == MOST_LETTERS
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 broken", "pdf"),
        (b"PK broken", "docx"),
        (word_file(WORD + b"<w:t>" + b"x" * 20_000_000).getvalue(), "docx"),
        (word_file(WORD + b"<w:p>" * 100_000).getvalue(), "docx"),
    ],
    ids=["no PDF", "no package", "one endless word", "endless nesting"],
)
def test_what_cannot_be_read_says_so(content: bytes, kind: str) -> None:
    with pytest.raises(TextUnreadable):
        words_of(io.BytesIO(content), kind)


def test_entities_are_not_followed(tmp_path: object) -> None:
    secret = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    file = word_file(secret + WORD + b"<w:p><w:r><w:t>so &e; sad</w:t></w:r></w:p></w:document>")

    assert "root:" not in words_of(file, "docx")


def test_a_reader_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "SECONDS", 0.01)

    with pytest.raises(TextUnreadable, match="too long"):
        words_of(word_file(WORD + b"</w:document>"), "docx")

"""Tables of older programs keep their letters, and lost letters are told."""

from io import BytesIO

import pytest

from foundation.errors import Invalid
from foundation.lettering import TCVN3, LettersLost, text_of
from foundation.spreadsheets import grid_of_file, grid_of_text

TABLE = "Người thuê;Diện tích, m²;Ghi chú\nCông ty Nguyễn Văn Ánh;120;đã ký – “hạng A”\n"
LOST = "Công ty Nguy?n V?n Ánh;120\nTr?n Th? H?nh;80\n"


def in_tcvn3(text: str) -> bytes:
    return bytes(TCVN3.index(letter) for letter in text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encodings_of_today_are_read(encoding: str) -> None:
    assert text_of(TABLE.encode(encoding)).removeprefix("\ufeff") == TABLE


def test_windows_1258_is_read_whether_tones_stand_alone_or_not() -> None:
    alone = TABLE.replace("ễ", "ê\u0303").replace("ệ", "ê\u0323").replace("ờ", "ơ\u0300").replace("ạ", "a\u0323")

    assert text_of(alone.replace("ý", "y\u0301").replace("ã", "a\u0303").encode("cp1258")) == TABLE


@pytest.mark.parametrize(
    "words", ["Nguyễn Văn An", "khu công nghệ cao Hòa Lạc; 120", "trần thị hạnh", "Phường Đống Đa"]
)
def test_tcvn3_is_told_from_windows_1258(words: str) -> None:
    assert text_of(in_tcvn3(words)) == words


def test_western_tables_are_read() -> None:
    assert text_of("Société générale; façade; Zürich".encode("cp1252")) == "Société générale; façade; Zürich"


@pytest.mark.parametrize(
    "content", ["東京タワーの面積".encode("shift_jis"), "Công ty".encode("utf-16")[:-1], b"\xff\xfe\xfd"]
)
def test_what_is_none_of_these_is_refused(content: bytes) -> None:
    with pytest.raises(LettersLost):
        text_of(content)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (LOST.encode("latin-1"), 1),
        (f"code;name\n{LOST}".encode(), 2),
        ("a;b\nc;d\nNguyễn".encode().decode("cp1252", "replace").encode(), 3),
        ("Nguy\ufffdn".encode(), 1),
    ],
)
def test_lost_letters_are_told_with_their_line(content: bytes, line: int) -> None:
    with pytest.raises(Invalid) as refused:
        grid_of_file(BytesIO(content), "table.csv")

    (reason,) = refused.value.fields["file"]
    assert (reason.code, reason.facts) == ("sheet_letters_lost", {"line": line})


def test_pasted_text_is_looked_at_too() -> None:
    with pytest.raises(Invalid):
        grid_of_text(LOST)


@pytest.mark.parametrize(
    "text", ["Why?because", "https://x.vn/trang?id=1 https://x.vn/a?b", "Đúng?sai Có?không", "a ? b ? c"]
)
def test_a_question_is_no_lost_letter(text: str) -> None:
    assert grid_of_text(text)[0][0] == text

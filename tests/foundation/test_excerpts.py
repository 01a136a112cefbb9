"""What is looked for is marked where it stands, with marks or without, and nothing of the text is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.excerpts import AROUND, wanted
from foundation.searchtext import asked_terms, fold


def marked(query: str, text: str) -> list[str]:
    return [piece.text for piece in wanted(query).mark(text) if piece.is_found]


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("doi moi", "Trung tâm Đổi mới sáng tạo", ["Đổi", "mới"]),
        ('"doi moi"', "Trung tâm Đổi  mới sáng tạo, mới đổi", ["Đổi  mới"]),
        ("thu nghiem", "THỬ NGHIỆM có kiểm soát", ["THỬ", "NGHIỆM"]),
        ("ngh", "Thử nghiệm nghề", ["nghiệm", "nghề"]),
        ("moi x", "môi trường mới", ["môi", "mới"]),
        ("moi", "amoi a_moi moi2", ["moi", "moi2"]),
        ("H26.45", "Mã 000.H26-45", ["H26", "45"]),
        ("<b>", "a <b> c", ["b"]),
        ("", "gì đó", []),
    ],
)
def test_words_are_marked_however_they_are_written(query: str, text: str, found: list[str]) -> None:
    assert marked(query, text) == found


@given(st.text(max_size=30), st.text(max_size=200))
def test_nothing_is_lost_and_only_what_was_asked_is_marked(query: str, text: str) -> None:
    pieces = wanted(query).mark(text)

    words = [word for terms, _ in asked_terms(query) for word in terms]
    assert "".join(piece.text for piece in pieces) == text
    for piece in pieces:
        if piece.is_found:
            assert any(word in fold(piece.text) for word in words)


def test_an_excerpt_shows_the_surroundings_by_whole_words() -> None:
    text = "trước " * 100 + "Đổi mới" + " sau" * 100

    pieces = wanted("doi moi").excerpt(text, 0)
    shown = "".join(piece.text for piece in pieces)

    assert [piece.text for piece in pieces if piece.is_found] == ["Đổi", "mới"]
    assert len(shown) < 2 * AROUND + 20
    assert shown.startswith("…trước ")
    assert shown.endswith(" sau…")


def test_which_words_a_text_holds_is_told() -> None:
    asked = wanted('"đổi mới" xanh')

    assert asked.held_by("màu xanh") == {1}
    assert asked.held_by("mới đổi") == frozenset()
    assert asked.excerpt("mới đổi", 0) == []

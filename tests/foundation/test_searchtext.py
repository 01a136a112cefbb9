"""Search text: marks and case do not matter, phrases hold together, no input breaks a query."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from foundation.searchtext import fold, query_terms


@pytest.mark.parametrize(
    ("words", "folded"),
    [
        ("Thử nghiệm có kiểm soát", "thu nghiem co kiem soat"),
        ("ĐƯỜNG  Nguyễn\tĐình Chiểu", "duong nguyen dinh chieu"),
        ("Hòa Lạc – khu CNC", "hoa lac khu cnc"),
        ("H26.45-260101-0001", "h26 45 260101 0001"),
        ("L’Été straße ﬁn", "l ete strasse fin"),
        ("snake_case!", "snake case"),
        (" …  ", ""),
    ],
)
def test_words_are_folded(words: str, folded: str) -> None:
    assert fold(words) == folded
    assert fold(unicodedata.normalize("NFD", words)) == folded


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("thử ngh", "thu & ngh:*"),
        ('"thử nghiệm" drone', "thu <-> nghiem & drone:*"),
        ('drone "thử nghiệm"', "drone & thu <-> nghiem"),
        ("H26.45", "h26 & 45:*"),
        ("ab & cd | !ef:*", "ab & cd & ef:*"),
        ("khu b", "khu & b"),
        ('"unclosed phrase', "unclosed & phrase:*"),
        ('"" drone', "drone:*"),
    ],
)
def test_what_is_typed_becomes_a_query(typed: str, query: str) -> None:
    assert query_terms(typed) == query


@pytest.mark.parametrize("typed", ["", "  ", "&|!():*", '""', "\u0301"])
def test_no_words_make_no_query(typed: str) -> None:
    assert query_terms(typed) is None


def test_a_query_has_a_bounded_number_of_words() -> None:
    assert (query_terms("a " * 1000) or "").count("&") == 19


@given(st.text())
def test_folding_is_stable_and_plain(words: str) -> None:
    folded = fold(words)
    assert fold(folded) == folded
    assert all(letter.isalnum() or letter == " " for letter in folded)


@given(st.text())
def test_what_is_folded_has_no_marks(words: str) -> None:
    assert not any(unicodedata.combining(letter) for letter in fold(words))


MATCHES = text("SELECT to_tsvector('simple', :stored) @@ to_tsquery('simple', :query)")


def _is_found(session: Session, stored: str, typed: str) -> bool:
    return bool(session.scalar(MATCHES, {"stored": fold(stored), "query": query_terms(typed)}))


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("thu nghiem", True),
        ("nghiệm THỬ", True),
        ("drone giao ha", True),
        ("drone giao h", False),
        ("giao dro", True),
        ('"thử nghiệm"', True),
        ('"nghiệm thử"', False),
        ('"giao ha"', False),
        ("thu khac", False),
    ],
)
def test_queries_find_what_people_mean(session: Session, typed: str, is_found: bool) -> None:
    assert _is_found(session, "Thử nghiệm drone giao hàng", typed) is is_found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60))
def test_no_input_breaks_a_query(session: Session, typed: str) -> None:
    query = query_terms(typed)

    read = session.scalar(text("SELECT to_tsquery('simple', :query)::text"), {"query": query})

    assert (read is None) == (query is None)


@pytest.mark.parametrize("typed", ["a" * 5000, "\u4e2d" * 5000, "\x00a", "a\x00b"])
def test_extreme_words_make_harmless_queries(session: Session, typed: str) -> None:
    assert _is_found(session, "x", typed) is False

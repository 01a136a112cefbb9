"""Answers in words, as letters print them."""

from typing import Any

import pytest

from applications.fields.inwords import in_all_languages, in_words, table_in_all_languages
from applications.packs.model import Choice, FieldSpec

LABEL = {"vi": "Nhãn", "en": "Label", "fr": "Libellé"}
RED = Choice("red", {"vi": "Đỏ", "en": "Red", "fr": "Rouge"})
BLUE = Choice("blue", {"vi": "Xanh", "en": "Blue", "fr": "Bleu"})


def spec(kind: str, **more: Any) -> FieldSpec:
    return FieldSpec("field", kind, LABEL, **more)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("text", "Trạm y tế", {"vi": "Trạm y tế", "en": "Trạm y tế", "fr": "Trạm y tế"}),
        ("number", 1234567, {"vi": "1.234.567", "en": "1,234,567", "fr": "1\u202f234\u202f567"}),
        ("number", "1234.5", {"vi": "1.234,5", "en": "1,234.5", "fr": "1\u202f234,5"}),
        ("money", 50_000_000, {"vi": "50.000.000 đồng", "en": "VND 50,000,000", "fr": "50\u202f000\u202f000 VND"}),
        ("date", "2026-11-20", {"vi": "20/11/2026", "en": "20/11/2026", "fr": "20/11/2026"}),
        ("yes_no", False, {"vi": "Không", "en": "No", "fr": "Non"}),
        ("declaration", True, {"vi": "Có", "en": "Yes", "fr": "Oui"}),
        ("ward", "00004", {"vi": "Phường Ba Đình", "en": "Ba Dinh Ward", "fr": "Quartier Ba Đình"}),
    ],
)
def test_each_kind_reads_in_each_language(kind: str, value: Any, expected: dict[str, str]) -> None:
    assert in_all_languages(spec(kind), value) == expected


def test_a_number_has_its_unit_behind_it() -> None:
    people = spec("number", limits={"unit": {"vi": "người", "en": "people", "fr": "personnes"}})

    assert in_words(people, 500, "vi") == "500 người"


def test_choices_read_by_their_labels() -> None:
    assert in_words(spec("choice", choices=(RED, BLUE)), "blue", "fr") == "Bleu"
    assert in_words(spec("choices", choices=(RED, BLUE)), ["red", "blue"], "vi") == "Đỏ; Xanh"


def test_an_open_end_of_a_period_is_seen() -> None:
    assert in_words(spec("period"), {"from": "2026-11-20", "to": "2026-12-01"}, "vi") == "20/11/2026 – 01/12/2026"
    assert in_words(spec("period"), {"from": "2026-11-20"}, "vi") == "20/11/2026 – …"


def test_an_open_question_has_no_words() -> None:
    assert in_words(spec("number"), None, "vi") == ""


def test_a_table_reads_cell_by_cell() -> None:
    place = FieldSpec("place", "text", {"vi": "Nơi", "en": "Place", "fr": "Lieu"})
    count = FieldSpec("count", "number", LABEL)

    table = table_in_all_languages(spec("table", columns=(place, count)), [{"place": "Cầu Giấy", "count": 1000}, {}])

    assert table["columns"] == [place.label, LABEL]
    assert [[cell["en"] for cell in row] for row in table["rows"]] == [["Cầu Giấy", "1,000"], ["", ""]]

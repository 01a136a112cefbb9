"""Each kind of question: what is typed becomes a raw answer, and what is stored is shown as it was typed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from applications.fields import check_answers
from applications.fields.types import Faults, Setting
from applications.forms import form_for, raw_answers, tables_with_new_row
from applications.forms.figures import plain_number, shown_number
from applications.packs.conditions import Condition
from applications.packs.model import Choice, FieldSpec
from foundation.database import now
from foundation.errors import Reason
from foundation.workdays import local_date

SETTING = Setting(
    today=local_date(now()),
    is_ward={"00004"}.__contains__,
    is_person=lambda person, role: person in {7},
    is_file={9}.__contains__,
)


def words(text: str) -> dict[str, str]:
    return {"vi": text, "en": text, "fr": text}


def spec(kind: str, key: str = "q", **more: Any) -> FieldSpec:
    return FieldSpec(key, kind, words("Câu hỏi"), **more)


CHOICES = (Choice("a", words("A")), Choice("b", words("B")), Choice("c", words("C")))
TABLE = spec(
    "table",
    columns=(spec("text", "name", required=True), spec("money", "cost"), spec("yes_no", "done")),
    limits={"max_rows": 3},
)

ROUND_TRIPS = [
    (spec("text"), {"q": "Máy bay giao hàng"}, "Máy bay giao hàng"),
    (spec("text"), {"q": "May bay giao hang"}, "May bay giao hang"),
    (spec("text"), {"q": "=cmd()|' /C calc'!A0"}, "=cmd()|' /C calc'!A0"),
    (spec("long_text"), {"q": "một\r\nhai"}, "một\nhai"),
    (spec("number"), {"q": "1.200"}, 1200),
    (spec("number", limits={"decimals": 2}), {"q": "1,25"}, "1.25"),
    (spec("money"), {"q": "1.000.000 đồng"}, 1_000_000),
    (spec("date"), {"q": "2026-12-31"}, "2026-12-31"),
    (spec("date"), {"q": "31/12/2026"}, "2026-12-31"),
    (spec("period"), {"q-from": "2026-01-01", "q-to": ""}, {"from": "2026-01-01"}),
    (spec("choice", choices=CHOICES), {"q": "b"}, "b"),
    (spec("choices", choices=CHOICES), [("q", "c"), ("q", "a")], ["a", "c"]),
    (spec("yes_no"), {"q": "no"}, False),
    (spec("declaration"), {"q": "yes"}, True),
    (spec("ward"), {"q": "00004"}, "00004"),
    (spec("person"), {"q": "7"}, 7),
    (spec("file"), {"q": "9"}, 9),
    (
        TABLE,
        [("q-row", "0"), ("q-0-name", "Một"), ("q-0-cost", "2.000"), ("q-row", "k3"), ("q-k3-done", "no")],
        [{"name": "Một", "cost": 2000}, {"done": False}],
    ),
]


def typed(fields: Any) -> MultiDict[str, str]:
    return MultiDict(fields)


@pytest.mark.parametrize(("question", "fields", "stored"), ROUND_TRIPS, ids=lambda value: getattr(value, "type", ""))
def test_what_is_typed_becomes_a_sound_answer(question: FieldSpec, fields: Any, stored: Any) -> None:
    cleaned, faults = check_answers([question], raw_answers(typed(fields), [question], language="vi"), SETTING)

    assert (cleaned, faults) == ({"q": stored}, {})


@pytest.mark.parametrize("language", ["vi", "en", "fr"])
@pytest.mark.parametrize(("question", "fields", "stored"), ROUND_TRIPS, ids=lambda value: getattr(value, "type", ""))
def test_a_stored_answer_survives_being_shown_and_sent_again(
    question: FieldSpec, fields: Any, stored: Any, language: str
) -> None:
    form = form_for([question], {"q": stored}, {}, language)

    cleaned, faults = check_answers(
        [question], raw_answers(typed(inputs_of(form)), [question], language=language), SETTING
    )

    assert (cleaned, faults) == ({"q": stored}, {})


def inputs_of(form: Any) -> list[tuple[str, str]]:
    """What a browser would send back, untouched."""
    return [pair for field in form for pair in _inputs(field)]


def _inputs(field: Any) -> list[tuple[str, str]]:
    if field.kind == "table":
        tokens = [(field.row_name, row.token) for row in field.rows]
        return tokens + [pair for row in field.rows for pair in inputs_of(row)]
    if field.kind == "period":
        return [(f"{field.name}-{end}", day) for end, _, day, _ in field.ends]
    if field.kind in {"choice", "choices", "yes_no"}:
        return [(field.name, option.value) for option in field.options if option.is_chosen]
    if field.kind == "declaration":
        return [(field.name, "yes")] if field.is_confirmed else []
    return [(field.name, field.shown)]


@pytest.mark.parametrize("question", [question for question, _, _ in ROUND_TRIPS], ids=lambda value: value.type)
def test_nothing_typed_takes_an_answer_back(question: FieldSpec) -> None:
    assert raw_answers(typed({"q": "  ", "q-row": "0", "q-0-name": " "}), [question]) == {"q": None}


UNSOUND = [
    (spec("number"), {"q": "mười hai"}, "mười hai", "not_a_number"),
    (spec("money"), {"q": "-5"}, "-5", "too_small"),
    (spec("money"), {"q": "1,5"}, "1,5", "whole_dong_only"),
    (spec("date"), {"q": "31/02/2026"}, "31/02/2026", "not_a_date"),
    (spec("text", limits={"max_length": 5}), {"q": "quá dài rồi"}, "quá dài rồi", "too_long"),
    (spec("choice", choices=CHOICES), {"q": "z"}, "z", "not_a_choice"),
    (spec("yes_no"), {"q": "perhaps"}, "perhaps", "not_yes_or_no"),
    (spec("ward"), {"q": "99999"}, "99999", "does_not_exist"),
    (spec("person"), {"q": "8"}, "8", "does_not_exist"),
    (spec("person"), {"q": "9" * 30}, "9" * 30, "does_not_exist"),
    (spec("file"), {"q": "../../etc/passwd"}, "../../etc/passwd", "does_not_exist"),
]


@pytest.mark.parametrize(("question", "fields", "shown", "code"), UNSOUND, ids=lambda value: getattr(value, "type", ""))
def test_what_is_unsound_is_shown_as_typed_with_its_error(
    question: FieldSpec, fields: dict[str, str], shown: str, code: str
) -> None:
    raw = raw_answers(typed(fields), [question], language="vi")
    _, faults = check_answers([question], raw, SETTING)

    form = form_for([question], raw, faults, "vi")

    assert [reason.code for reason in faults["q"]] == [code]
    assert form["q"].shown == shown
    assert len(form["q"].errors) == 1


def test_a_nul_never_reaches_the_database() -> None:
    raw = raw_answers(typed({"q": "a\x00b"}), [spec("text")])

    assert raw == {"q": "ab"}


def test_an_error_in_a_row_stands_in_that_row_although_empty_rows_are_dropped() -> None:
    fields = [("q-row", "0"), ("q-row", "1"), ("q-1-name", "Một"), ("q-1-cost", "nhiều")]

    raw = raw_answers(typed(fields), [TABLE], language="vi")
    _, faults = check_answers([TABLE], raw, SETTING)
    form = form_for([TABLE], raw, faults, "vi")

    assert list(faults) == ["q.0.cost"]
    assert form["q"].rows[0]["cost"].shown == "nhiều"
    assert [(mistake.anchor, mistake.sentence) for mistake in form.mistakes()] == [("q-0-cost", "Enter a number.")]


def test_a_row_is_removed_and_one_is_added_without_a_script() -> None:
    fields = [("q-row", "0"), ("q-0-name", "Một"), ("q-row", "1"), ("q-1-name", "Hai")]

    removed = raw_answers(typed([*fields, ("remove_row", "q-0")]), [TABLE])
    added = form_for(
        [TABLE], raw_answers(typed(fields), [TABLE]), {}, "vi", blank_rows=tables_with_new_row(typed({"add_row": "q"}))
    )

    assert removed == {"q": [{"name": "Hai"}]}
    assert [row["name"].shown for row in added["q"].rows] == ["Một", "Hai", ""]


def test_no_more_rows_are_offered_than_allowed() -> None:
    three = [{"name": str(number)} for number in range(3)]

    form = form_for([TABLE], {"q": three}, {}, "vi", blank_rows=frozenset({"q"}))

    assert len(form["q"].rows) == 3


def test_rows_with_forged_names_do_not_count() -> None:
    fields = [("q-row", "0-name"), ("q-0-name-name", "x"), ("q-row", "<b>"), ("q-row", "1"), ("q-1-name", "y")]

    assert raw_answers(typed(fields), [TABLE]) == {"q": [{"name": "y"}]}


def test_a_huge_table_is_read_only_as_far_as_needed_to_refuse_it() -> None:
    table = spec("table", columns=(spec("text", "name"),))
    fields = [pair for number in range(2000) for pair in (("q-row", f"{number}"), (f"q-{number}-name", "x"))]

    raw = raw_answers(typed(fields), [table])
    _, faults = check_answers([table], raw, SETTING)

    assert len(raw["q"]) == 501
    assert faults == {"q": [Reason("too_many_rows", {"limit": 500})]}


def test_a_condition_hides_a_question_and_reads_answers_of_other_pages() -> None:
    condition = Condition.parse({"all": [{"field": "here", "is": True}, {"field": "there", "has": "x"}]})
    specs = [spec("yes_no", "here"), spec("text", "more", when=condition)]

    closed = form_for(specs, {"here": True}, {}, "vi", others={"there": ["y"], "unread": 1})
    opened = form_for(specs, {"here": True}, {}, "vi", others={"there": ["x"]})

    assert (closed["more"].applies, opened["more"].applies) == (False, True)
    assert (closed.shown_keys, opened.shown_keys) == ("here", "here more")
    assert closed.outside == {"there": ["y"]}


def test_what_is_wrong_with_a_hidden_question_is_not_listed() -> None:
    hidden = spec("text", "more", when=Condition.parse({"field": "here", "is": True}))
    faults: Faults = {"more": [Reason("required")], "elsewhere": [Reason("required")]}

    form = form_for([spec("yes_no", "here"), hidden], {"here": False}, faults, "vi")

    assert list(form.mistakes()) == []


def test_a_prefix_keeps_two_forms_on_one_page_apart() -> None:
    fields = typed({"issue-q": "1", "refuse-q": "2"})

    assert raw_answers(fields, [spec("text")], prefix="issue-") == {"q": "1"}
    assert form_for([spec("text")], {}, {}, "vi", prefix="issue-")["q"].name == "issue-q"


@pytest.mark.parametrize(
    ("text", "language", "is_whole", "plain"),
    [
        ("1.000.000", "vi", True, "1000000"),
        ("1,000,000", "vi", True, "1000000"),
        ("1 000 000", "fr", True, "1000000"),
        ("1\u202f000,5", "fr", False, "1000.5"),
        ("1.234,56", "vi", False, "1234.56"),
        ("1,234.56", "en", False, "1234.56"),
        ("1,234", "vi", False, "1.234"),
        ("1.234", "vi", False, "1234"),
        ("1.234", "en", False, "1.234"),
        ("1,234", "en", False, "1234"),
        ("0,125", "en", False, "0.125"),
        ("0.5", "vi", True, "0.5"),
        ("2.000.000 VNĐ", "vi", True, "2000000"),
        ("500 ₫", "vi", True, "500"),
        ("1.23.456", "vi", True, "1.23.456"),
        ("1e5", "vi", True, "1e5"),
        ("12abc", "vi", True, "12abc"),
        ("", "vi", True, ""),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, language: str, is_whole: bool, plain: str) -> None:
    assert plain_number(text, language, is_whole=is_whole) == plain


@pytest.mark.parametrize(
    ("value", "language", "shown"),
    [
        (2026, "vi", "2026"),
        (12000, "vi", "12.000"),
        (12000, "fr", "12\u202f000"),
        ("1.25", "vi", "1,25"),
        ("1.25", "en", "1.25"),
        ("-3", "vi", "-3"),
        ("-1234567.50", "fr", "-1\u202f234\u202f567,50"),
        (10**30, "en", "1" + ",000" * 10),
        ("không", "vi", "không"),
    ],
)
def test_numbers_are_shown_as_people_write_them(value: Any, language: str, shown: str) -> None:
    assert shown_number(value, language) == shown


NAMES = ["q", "q-from", "q-to", "q-row", "q-0-name", "q-0-cost", "q-0-done", "q-k-name", "remove_row", "add_row", "x"]
TEXTS = st.one_of(
    st.sampled_from(["", " ", "0", "k", "yes", "no", "1.000", "1,5", "2026-02-30", "31/12/2026", "a", "00004", "7"]),
    st.text(max_size=40),
    st.from_regex(r"[+-]?[0-9., ]{1,30}( ?(đ|VND))?", fullmatch=True),
)


@pytest.mark.parametrize("question", [question for question, _, _ in ROUND_TRIPS], ids=lambda value: value.type)
@given(
    fields=st.lists(st.tuples(st.sampled_from(NAMES), TEXTS), max_size=8), language=st.sampled_from(["vi", "en", "fr"])
)
def test_whatever_is_typed_is_judged_shown_and_judged_the_same_again(
    question: FieldSpec, fields: list[tuple[str, str]], language: str
) -> None:
    raw = raw_answers(typed(fields), [question], language=language)
    first = check_answers([question], raw, SETTING)

    form = form_for([question], raw, first[1], language)
    again = raw_answers(typed(inputs_of(form)), [question], language=language)

    is_forged = bool(first[1]) and question.type in {"choice", "choices", "yes_no", "declaration", "table"}
    assert is_forged or check_answers([question], again, SETTING) == first

"""Beside every question that is typed stands an example, and each example is an answer that would be taken."""

from collections.abc import Iterable, Iterator
from datetime import date

import pytest

import fund
import parks
import sandbox
from applications.fields import Setting, check_answers
from applications.forms.figures import plain_number
from applications.packs.catalogue import check_file, pack_files
from applications.packs.model import FieldSpec, Pack
from foundation.wording import LANGUAGES

TYPED = ("text", "long_text", "number", "money")
DOMAINS = (fund, sandbox, parks)
"""Imported so that their packs are known before the tests are collected."""

PACKS = [check_file(path) for path in pack_files()]


def typed_questions(specs: Iterable[FieldSpec], place: str) -> Iterator[tuple[str, FieldSpec]]:
    for spec in specs:
        if spec.type in TYPED and not spec.calculated:
            yield f"{place}.{spec.key}", spec
        yield from typed_questions(spec.columns, f"{place}.{spec.key}")


def form_questions(pack: Pack) -> list[tuple[str, FieldSpec]]:
    return [found for section in pack.sections for found in typed_questions(section.fields, section.key)]


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.code)
def test_every_typed_question_has_an_example(pack: Pack) -> None:
    assert [place for place, spec in form_questions(pack) if not spec.example] == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.code)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_would_be_taken(pack: Pack, language: str) -> None:
    setting = Setting(today=date(2026, 11, 20))
    refused = {}
    for place, spec in form_questions(pack):
        text = (spec.example or {})[language]
        is_number = spec.type in ("number", "money")
        is_whole = not spec.limits.get("decimals")
        value = plain_number(text, language, is_whole=is_whole) if is_number else text
        _, faults = check_answers([spec], {spec.key: value}, setting)
        if faults:
            refused[place] = (text, faults)

    assert refused == {}

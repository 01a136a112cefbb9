"""Facts: kept as JSON, spoken to each reader in their language."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale, lazy_gettext

from foundation import reasons
from foundation.errors import Reason
from foundation.facts import plain, spoken
from foundation.reasons import register_reasons, sentence_of
from tests.foundation.speaking import able_to_word

FACTS = {
    "due_on": date(2026, 12, 4),
    "received_at": datetime(2026, 11, 30, 20, 5, tzinfo=UTC),
    "fee_vnd": 1500000,
    "unit": {"vi": "Sở Khoa học và Công nghệ", "en": "Department of S&T", "fr": "Département S&T"},
    "count": 3,
    "code": None,
}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("vi", ["04/12/2026", "03:05 ngày 01/12/2026", "1.500.000 đồng", "Sở Khoa học và Công nghệ", "3", ""]),
        ("en", ["4 December 2026", "1 December 2026, 03:05", "VND 1,500,000", "Department of S&T", "3", ""]),
        ("fr", ["4 décembre 2026", "1 décembre 2026 à 03:05", "1\u202f500\u202f000 VND", "Département S&T", "3", ""]),
    ],
)
def test_facts_are_spoken_in_each_language_before_and_after_storage(language: str, said: list[str]) -> None:
    assert list(spoken(FACTS, language).values()) == said
    assert spoken(plain(FACTS), language) == spoken(FACTS, language)


def test_what_is_not_json_is_refused() -> None:
    with pytest.raises(TypeError):
        plain({"thing": object()})


def test_reasons_speak_their_facts(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons, "_sentences", dict(reasons._sentences))
    register_reasons({"tests_too_late": lazy_gettext("Too late since %(ended_on)s.")})
    with able_to_word(app).app_context(), force_locale("fr"):
        assert sentence_of(Reason("tests_too_late", {"ended_on": date(2026, 5, 1)})) == "Too late since 1 mai 2026."

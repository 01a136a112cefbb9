"""Every kind of notice that the product registers can be worded in every language."""

import importlib
import pkgutil

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from foundation.noticekinds import registered_notices
from foundation.wording import LANGUAGES
from tests.foundation.speaking import able_to_word

PACKAGES = ("accounts", "applications", "sandbox", "fund", "parks")


def _import_all() -> None:
    for name in PACKAGES:
        for module in pkgutil.walk_packages(importlib.import_module(name).__path__, f"{name}."):
            importlib.import_module(module.name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_can_be_worded(app: Flask, session: Session, language: str) -> None:
    _import_all()
    with able_to_word(app).app_context():
        translated = [kind for kind in registered_notices() if kind.words is None]
        assert translated
        for kind in translated:
            facts = {name: 5 if name.endswith("_vnd") else "2026-12-04" for name in kind.names()}
            subject, body = kind.in_language(session, facts, language)
            assert subject
            assert body
            assert "%(" not in subject + body, kind.key

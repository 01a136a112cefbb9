"""Templates are compiled once for each language; what has placeholders is still translated on each page."""

from collections.abc import Iterator

import pytest
from flask import Flask, render_template
from flask_babel import force_locale, get_locale
from jinja2 import DictLoader

from portal.spoken import SpokenEnvironment

PAGES = {
    "plain.html": "{{ _('Queue') }}|{{ _('100 %% done') }}|{{ _('<b>bold</b>') }}",
    "named.html": "{{ _('Hello %(name)s', name='<An>') }}",
    "outer.html": "{% extends 'frame.html' %}{% block inside %}{{ _('Queue') }}{% endblock %}",
    "frame.html": "{{ _('Frame') }}: {% block inside %}{% endblock %}",
}
WORDS = {
    "vi": {"Queue": "Hàng đợi", "Frame": "Khung", "Hello %(name)s": "Chào %(name)s", "100 %% done": "xong 100 %%"},
    "en": {},
}


@pytest.fixture
def speaking(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The application with pages and words of the test."""
    environment = app.jinja_env
    assert isinstance(environment, SpokenEnvironment)

    def chosen() -> str:
        return str(get_locale())

    def translated(message: str) -> str:
        return WORDS[chosen()].get(message, message)

    own = SpokenEnvironment(app, loader=DictLoader(PAGES), autoescape=True, extensions=["jinja2.ext.i18n"])
    own.install_gettext_callables(translated, lambda one, many, n: one, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    own.speak(chosen, translated)
    monkeypatch.setitem(app.__dict__, "jinja_env", own)
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("language", "page", "words"),
    [
        ("vi", "plain.html", "Hàng đợi|xong 100 %|<b>bold</b>"),
        ("en", "plain.html", "Queue|100 % done|<b>bold</b>"),
        ("vi", "named.html", "Chào &lt;An&gt;"),
        ("vi", "outer.html", "Khung: Hàng đợi"),
        ("en", "outer.html", "Frame: Queue"),
    ],
)
def test_a_page_speaks_its_readers_language(speaking: None, language: str, page: str, words: str) -> None:
    with force_locale(language):
        assert render_template(page) == words

"""Templates are compiled once for each language; what has placeholders is still translated on each page."""

from collections.abc import Iterator

import pytest
from flask import Flask, render_template
from flask_babel import force_locale, get_locale
from jinja2 import DictLoader, pass_context
from jinja2.runtime import Context

from portal.spoken import SpokenEnvironment

PAGES = {
    "plain.html": "{{ _('Queue') }}|{{ _('100 %% done') }}|{{ _('<b>bold</b>') }}",
    "named.html": "{{ _('Hello %(name)s', name='<An>') }}",
    "order.html": "{{ _('%(one)s after %(two)s, 5 %%', one='<b>', two=person) }}"
    " | {{ _('<i>%(two)s</i>', two=person) }}",
    "form.html": "{{ _('%(days)03d days left', days=7) }}",
    "settled.html": "{{ static_url('a.css') }} {{ title|localized }}",
    "called.html": "{{ twice(word, times=3) }}",
    "outer.html": "{% extends 'frame.html' %}{% block inside %}{{ _('Queue') }}{% endblock %}",
    "frame.html": "{{ _('Frame') }}: {% block inside %}{% endblock %}",
}
WORDS = {
    "vi": {
        "Queue": "Hàng đợi",
        "Frame": "Khung",
        "Hello %(name)s": "Chào %(name)s",
        "100 %% done": "xong 100 %%",
        "%(one)s after %(two)s, 5 %%": "%(one)s sau %(two)s, 5 %%",
        "%(days)03d days left": "Còn %(days)03d ngày",
    },
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


def test_values_stand_between_translated_words_and_are_made_harmless(speaking: None) -> None:
    with force_locale("vi"):
        assert render_template("order.html", person="An") == "&lt;b&gt; sau An, 5 % | <i>An</i>"


def test_what_wants_a_form_of_its_own_is_still_translated_on_the_page(speaking: None) -> None:
    with force_locale("vi"):
        assert render_template("form.html") == "Còn 007 ngày"


def test_trilingual_data_and_constants_are_settled_when_compiled(app: Flask, speaking: None) -> None:
    environment = app.jinja_env
    asked: list[str] = []
    environment.globals["static_url"] = lambda name: asked.append(name) or f"/static/{name}?a&b"
    environment.filters["localized"] = environment.filters["in_language"] = lambda text, language: text[language]

    with force_locale("vi"):
        pages = [render_template("settled.html", title={"vi": "<Tên>", "en": "Name"}) for _ in range(2)]

    assert pages == ["/static/a.css?a&amp;b &lt;Tên&gt;"] * 2
    assert asked == ["a.css"]


def test_a_global_that_is_a_filter_is_called_as_one(app: Flask, speaking: None) -> None:
    environment = app.jinja_env
    environment.globals["twice"] = environment.filters["twice"] = lambda word, *, times=2: word * times

    assert render_template("called.html", word="<a>") == "&lt;a&gt;&lt;a&gt;&lt;a&gt;"


class Person:
    """Whom a page names: with what a page can ask of an object."""

    name = "An"

    @property
    def unit(self) -> str:
        return self.missing  # type: ignore[attr-defined,no-any-return]  # a property that fails

    def greets(self, word: str) -> str:
        return f"{word}, {self.name}"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ person.name }} {{ facts.name }} {{ facts.keys()|list|length }}", "An Binh 1"),
        ("{{ facts.inner is defined }} {{ person.nobody is defined }}", "False False"),
        ("{{ person.unit is defined }}", "False"),
        ("{{ person.greets('Chào') }} {{ person.greets(word='<Chào>') }}", "Chào, An &lt;Chào&gt;, An"),
        ("{% macro bold(word) %}<b>{{ word }}</b>{% endmacro %}{{ bold('<i>') }}", "<b>&lt;i&gt;</b>"),
        ("{% for one in [facts, person] %}{{ one.name }}{{ loop.index }} {% endfor %}", "Binh1 An2 "),
        ("{% set one = facts %}{% set two = person %}{{ one.name ~ two.name.upper() }}", "BinhAN"),
    ],
)
def test_a_page_asks_for_attributes_items_and_answers(speaking: None, app: Flask, source: str, words: str) -> None:
    with force_locale("vi"):
        page = app.jinja_env.from_string(source)

        assert page.render(person=Person(), facts={"name": "Binh"}) == words


def test_a_function_that_wants_the_page_still_gets_it(speaking: None, app: Flask) -> None:
    @pass_context
    def told(context: Context, word: str) -> str:
        return f"{word} {context['person'].name}"

    with force_locale("vi"):
        page = app.jinja_env.from_string("{% for word in words %}{{ told(word) }};{% endfor %}")

        assert page.render(person=Person(), told=told, words=["a", "b"]) == "a An;b An;"

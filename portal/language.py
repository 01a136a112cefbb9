"""Which language and which theme a reader sees, and where they are kept."""

from gettext import NullTranslations
from typing import Any, cast

from flask import Flask, current_app, has_request_context, request
from flask_babel import Babel, Domain, get_babel
from werkzeug.wrappers import Response

from foundation.access import current_actor, is_api_request
from foundation.speech import current_language
from foundation.wording import DEFAULT_LANGUAGE, LANGUAGE_COOKIE, LANGUAGES, in_language
from portal.settings import Settings
from portal.spoken import SpokenEnvironment

THEME_COOKIE = "theme"
THEMES = ("light", "dark")
LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English", "fr": "Français"}
YEAR = 365 * 24 * 3600


def reader_language() -> str:
    """The language of this request; outside a request, that of the law."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    if is_api_request():
        return _asked_by_program()
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in LANGUAGES else current_actor().locale


def _asked_by_program() -> str:
    return request.accept_languages.best_match(LANGUAGES) or current_actor().locale


class Catalogues(Domain):  # type: ignore[misc]  # untyped in the extension
    """The words of each language, found without asking Babel which one it is for every word."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        language = current_language()
        found = self._known.get(language)
        if found is None:
            found = self._known[language] = super().get_translations()
        return found

    def word(self, message: str) -> str:
        return self.get_translations().gettext(message)

    def counted(self, one: str, many: str, number: int) -> str:
        return self.get_translations().ngettext(one, many, number)


def reader_theme() -> str:
    """The theme that the reader chose; empty when it follows the system."""
    theme = request.cookies.get(THEME_COOKIE, "") if has_request_context() else ""
    return theme if theme in THEMES else ""


def remember(response: Response, name: str, value: str) -> None:
    """Keep a choice of appearance in the reader's browser for a year."""
    settings: Settings = current_app.config["KHUEVAN"]
    # Scripts may read it: the theme changes without a request.
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.is_https)


def localized(text: Any) -> str:
    """Trilingual data in the reader's language."""
    return in_language(text, current_language())


def install(app: Flask, settings: Settings) -> None:
    """Teach the application its languages; pages show Hanoi's time."""
    Babel(
        app,
        default_locale=DEFAULT_LANGUAGE,
        default_timezone="Asia/Ho_Chi_Minh",
        default_translation_directories=str(settings.translations_folder.resolve()),
        locale_selector=reader_language,
    )
    words = get_babel(app).instance.domain_instance = Catalogues()
    app.jinja_env.install_gettext_callables(words.word, words.counted, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    cast(SpokenEnvironment, app.jinja_env).speak(current_language, words.word)
    app.jinja_env.filters.update(localized=localized, in_language=in_language)
    app.jinja_env.globals.update(
        current_language=current_language, reader_theme=reader_theme, LANGUAGE_NAMES=LANGUAGE_NAMES
    )

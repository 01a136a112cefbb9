"""The language in which the API answers: that of the request, as every page of the product."""

from flask_babel import get_locale

from foundation.wording import DEFAULT_LANGUAGE, Trilingual, in_language


def reader_language() -> str:
    """The language of this request: "vi", "en" or "fr"."""
    locale = get_locale()
    return str(locale.language) if locale else DEFAULT_LANGUAGE


def said(text: Trilingual | None) -> str:
    """Trilingual words in the language of this request."""
    return in_language(text, reader_language())

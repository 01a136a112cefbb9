"""Text that is data, in the three languages of the product, and which of them a reader gets."""

from collections.abc import Mapping

LANGUAGES = ("vi", "en", "fr")
DEFAULT_LANGUAGE = "vi"

LANGUAGE_COOKIE = "language"
"""What the reader chose in this browser, signed in or not; it goes before the language of the profile."""

Trilingual = Mapping[str, str]


def in_language(text: Trilingual | str | None, language: str) -> str:
    """``text`` in ``language``, else in Vietnamese, the language of the law."""
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    return text.get(language) or text.get(DEFAULT_LANGUAGE, "")

"""The language in which the API answers: that of the request, as every page of the product."""

from foundation.speech import current_language
from foundation.wording import Trilingual, in_language

reader_language = current_language
"""The language of this request: "vi", "en" or "fr"."""


def said(text: Trilingual | None) -> str:
    """Trilingual words in the language of this request."""
    return in_language(text, reader_language())

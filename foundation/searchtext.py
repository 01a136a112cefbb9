"""Search in Vietnamese and other words without regard to marks and case: folded for storage, parsed for queries."""

import re
import unicodedata
from collections.abc import Iterator

WORD = re.compile(r"[^\W_]+")
PART = re.compile(r'"([^"]*)"|([^"]+)')
MOST_WORDS = 20
"""Words of a query beyond these are ignored, so that no input makes a search slow."""
SHORTEST_BEGINNING = 2
"""Letters of the beginning of a word: with a single one nearly everything begins."""
BEGINS = ":*"
"""Says of a word of a query that it may go on."""
LONGEST_WORD = 200
"""Letters of a word in a query; PostgreSQL refuses words of more than 2,046 bytes."""


class _Letters(dict[int, int | None]):
    """For ``str.translate``: marks go, letters stay; each is asked about once."""

    def __missing__(self, point: int) -> int | None:
        kept = self[point] = None if unicodedata.combining(chr(point)) else point
        return kept


_LETTERS = _Letters()


def fold(text: str) -> str:
    """``text`` in small letters without marks, đ as d, its words separated by single spaces.

    What is left holds only letters and digits, so that ``to_tsvector('simple', …)`` keeps each word.
    """
    return " ".join(WORD.findall(_without_marks(text)))


def _without_marks(text: str) -> str:
    if text.isascii():
        return text.lower()
    small = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return unicodedata.normalize("NFKC", small.translate(_LETTERS)).casefold()


def query_terms(text: str) -> str | None:
    """What a person typed as a query for ``to_tsquery('simple', …)``; ``None`` when it holds no word.

    All words must occur. "Quoted words" must follow each other. The last word, unless quoted, may be the
    beginning of one, since it is perhaps still being typed.
    """
    shown = [" <-> ".join(words) + (BEGINS if is_prefix else "") for words, is_prefix in asked_terms(text)]
    return " & ".join(shown) or None


def parted(terms: str) -> tuple[str, str]:
    """What :func:`query_terms` made, as what is looked for whole and the beginning of a word; either may be empty."""
    whole, _, last = terms.rpartition(" & ")
    return (whole, last.removesuffix(BEGINS)) if last.endswith(BEGINS) else (terms, "")


def asked_terms(text: str) -> list[tuple[list[str], bool]]:
    """What a person typed, folded: words and phrases, each with whether it may be the beginning of a word."""
    terms = list(_terms(text))
    last = len(terms) - 1
    return [
        (words, place == last and not is_quoted and len(words[-1]) >= SHORTEST_BEGINNING)
        for place, (words, is_quoted) in enumerate(terms)
    ]


def _terms(text: str) -> Iterator[tuple[list[str], bool]]:
    """Each word alone, each phrase whole, and whether it stood in quotes."""
    left = MOST_WORDS
    for quoted, free in PART.findall(text):
        words = [word[:LONGEST_WORD] for word in fold(quoted or free).split()[:left]]
        left -= len(words)
        if quoted and words:
            yield words, True
        elif words:
            yield from (([word], False) for word in words)

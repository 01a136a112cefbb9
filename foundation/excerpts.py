"""Where the words of a search stand in a text: found with marks or without, shown with what is around them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape as plain

from markupsafe import Markup, escape

from foundation.searchtext import asked_terms, fold

AROUND = 80
"""Letters shown before and behind."""
LETTERS = (*range(0x21, 0x250), *range(0x1E00, 0x1F00))
"""Latin letters with whatever marks, where those of Vietnamese stand."""
NO_LETTER = r"[\W_]+"
NO_LETTER_BEFORE = r"(?<![^\W_][\s\S])"
"""Said behind the first letter: a pattern that begins with letters to choose from is found several times as fast."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; ``is_found`` says that it was looked for."""

    text: str
    is_found: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """The words and phrases of a search, each as a pattern over texts as they were written."""

    patterns: tuple[re.Pattern[str], ...]
    together: re.Pattern[str] | None
    folded: tuple[str, ...]

    def held_by(self, text: str) -> frozenset[int]:
        """Which of them stand in ``text``, by place."""
        return frozenset(place for place, pattern in enumerate(self.patterns) if pattern.search(text))

    def mark(self, text: str) -> list[Piece]:
        """All of ``text``, cut where something is found."""
        return list(self._cut(text)) if self.together else [Piece(text, False)]

    def shown(self, text: str) -> Markup:
        """The same for a page."""
        return marked(self.mark(text)) if any(pattern.search(text) for pattern in self.patterns) else escape(text)

    def excerpt(self, text: str, place: int) -> list[Piece]:
        """The surroundings of the first find of a word or phrase, with all that is found in them."""
        found = self.patterns[place].search(text)
        if found is None:
            return []
        start, end = max(0, found.start() - AROUND), min(len(text), found.end() + AROUND)
        before = "" if start == 0 else "…"
        behind = "" if end == len(text) else "…"
        start += 0 if start == 0 else len(text[start : found.start()].partition(" ")[0])
        end -= 0 if end == len(text) else len(text[found.end() : end].rpartition(" ")[2])
        shown = " ".join(text[start:end].split())
        return self.mark(f"{before}{shown}{behind}")

    def _cut(self, text: str) -> Iterator[Piece]:
        behind = 0
        for found in self.together.finditer(text) if self.together else ():
            if found.start() > behind:
                yield Piece(text[behind : found.start()], False)
            yield Piece(found.group(), True)
            behind = found.end()
        if behind < len(text):
            yield Piece(text[behind:], False)


def marked(pieces: Iterable[Piece]) -> Markup:
    """The pieces one after another, what was found in them marked."""
    texts = [f"<mark>{plain(piece.text)}</mark>" if piece.is_found else plain(piece.text) for piece in pieces]
    return Markup("".join(texts))  # noqa: S704 - escaped


@lru_cache(maxsize=512)
def wanted(query: str) -> Wanted:
    """What somebody looks for who typed ``query``, as :func:`foundation.searchtext.query_terms` takes it."""
    terms = list(asked_terms(query))
    sources = [_source(words, is_prefix) for words, is_prefix in terms]
    longest_first = sorted(sources, key=len, reverse=True)
    return Wanted(
        patterns=tuple(re.compile(source) for source in sources),
        together=re.compile("|".join(longest_first)) if sources else None,
        folded=tuple(" ".join(words) for words, _ in terms),
    )


def _source(words: Sequence[str], is_prefix: bool) -> str:
    """Whole words in this order; the last may go on."""
    letters = _written()
    spelt = ["".join(letters.get(letter, re.escape(letter)) for letter in word) for word in words]
    ending = r"[^\W_]*" if is_prefix else r"(?![^\W_])"
    first = letters.get(words[0][0], re.escape(words[0][0]))
    return f"{first}{NO_LETTER_BEFORE}{NO_LETTER.join(spelt).removeprefix(first)}{ending}"


@lru_cache(maxsize=1)
def _written() -> dict[str, str]:
    """For each folded letter, all ways to write it, as part of a pattern."""
    ways: dict[str, str] = defaultdict(str)
    for code in LETTERS:
        folded = fold(chr(code))
        if len(folded) == 1:
            ways[folded] += chr(code)
    return {letter: f"[{written}]" for letter, written in ways.items()}

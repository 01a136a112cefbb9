"""Two texts side by side: the passages that are the same, and in the others what differs, word by word."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

BETWEEN_SENTENCES = re.compile(r"(?<=[.!?;:])\s+|\n\s*\n")
MOST_WORDS = 40_000
"""Words of a text that are compared; of a longer one, so many from its beginning."""
MOST_WORDS_APART = 6_000
"""Words of a changed passage that are told apart; in a longer one everything counts as changed."""
LONG_PASSAGE = 60
"""Words that are the same on both sides and need not be read twice."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a side, and whether the other side lacks them."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands beside what; one side is empty where something was added or left out."""

    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    is_same: bool

    @property
    def is_long(self) -> bool:
        return self.is_same and sum(len(piece.text.split()) for piece in self.left) > LONG_PASSAGE


def compare_texts(left: str, right: str) -> list[Passage]:
    """The passages of two texts in order; line breaks count for nothing, since they follow the width of the page."""
    before, after = _sentences(left), _sentences(right)
    found: list[Passage] = []
    for kind, *bounds in SequenceMatcher(None, before, after).get_opcodes():
        a, b, c, d = bounds
        found.append(_passage(kind, before[a:b], after[c:d]))
    return found


def is_cut(text: str) -> bool:
    """Whether a text is longer than what is compared of it."""
    return len(text.split()) > MOST_WORDS


def _sentences(text: str) -> list[str]:
    shortened = text if not is_cut(text) else " ".join(text.split()[:MOST_WORDS])
    return [" ".join(part.split()) for part in BETWEEN_SENTENCES.split(shortened) if part.strip()]


def _passage(kind: str, before: Sequence[str], after: Sequence[str]) -> Passage:
    left, right = " ".join(before), " ".join(after)
    if kind == "equal":
        piece = (Piece(left, False),)
        return Passage(piece, piece, is_same=True)
    return _apart(left.split(), right.split())


def _apart(left: list[str], right: list[str]) -> Passage:
    """A changed passage: its words told apart, or all of them changed where they are too many."""
    if max(len(left), len(right)) > MOST_WORDS_APART:
        return Passage(tuple(_pieces([(left, True)])), tuple(_pieces([(right, True)])), is_same=False)
    codes = SequenceMatcher(None, left, right).get_opcodes()
    return Passage(
        tuple(_pieces((left[a:b], kind != "equal") for kind, a, b, _c, _d in codes)),
        tuple(_pieces((right[c:d], kind != "equal") for kind, _a, _b, c, d in codes)),
        is_same=False,
    )


def _pieces(parts: Iterable[tuple[list[str], bool]]) -> Iterator[Piece]:
    return (Piece(" ".join(words), is_changed) for words, is_changed in parts if words)

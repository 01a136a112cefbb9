"""The code of a dossier however it is typed: without its hyphens, with spaces, in small letters."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Unit
from accounts.models.places import DOSSIER_CODE_PATTERN
from applications.numbers import ALPHABET, PLACEHOLDER
from foundation.revisions import kept

KEY = re.compile(rf"([A-Z0-9]+)([{ALPHABET}]{{4}})([{ALPHABET}]{{4}})")
RECEIPT = re.compile(r"BN(\d{4})(\d{7,})")
DIGITS = {"yymmdd": r"\d{6}", "yyyy": r"\d{4}"}
LONGEST = 64

Spellings = tuple[str, ...]
Way = tuple[str, str]
"""A unit's code and the pattern of its dossiers' codes."""


def codes_meant(session: Session, typed: str) -> Spellings:
    """The keys, dossier codes and receipt numbers that may be meant, as they are kept; what was typed comes first."""
    return spellings(typed, kept(session, "units", "dossier codes", lambda: _ways(session)))


def _ways(session: Session) -> tuple[Way, ...]:
    known = select(Unit.code, Unit.dossier_code_pattern).order_by(Unit.code)
    return ways_of((code, pattern) for code, pattern in session.execute(known))


def ways_of(units: Iterable[Way]) -> tuple[Way, ...]:
    """How these units number dossiers: each by its own pattern, and as the house does it before somebody sets one."""
    return tuple(dict.fromkeys((code, pattern) for code, own in units for pattern in (own, DOSSIER_CODE_PATTERN)))


def spellings(typed: str, ways: Sequence[Way]) -> Spellings:
    """What may be meant where these units number dossiers."""
    plain = _plain(typed)
    found = [typed.strip().upper()]
    if 0 < len(plain) <= LONGEST:
        found += _names(plain)  # one key in a dozen has no digit
        if any(letter.isdigit() for letter in plain):
            found += filter(None, (read(plain) for read in _readers(tuple(ways))))
    return tuple(dict.fromkeys(found))


def _plain(typed: str) -> str:
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def _names(plain: str) -> Iterator[str]:
    for known, shape in ((KEY, "{}-{}-{}"), (RECEIPT, "BN-{}-{}")):
        if match := known.fullmatch(plain):
            yield shape.format(*match.groups())


@lru_cache(maxsize=8)
def _readers(ways: tuple[Way, ...]) -> list[Callable[[str], str | None]]:
    """For each pattern what reads the codes of all units that number by it."""
    patterns = dict.fromkeys(pattern for _, pattern in ways)
    return [_reader(pattern, {_plain(code): code for code, own in ways if own == pattern}) for pattern in patterns]


def _reader(pattern: str, units: dict[str, str]) -> Callable[[str], str | None]:
    pieces = list(_pieces(pattern))
    shapes = {"unit": "|".join(sorted(map(re.escape, units), key=len, reverse=True)), **DIGITS}
    known = re.compile("".join(f"({shapes.get(name, shape)})" for name, shape, _ in pieces))

    def read(plain: str) -> str | None:
        match = known.fullmatch(plain)
        if match is None:
            return None
        parts = zip(pieces, match.groups(), strict=True)
        return "".join({"": words, "unit": units.get(part, part)}.get(name, part) for (name, _, words), part in parts)

    return read


def _pieces(pattern: str) -> Iterator[tuple[str, str, str]]:
    """The pieces of a pattern: the name of what fills it, the shape of that without marks, and the words themselves."""
    behind = 0
    for match in PLACEHOLDER.finditer(pattern):
        words = pattern[behind : match.start()]
        yield "", re.escape(_plain(words)), words
        yield match[1], rf"\d{{{match[2] or 1},}}", ""
        behind = match.end()
    yield "", re.escape(_plain(pattern[behind:])), pattern[behind:]

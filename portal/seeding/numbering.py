"""Readable numbers of many dossiers: no two alike, the same for the same seed, without a look into the database."""

from applications.numbers import ALPHABET

BASE = len(ALPHABET)
KEY_LETTERS, CHECK_LETTERS = 8, 20
STRIDES = {KEY_LETTERS: 277_232_917_657, CHECK_LETTERS: 18_446_744_073_709_551_557_000_000_007}
"""Steps without a factor of the base: going round by one of them meets every number once."""

PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
TRIPLES = [pair + last for pair in PAIRS for last in ALPHABET]
NINE_LETTERS = BASE**9


def letters(number: int, seed: int, length: int) -> str:
    """So many letters for a number: another number, other letters."""
    space: int = BASE**length
    rest = (number * STRIDES[length] + (seed + 1) * 7_919 * 1_000_003) % space
    if length == KEY_LETTERS:
        return _nine(rest)[1:]
    rest, last = divmod(rest, NINE_LETTERS)
    rest, middle = divmod(rest, NINE_LETTERS)
    return PAIRS[rest] + _nine(middle) + _nine(last)


def _nine(number: int) -> str:
    rest, last = divmod(number, BASE**3)
    first, middle = divmod(rest, BASE**3)
    return TRIPLES[first] + TRIPLES[middle] + TRIPLES[last]


def key_of(prefix: str, number: int, seed: int) -> str:
    """See ``applications.numbers.new_key``."""
    found = letters(number, seed, KEY_LETTERS)
    return f"{prefix}-{found[:4]}-{found[4:]}"


def check_code_of(number: int, seed: int) -> str:
    """See ``applications.numbers.new_check_code``."""
    found = letters(number, seed, CHECK_LETTERS)
    return "-".join(found[start : start + 5] for start in range(0, CHECK_LETTERS, 5))

"""Readable numbers of many dossiers: no two alike, the same for the same seed, without a look into the database."""

from applications.numbers import ALPHABET

BASE = len(ALPHABET)
KEY_LETTERS, CHECK_LETTERS = 8, 20
STRIDES = {KEY_LETTERS: 277_232_917_657, CHECK_LETTERS: 18_446_744_073_709_551_557_000_000_007}
"""Steps without a factor of the base: going round by one of them meets every number once."""

PAIRS = [first + second for first in ALPHABET for second in ALPHABET]


def letters(number: int, seed: int, length: int) -> str:
    """So many letters for a number: another number, other letters."""
    space: int = BASE**length
    rest = (number * STRIDES[length] + (seed + 1) * 7_919 * 1_000_003) % space
    found = []
    for _ in range(length // 2):
        rest, pair = divmod(rest, BASE * BASE)
        found.append(PAIRS[pair])
    return "".join(found)


def key_of(prefix: str, number: int, seed: int) -> str:
    """See ``applications.numbers.new_key``."""
    found = letters(number, seed, KEY_LETTERS)
    return f"{prefix}-{found[:4]}-{found[4:]}"


def check_code_of(number: int, seed: int) -> str:
    """See ``applications.numbers.new_check_code``."""
    found = letters(number, seed, CHECK_LETTERS)
    return "-".join(found[start : start + 5] for start in range(0, CHECK_LETTERS, 5))

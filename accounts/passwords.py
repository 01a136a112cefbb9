"""Passwords: which are good enough, and their slow hash (Argon2id)."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from foundation.errors import Reason

SHORTEST = 10
LONGEST = 128
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""The minimum that OWASP's password storage guide asks of Argon2id: about 30 ms on one core."""

_TOO_COMMON = frozenset(
    [
        "1234567890",
        "0123456789",
        "12345678910",
        "123456789a",
        "qwertyuiop",
        "password12",
        "password123",
        "passw0rd123",
        "matkhau123",
        "matkhau1234",
        "hanoi12345",
        "hanoi123456",
        "abcd123456",
        "administrator",
        "welcome123",
    ]
)


def hash_of(password: str) -> str:
    """The Argon2id hash of a password, parameters and salt included."""
    return _HASHER.hash(_normal(password))


@cache
def _hash_of_nobody() -> str:
    return hash_of("the password of an account that does not exist")


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; without a hash the same work is done and the answer is no."""
    try:
        _HASHER.verify(password_hash or _hash_of_nobody(), _normal(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def weakness_of(password: str, *, about: tuple[str, ...] = ()) -> Reason | None:
    """Why this password is refused, or None. ``about`` holds words that others know of the person.

    Length counts, composition rules do not (NIST SP 800-63B).
    """
    normal = _normal(password).lower()
    if len(normal) < SHORTEST:
        return Reason("password_too_short", {"shortest": SHORTEST})
    if len(normal) > LONGEST:
        return Reason("too_long", {"limit": LONGEST})
    known = {word.lower() for word in about if word}
    if len(set(normal)) < 4 or normal in _TOO_COMMON or normal in known:
        return Reason("password_too_easy")
    return None


def _normal(password: str) -> str:
    """The same characters however a keyboard composes them, as Vietnamese input methods differ."""
    return unicodedata.normalize("NFC", password)

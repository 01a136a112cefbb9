"""The secret by which anybody who holds it follows a dossier without an account; kept only as its digest."""

import hashlib
import hmac
import secrets
import unicodedata

from applications.numbers import ALPHABET

LETTERS, GROUP = 12, 4
"""59 bits: far more than anybody tries at the pace that is allowed, and still typed without a slip."""
NO_DIGEST = bytes(32)
"""What a secret is compared with where there is none, so that the comparison takes as long."""


def new_secret() -> str:
    """An unguessable secret that nobody misreads: ``7K3M-Q9XW-2BCD``."""
    return in_groups("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)))


def in_groups(letters: str) -> str:
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def plain(typed: str) -> str:
    """What was typed, as it is kept: capitals and digits alone, whatever stood between them."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    return "".join(letter for letter in folded if letter.isascii() and letter.isalnum())[:64]


def digest_of(secret: str) -> bytes:
    """What is stored of a secret, however it was typed."""
    return hashlib.sha256(plain(secret).encode()).digest()


def is_secret(typed: str, digest: bytes | None) -> bool:
    """Whether what was typed is the secret of this digest; as slow without one."""
    return hmac.compare_digest(digest_of(typed), digest or NO_DIGEST) and digest is not None

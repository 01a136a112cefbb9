"""Secrets that are handed out once and kept only as their digest."""

import hashlib
import secrets

ACCESS_MARK = "kv"
"""How every access token begins, so that a leaked one is recognised."""


def new_secret() -> str:
    """An unguessable text of 43 characters, fit for a link or a cookie."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is stored of a secret. Enough for random secrets; passwords need a slow hash instead."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_access_token() -> tuple[str, str]:
    """A new access token and its public prefix, which tells one token from another on a page."""
    prefix = f"{ACCESS_MARK}_{secrets.token_hex(4)}"
    return f"{prefix}_{secrets.token_urlsafe(32)}", prefix

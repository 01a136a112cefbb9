"""How often one may try: counted per account and per network address, over all processes together."""

from sqlalchemy.orm import Session

from foundation import throttle
from foundation.errors import TooMany

QUARTER_HOUR = 15 * 60
HOUR = 60 * 60

SIGN_INS_PER_ACCOUNT = 10
SIGN_INS_PER_ADDRESS = 100
"""In a quarter of an hour; many people of one office share a network address."""
MAILS_PER_ACCOUNT = 5
MAILS_PER_ADDRESS = 30
"""In an hour."""


def count_sign_in(session: Session, *, email: str, ip: str) -> None:
    """Count an attempt to prove a password.

    Raises:
        TooMany: the account or the network address has had its share; the right password is refused as well.
    """
    _count(session, f"sign_in:address:{ip}", SIGN_INS_PER_ADDRESS, QUARTER_HOUR)
    _count(session, _account_key(email), SIGN_INS_PER_ACCOUNT, QUARTER_HOUR)


def forget_sign_ins(session: Session, *, email: str) -> None:
    """Give an account its whole share back after the right password."""
    throttle.forget(session, _account_key(email))


def count_mail(session: Session, *, email: str, ip: str) -> None:
    """Count a mail that a page sends to an address that anybody may type.

    Raises:
        TooMany: the mailbox or the network address has had its share.
    """
    _count(session, f"mail:address:{ip}", MAILS_PER_ADDRESS, HOUR)
    _count(session, f"mail:account:{_plain(email)}", MAILS_PER_ACCOUNT, HOUR)


def _account_key(email: str) -> str:
    return f"sign_in:account:{_plain(email)}"


def _plain(email: str) -> str:
    return email.strip().lower()


def _count(session: Session, key: str, limit: int, window_seconds: int) -> None:
    allowance = throttle.hit(session, key, limit=limit, window_seconds=window_seconds)
    if not allowance.is_allowed:
        raise TooMany(allowance.reset_seconds)

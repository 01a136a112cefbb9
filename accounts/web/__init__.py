"""The pages on people and organisations."""

from accounts.web import (
    account,
    administration,
    entrance,
    exports,
    invitations,
    notices,
    organisations,
    outbox,
    ownfiles,
    people,
)
from accounts.web.blueprint import blueprint
from accounts.web.identity import identify

__all__ = [
    "account",
    "administration",
    "blueprint",
    "entrance",
    "exports",
    "identify",
    "invitations",
    "notices",
    "organisations",
    "outbox",
    "ownfiles",
    "people",
]

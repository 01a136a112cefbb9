"""Handing out the secret for following a dossier: once when it is sent, and anew when somebody asks."""

from flask_babel import lazy_gettext
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from applications.drafting import may_draft
from applications.engine import lock
from applications.models import Application
from applications.tracking import digest_of, new_secret, plain
from foundation import audit, throttle
from foundation.actors import Actor
from foundation.errors import Blocked, NotAllowed, TooMany
from foundation.noticekinds import NoticeKind, register_notice
from foundation.reasons import register_reasons

QUARTER_HOUR = 15 * 60
TRIES_PER_ADDRESS = 120
"""In a quarter of an hour: many people of one office share a network address."""
TRIES_PER_CODE = 20

RENEWED = "applications:tracking:renew"
audit.register_actions({RENEWED: lazy_gettext("A new secret for following the dossier was made.")})


TRACKING_GIVEN = register_notice(
    NoticeKind(
        "tracking_secret_given",
        subject=lazy_gettext("How to follow dossier %(code)s"),
        body=lazy_gettext(
            "“%(title)s” was sent. Whoever has these two can follow it without an account:\n\n"
            "Code: %(code)s\nTracking secret: %(secret)s\n\n%(link)s\n\n"
            "The secret is not kept here. A new one can be made on the page of the dossier."
        ),
        is_secret=True,
    )
)


def hand_out_secret(session: Session, application: Application) -> str | None:
    """The secret of a dossier that was just sent for the first time; none when it has one already.

    It is the caller's to show it, this once: nothing else keeps it.
    """
    if application.submitted_at is None or application.tracking_digest is not None:
        return None
    secret = new_secret()
    application.tracking_digest = digest_of(secret)
    session.flush()
    return secret


def renew_secret(session: Session, application: Application, *, actor: Actor) -> str:
    """A new secret, after which the old one opens nothing.

    Raises:
        NotAllowed: the actor does not write this dossier.
        Blocked: it was not sent yet.
    """
    locked = lock(session, application)
    assert isinstance(locked, Application)  # noqa: S101 - the same row
    if not may_draft(locked, actor):
        raise NotAllowed
    if locked.submitted_at is None:
        raise Blocked("nothing_was_sent")
    secret = new_secret()
    locked.tracking_digest = digest_of(secret)
    audit.append(session, locked.stream, actor=actor, action=RENEWED, subject=("case", locked.id))
    return secret


def count_try(bind: Session | Engine, code: str, *, address: str) -> None:
    """Count an attempt to follow a dossier, alike whether there is such a one. Raises TooMany."""
    keys = {f"track:address:{address}": TRIES_PER_ADDRESS, f"track:code:{plain(code)}": TRIES_PER_CODE}
    for key, limit in keys.items():
        allowance = throttle.hit(bind, key, limit=limit, window_seconds=QUARTER_HOUR)
        if not allowance.is_allowed:
            raise TooMany(allowance.reset_seconds)


register_reasons({"nothing_was_sent": lazy_gettext("The dossier was not sent yet.")})

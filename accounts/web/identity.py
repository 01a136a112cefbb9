"""Who sends a request: a browser with a session's cookie, or a program with a bearer token."""

from typing import cast

from flask import Request, current_app, g, request
from flask.sansio.app import App
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response

from accounts.operations.sessions import SESSION_LIFETIME, Visit, is_news, note_activity
from accounts.queries import Arrival, actor_of_token, arrival_of_session
from foundation.access import is_api_request
from foundation.actors import PUBLIC, Actor
from foundation.database import db, transaction
from foundation.revisions import learn

READING = frozenset({"GET", "HEAD", "OPTIONS"})
WITHOUT_PERSON = frozenset({"static", "assets.vendor"})
BEARER = "bearer "


class SignedIn(UserMixin):
    """Somebody signed in by a page, as Flask-Login knows them."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def get_id(self) -> str:
        return str(self.actor.person_id)


def install(app: App) -> None:
    """Let Flask-Login recognise people by our own session rows."""
    manager = LoginManager()
    manager.session_protection = None
    manager.request_loader(_signed_in)
    # Not init_app: its handler opens Flask's session after every request, static files included, which would
    # tell caches that each answer depends on cookies.
    app.login_manager = manager  # type: ignore[attr-defined]  # where Flask-Login looks for it


def _signed_in(sent: Request) -> SignedIn | None:
    secret = sent.cookies.get(cookie_name())
    arrival = arrival_of_session(db.session(), secret) if secret else Arrival()
    g.unread_notices = arrival.unread_notices
    if sent.method in READING:
        learn(db.session(), arrival.revisions)
    return SignedIn(arrival.actor) if arrival.actor.is_signed_in else None


def identify() -> Actor:
    """The actor of this request; pages look at the cookie alone, the API at the bearer token alone."""
    if request.endpoint in WITHOUT_PERSON:
        return PUBLIC
    actor = _bearer() if is_api_request() else _from_page()
    if request.method not in READING and actor.is_signed_in and actor.can_use("write") and is_news(actor):
        with transaction(db.session()) as session:
            note_activity(session, actor)
    return actor


def _from_page() -> Actor:
    g.pop("_login_user", None)  # one application context may serve several requests in tests
    return cast(Actor, current_user.actor) if current_user.is_authenticated else PUBLIC


def _bearer() -> Actor:
    sent = request.headers.get("Authorization", "")
    if not sent.lower().startswith(BEARER):
        return PUBLIC
    return actor_of_token(db.session(), sent[len(BEARER) :].strip())


def cookie_name() -> str:
    """The session's cookie; over HTTPS bound to this host alone."""
    return "__Host-khuevan_session" if current_app.config["KHUEVAN"].is_https else "khuevan_session"


def give_cookie(response: Response, secret: str) -> None:
    """Let the browser keep the session: out of reach of scripts and of other sites' forms."""
    response.set_cookie(
        cookie_name(),
        secret,
        max_age=SESSION_LIFETIME,
        secure=current_app.config["KHUEVAN"].is_https,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def take_cookie(response: Response) -> None:
    """Let the browser forget the session."""
    is_https = current_app.config["KHUEVAN"].is_https
    response.delete_cookie(cookie_name(), path="/", secure=is_https, httponly=True, samesite="Lax")


def visit() -> Visit:
    """From where this request comes."""
    return Visit(ip=request.remote_addr or "", user_agent=request.user_agent.string)

"""How often programs may ask: counted per person, and per address for those without a token, over all processes."""

from flask import Flask, Response, current_app, g, request

from foundation.access import current_actor, is_api_request
from foundation.database import db
from foundation.errors import TooMany
from foundation.throttle import Allowance, Purse
from portal.settings import Settings

WINDOW_SECONDS = 60
PURSE = "khuevan.purse"


def count() -> None:
    """Count this request of a program.

    Raises:
        TooMany: the person, or the address, has had its share of this minute.
    """
    g.allowance = None
    if not is_api_request():
        return
    key, limit = _share()
    purse: Purse = current_app.extensions[PURSE]
    g.allowance = purse.hit(db.engine, key, limit=limit, window_seconds=WINDOW_SECONDS)
    if not g.allowance.is_allowed:
        raise TooMany(g.allowance.reset_seconds)


def _share() -> tuple[str, int]:
    settings: Settings = current_app.config["KHUEVAN"]
    actor = current_actor()
    if actor.is_signed_in:
        return f"api:person:{actor.person_id}", settings.api_requests_per_minute
    return f"api:address:{request.remote_addr}", settings.api_public_requests_per_minute


def _tell(response: Response) -> Response:
    allowance: Allowance | None = g.get("allowance")
    if allowance is not None:
        response.headers["RateLimit-Limit"] = str(allowance.limit)
        response.headers["RateLimit-Remaining"] = str(allowance.remaining)
        response.headers["RateLimit-Reset"] = str(allowance.reset_seconds)
    return response


def install(app: Flask) -> None:
    """Tell programs how much is left to them."""
    app.extensions[PURSE] = Purse()
    app.after_request(_tell)

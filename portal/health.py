"""Whether this installation lives (``/healthz``) and can serve (``/readyz``), for whoever watches it."""

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from foundation.access import EVERYONE, access
from foundation.database import db
from foundation.jobs import heartbeat_age
from foundation.register import Domain, register_domain
from portal.revision import is_at_head

STALE_HEARTBEAT_SECONDS = 45.0

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@access(EVERYONE)
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@access(EVERYONE)
def readyz() -> ResponseReturnValue:
    """The database answers, its schema is this code's, and a worker has shown life lately."""
    try:
        parts = _parts()
    except SQLAlchemyError as failure:
        current_app.logger.warning("the database does not answer: %s", type(failure).__name__)
        parts = {"database": "unreachable"}
    is_ready = all(state == "ok" for state in parts.values())
    return {"status": "ok" if is_ready else "unavailable", **parts}, 200 if is_ready else 503


def _parts() -> dict[str, str]:
    if not is_at_head(db.session.connection()):
        return {"database": "ok", "migrations": "behind"}
    age = heartbeat_age(db.session())
    is_alive = age is not None and age < STALE_HEARTBEAT_SECONDS
    return {"database": "ok", "migrations": "ok", "worker": "ok" if is_alive else "silent"}


register_domain(Domain("health", blueprints=[blueprint]))

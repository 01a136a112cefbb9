"""Which protected answer the next page shows, once: the view record is written before, the page comes after."""

from flask import session

from applications.models import Case
from foundation.access import current_actor
from foundation.database import now

KEPT = "disclosure"
LONGEST_SECONDS = 60
"""Between the record and the page; a cookie kept longer shows nothing."""


def keep(case: Case, field: str) -> None:
    """Let the next page of this dossier show this answer to whoever acts now."""
    session[KEPT] = [case.id, current_actor().person_id, now().timestamp(), field]


def take(case: Case) -> frozenset[str]:
    """The question whose answer this page shows, if it was asked for just now; only this once."""
    if KEPT not in session:
        return frozenset()
    case_id, person_id, at, field = session.pop(KEPT)
    is_meant = (case_id, person_id) == (case.id, current_actor().person_id)
    return frozenset({field}) if is_meant and now().timestamp() - at < LONGEST_SECONDS else frozenset()

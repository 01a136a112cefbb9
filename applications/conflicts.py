"""Who declared an interest in the organisation that applies."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.models import Conflict


def conflicted_people(session: Session, organisation_id: int | None) -> set[int]:
    """Those who declared an interest in the organisation."""
    return set(session.scalars(select(Conflict.person_id).where(Conflict.organisation_id == organisation_id)))

"""A person's lists as files, and whether they may still be handed out."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.models import ListExport
from applications.visibility import READING_ROLES
from foundation.actors import Actor, Grant
from foundation.errors import NotFound

MOST_SHOWN = 10


def export_address(export_id: UUID) -> str:
    """The path of the page on one file."""
    return f"/queue/exports/{export_id}"


def own_export(session: Session, export_id: UUID, *, actor: Actor) -> ListExport:
    """A file of the actor's own. Raises NotFound."""
    mine = (ListExport.id == export_id, ListExport.person_id == actor.person_id)
    export: ListExport | None = session.scalar(select(ListExport).where(*mine))
    if export is None:
        raise NotFound
    return export


def latest_exports(session: Session, *, actor: Actor) -> Sequence[ListExport]:
    """The files that the actor asked for last, the latest first."""
    query = select(ListExport).where(ListExport.person_id == actor.person_id)
    return session.scalars(query.order_by(ListExport.asked_at.desc()).limit(MOST_SHOWN)).all()


def read_scopes(actor: Actor) -> list[dict[str, Any]]:
    """What the actor's roles reach, as it is kept with a file."""
    return [
        {"procedure": grant.procedure, "units": None if grant.units is None else sorted(grant.units)}
        for grant in actor.scopes_of(READING_ROLES)
    ]


def still_reaches(export: ListExport, *, actor: Actor) -> bool:
    """Whether the actor's roles reach all that they reached when the file was written."""
    grants = actor.scopes_of(READING_ROLES)
    return all(any(_holds(grant, scope) for grant in grants) for scope in export.scopes)


def _holds(grant: Grant, scope: dict[str, Any]) -> bool:
    is_within = scope["units"] is not None and grant.units is not None and grant.units.issuperset(scope["units"])
    return grant.procedure in (None, scope["procedure"]) and (grant.units is None or is_within)

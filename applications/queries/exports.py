"""A person's lists as files, and whether they may still be handed out."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.models import ListExport
from foundation.actors import Actor, Grant
from foundation.errors import NotFound
from foundation.listkinds import ListKind

MOST_SHOWN = 10


def export_address(export_id: UUID) -> str:
    """The path of the page on one file."""
    return f"/exports/{export_id}"


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


def read_scopes(kind: ListKind, actor: Actor) -> list[dict[str, Any]]:
    """What the actor reaches of such a list, as it is kept with a file: roles by scope, and organisations."""
    grants = actor.scopes_of(kind.roles) if kind.roles else [*actor.grants]
    if kind.roles:
        return [_kept(grant) for grant in grants]
    return [*map(_kept, grants), *({"organisation": number} for number in sorted(actor.organisation_ids))]


def _kept(grant: Grant) -> dict[str, Any]:
    units = None if grant.units is None else sorted(grant.units)
    return {
        "role": grant.role, "procedure": grant.procedure, "units": units, "park": grant.park, "fund": grant.fund
    }  # fmt: skip


def still_reaches(kind: ListKind, export: ListExport, *, actor: Actor) -> bool:
    """Whether the actor reaches all that was reached when the file was written."""
    return kind.rule.admits(actor) and all(_reaches(kind, actor, scope) for scope in export.scopes)


def _reaches(kind: ListKind, actor: Actor, scope: dict[str, Any]) -> bool:
    if "organisation" in scope:
        return scope["organisation"] in actor.organisation_ids
    grants = actor.scopes_of(kind.roles) if kind.roles else actor.scopes_of([scope["role"]])
    return any(_holds(grant, scope) for grant in grants)


def _holds(grant: Grant, scope: dict[str, Any]) -> bool:
    """Whether a role reaches as far as one that was held; scopes that were not kept reach everywhere."""
    is_within = scope["units"] is not None and grant.units is not None and grant.units.issuperset(scope["units"])
    narrow = ((grant.procedure, "procedure"), (grant.park, "park"), (grant.fund, "fund"))
    return (grant.units is None or is_within) and all(own in (None, scope.get(name)) for own, name in narrow)

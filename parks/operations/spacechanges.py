"""Spaces merged into one, or one split into several, from a day on; the old ones stay on record with their past."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, Reason
from parks.models import Park, Space, SpaceAllocation, SpaceChange, SpaceChangePart
from parks.operations.spaces import StatedSpace, add_spaces, find_for_writing
from parks.outlines import joined


@dataclass(frozen=True, slots=True)
class Change:
    """From which day on, and why."""

    holds_from: date
    reason: str


def merge_spaces(session: Session, codes: Sequence[str], into: str, change: Change, *, actor: Actor) -> Space:
    """One space in place of several of one kind that stand side by side; areas and outlines are added up.

    Raises:
        NotFound, NotAllowed: there is no such space, or the actor does not run it.
        Blocked: they are not of one place, have parts, or somebody has one of them afterwards.
        Invalid: the new code is taken.
    """
    spaces = [find_for_writing(session, code, actor=actor) for code in sorted(set(codes))]
    if len({(one.parent_id, one.kind, one.operator_id) for one in spaces}) != 1 or len(spaces) < 2:
        raise Blocked("space_not_siblings")
    for space in spaces:
        _require_open(session, space, change.holds_from)
    first = _stated(session, spaces[0])
    areas: dict[str, Any] = {
        name: _sum(spaces, name) for name in ("gross_m2", "leasable_m2", "gfa_m2", "net_m2", "usable_m2")
    }
    outlines = [one.geometry for one in spaces if one.geometry is not None]
    geometry = joined(outlines) if len(outlines) == len(spaces) else None
    whole = replace(first, code=into, name=into, geometry=geometry, **areas)
    return _change(session, "merge", spaces, [whole], change, actor=actor)[0]


def split_space(
    session: Session, code: str, parts: Sequence[StatedSpace], change: Change, *, actor: Actor
) -> list[Space]:
    """Several spaces in place of one; each part states code, usable area and, where drawn, outline.

    Raises:
        NotFound, NotAllowed, Invalid: see :func:`merge_spaces`.
        Blocked: the parts come to more than the space, it has parts already, or somebody has it afterwards.
    """
    space = find_for_writing(session, code, actor=actor)
    _require_open(session, space, change.holds_from)
    if len(parts) < 2:
        raise Invalid({"parts": ["required"]})
    total, usable = sum((part.usable_m2 or Decimal(0) for part in parts), Decimal(0)), space.usable_m2 or Decimal(0)
    if total > usable or any(part.usable_m2 is None for part in parts):
        raise Blocked(Reason("space_split_area", {"parts_m2": str(total), "usable_m2": str(usable)}))
    old = _stated(session, space)
    area = "leasable_m2" if space.kind in ("zone", "plot") else "net_m2"
    new = [
        replace(old, code=part.code, name=part.name or part.code, usable_m2=part.usable_m2, geometry=part.geometry)
        for part in parts
    ]
    bare: dict[str, Any] = {"gross_m2": None, "leasable_m2": None, "gfa_m2": None, "net_m2": None}
    new = [replace(part, **{**bare, area: part.usable_m2}) for part in new]
    return _change(session, "split", [space], new, change, actor=actor)


def _sum(spaces: Sequence[Space], name: str) -> Decimal | None:
    areas: list[Decimal | None] = [getattr(space, name) for space in spaces]
    known = [area for area in areas if area is not None]
    return sum(known, Decimal(0)) if len(known) == len(areas) else None


def _require_open(session: Session, space: Space, day: date) -> None:
    if space.closed_on is not None or space.opened_on >= day:
        raise Blocked("space_not_there")
    if session.scalar(select(Space.id).where(Space.parent_id == space.id, Space.closed_on.is_(None)).limit(1)):
        raise Blocked("space_has_parts")
    after = select(SpaceAllocation.id).where(
        SpaceAllocation.space_id == space.id,
        SpaceAllocation.released_at.is_(None),
        or_(SpaceAllocation.expires_at.is_(None), SpaceAllocation.expires_at > now()),
        func.upper(SpaceAllocation.period) > day,
    )
    if session.scalar(after.limit(1)):
        raise Blocked("space_claimed")


def _stated(session: Session, space: Space) -> StatedSpace:
    """The space as a plan would state it, for what takes its place."""
    parent = session.get(Space, space.parent_id) if space.parent_id else None
    return StatedSpace(
        code=space.code,
        kind=space.kind,
        parent=parent.code if parent else None,
        level=space.level,
        use=space.use,
        tenure=space.tenure,
        operator=space.operator.code,
        is_divisible=space.is_divisible,
        condition=space.condition,
        power_kw=space.power_kw,
        water_m3_day=space.water_m3_day,
        floor_load_kg_m2=space.floor_load_kg_m2,
    )


def _change(
    session: Session, kind: str, before: Sequence[Space], after: Sequence[StatedSpace], change: Change, *, actor: Actor
) -> list[Space]:
    park: Park = before[0].park
    for space in before:
        space.closed_on = change.holds_from
    session.flush()
    opened = add_spaces(session, park, after, opened_on=change.holds_from, actor=actor)
    row = SpaceChange(
        park_id=park.id, kind=kind, holds_from=change.holds_from, reason=change.reason, person_id=actor.person_id
    )
    session.add(row)
    session.flush()
    sides = [(space, True) for space in before] + [(space, False) for space in opened]
    session.add_all(SpaceChangePart(change_id=row.id, space_id=space.id, is_before=side) for space, side in sides)
    session.flush()
    facts = {"before": [one.code for one in before], "after": [one.code for one in opened]}
    stream, subject = f"park:{park.id}", ("space_change", row.id)
    audit.append(session, stream, actor=actor, action=f"parks:space:{kind}", facts=facts, subject=subject)
    return opened

"""Plans taken into a park: read, checked whole, kept for a preview, and taken over entirely or not at all."""

from decimal import Decimal
from typing import Any, BinaryIO

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotFound, Reason
from foundation.spreadsheets import LARGEST_FILE, MEGABYTE, grid_of_file
from foundation.workdays import local_date
from parks.models import Park, ParkOperator, Space, SpaceAllocation, SpacePlan
from parks.models.allocations import is_live
from parks.models.spaces import KINDS
from parks.operations.spaces import TAKEN_OVER, StatedSpace, add_spaces, drawn
from parks.planchecks import Ground, Node, check_plan
from parks.plans import AREAS, SUPPLIES, PlanRow, as_text, rows_of_geojson, rows_of_grid, sound
from parks.rules import require_park_runner

NUMBERS = frozenset({*AREAS, *SUPPLIES})
CHANGEABLE = ("use", *(name for name in TAKEN_OVER if name not in ("code", "kind")))
MOST_GEOJSON = 4 * LARGEST_FILE


def read_plan(stream: BinaryIO, filename: str) -> list[PlanRow]:
    """The rows of an XLSX, CSV or GeoJSON file. Raises Invalid (``file``)."""
    if filename.lower().endswith((".geojson", ".json")):
        content = stream.read(MOST_GEOJSON + 1)
        if len(content) > MOST_GEOJSON:
            raise Invalid({"file": [Reason("sheet_too_large", {"limit": MOST_GEOJSON // MEGABYTE})]})
        return rows_of_geojson(content)
    return rows_of_grid(grid_of_file(stream, filename))


def examine_plan(
    session: Session, park: Park, rows: list[PlanRow], *, actor: Actor, with_outlines: bool = True
) -> dict[str, Node]:
    """Blame each row for what is wrong with it; the park as it would stand. Raises NotAllowed."""
    require_park_runner(actor, park)
    return check_plan(rows, _ground(session, park, rows), with_outlines=with_outlines)


def keep_plan(session: Session, park: Park, rows: list[PlanRow], filename: str, *, actor: Actor) -> SpacePlan:
    """Keep sound rows until somebody has looked at them. Raises NotAllowed."""
    require_park_runner(actor, park)
    kept = [
        {
            "number": row.number,
            "values": {name: as_text(value) for name, value in row.values.items()},
            "geometry": row.geometry,
        }
        for row in rows
    ]
    plan = SpacePlan(park_id=park.id, filename=filename[:200], rows=kept, person_id=actor.person_id)
    session.add(plan)
    session.flush()
    return plan


def find_plan(session: Session, park: Park, plan_id: int, *, actor: Actor, for_update: bool = False) -> SpacePlan:
    """Raises NotFound or NotAllowed."""
    require_park_runner(actor, park)
    found = select(SpacePlan).where(SpacePlan.id == plan_id, SpacePlan.park_id == park.id)
    plan = session.scalar(found.with_for_update() if for_update else found)
    if plan is None:
        raise NotFound
    return plan


def kept_rows(plan: SpacePlan) -> list[PlanRow]:
    """The rows as they were read."""
    return [PlanRow(facts["number"], _values(facts["values"]), facts["geometry"]) for facts in plan.rows]


def _values(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: Decimal(value) if name in NUMBERS else value for name, value in facts.items()}


def apply_plan(session: Session, park: Park, plan_id: int, *, actor: Actor) -> int:
    """Take all rows over; how many spaces came or changed.

    Raises:
        NotFound, NotAllowed: see :func:`find_plan`.
        Blocked: it was taken over before, or something in the park has changed so that it no longer fits.
    """
    plan = find_plan(session, park, plan_id, actor=actor, for_update=True)
    session.execute(select(Park.id).where(Park.id == park.id).with_for_update())
    if plan.applied_at is not None:
        raise Blocked("plan_applied")
    rows = kept_rows(plan)
    nodes = examine_plan(session, park, rows, actor=actor)
    if not sound(rows):
        raise Blocked("plan_outdated")
    touched = sorted((node for node in nodes.values() if node.row), key=lambda node: KINDS.index(node.values["kind"]))
    _change_known(session, park, [node for node in touched if not node.is_new])
    add_spaces(session, park, [_stated(node) for node in touched if node.is_new], actor=actor)
    plan.applied_at = now()
    session.flush()
    facts, subject = {"plan": plan.id, "spaces": len(touched)}, ("park", park.id)
    audit.append(session, f"park:{park.id}", actor=actor, action="parks:plan:apply", facts=facts, subject=subject)
    return len(touched)


def _stated(node: Node) -> StatedSpace:
    return StatedSpace(**node.values, geometry=node.geometry)


def _change_known(session: Session, park: Park, nodes: list[Node]) -> None:
    codes = [node.code for node in nodes]
    found = select(Space).where(Space.park_id == park.id, Space.code.in_(codes)).with_for_update()
    spaces = {space.code: space for space in session.scalars(found)}
    for node in nodes:
        space, row = spaces[node.code], node.row
        for name in CHANGEABLE:
            if row is not None and name in row.values:
                setattr(space, name, row.values[name])
        if row is not None and row.geometry is not None:
            for name, value in drawn(row.geometry).items():
                setattr(space, name, value)
    session.flush()


def _ground(session: Session, park: Park, rows: list[PlanRow]) -> Ground:
    codes = {row.code for row in rows if row.code}
    foreign = select(Space.code).where(Space.code.in_(codes), (Space.park_id != park.id) | Space.closed_on.is_not(None))
    return Ground(
        park.code,
        park.gross_m2,
        park.geometry,
        _known(session, park),
        frozenset(session.scalars(foreign)),
        frozenset(session.scalars(select(ParkOperator.code))),
    )


def _known(session: Session, park: Park) -> dict[str, Node]:
    """The open spaces of the park by code."""
    claims = exists().where(
        SpaceAllocation.space_id == Space.id,
        is_live(now()),
        func.upper(SpaceAllocation.period) > local_date(now()),
    )
    found = select(Space, claims).where(Space.park_id == park.id, Space.closed_on.is_(None))
    spaces = [(space, is_claimed) for space, is_claimed in session.execute(found)]
    codes = {space.id: space.code for space, _ in spaces}
    return {
        space.code: Node(_values_of(space, codes.get(space.parent_id or 0)), space.geometry, is_claimed=is_claimed)
        for space, is_claimed in spaces
    }


def _values_of(space: Space, parent: str | None) -> dict[str, Any]:
    return {name: getattr(space, name) for name in ("use", *TAKEN_OVER)} | {"parent": parent}

"""Parks founded with their operators, and their trees grown, space by space from the top down."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload

from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid
from foundation.wording import Trilingual
from foundation.workdays import local_date
from parks.models import AnnouncedArea, Park, ParkOperator, Space
from parks.models.spaces import CONDITIONS
from parks.outlines import box_of
from parks.rules import require_park_runner, require_runner


@dataclass(frozen=True, slots=True)
class StatedSpace:
    """A space as a plan states it; without use and operator it takes those of what it stands in."""

    code: str
    kind: str
    parent: str | None = None
    name: str = ""
    level: int | None = None
    use: str | None = None
    tenure: str | None = None
    operator: str | None = None
    gross_m2: Decimal | None = None
    leasable_m2: Decimal | None = None
    gfa_m2: Decimal | None = None
    net_m2: Decimal | None = None
    usable_m2: Decimal | None = None
    is_divisible: bool = False
    condition: str = "ready"
    power_kw: Decimal | None = None
    water_m3_day: Decimal | None = None
    floor_load_kg_m2: Decimal | None = None
    geometry: Mapping[str, Any] | None = None


TAKEN_OVER = (
    "code",
    "kind",
    "name",
    "level",
    "tenure",
    "gross_m2",
    "leasable_m2",
    "gfa_m2",
    "net_m2",
    "usable_m2",
    "is_divisible",
    "condition",
    "power_kw",
    "water_m3_day",
    "floor_load_kg_m2",
)


@dataclass(frozen=True, slots=True)
class StatedPark:
    """A park as its charter states it; ``announced`` holds day, area, what it is, source and address."""

    code: str
    name: Trilingual
    place: Trilingual
    gross_m2: Decimal
    leasable_m2: Decimal | None = None
    geometry: Mapping[str, Any] | None = None
    is_demonstration: bool = False
    announced: tuple[Mapping[str, Any], ...] = field(default=())


def add_operator(
    session: Session, code: str, name: Trilingual, *, kind: str, actor: Actor, is_demonstration: bool = False
) -> ParkOperator:
    operator = ParkOperator(code=code, name=dict(name), kind=kind, is_demonstration=is_demonstration)
    session.add(operator)
    session.flush()
    subject = ("park_operator", operator.id)
    audit.append(session, f"operator:{operator.id}", actor=actor, action="parks:operator:add", subject=subject)
    return operator


def found_park(session: Session, stated: StatedPark, operator: ParkOperator, *, actor: Actor) -> Park:
    """A park without spaces yet. Raises Invalid when its code is taken."""
    if session.scalar(select(Park.id).where(Park.code == stated.code)):
        raise Invalid({"code": ["park_code_taken"]})
    park = Park(
        code=stated.code,
        name=dict(stated.name),
        place=dict(stated.place),
        operator=operator,
        gross_m2=stated.gross_m2,
        leasable_m2=stated.leasable_m2,
        is_demonstration=stated.is_demonstration,
        **drawn(stated.geometry),
    )
    session.add(park)
    session.flush()
    session.add_all(AnnouncedArea(park_id=park.id, **facts) for facts in stated.announced)
    session.flush()
    _record(session, park, "parks:park:add", actor=actor)
    return park


def add_spaces(
    session: Session, park: Park, stated: Iterable[StatedSpace], *, opened_on: date | None = None, actor: Actor
) -> list[Space]:
    """Grow the tree: each space names, as its parent, one that stands already or comes before it in the list.

    Raises:
        NotAllowed: the actor does not run the park.
        Invalid: a code is taken, or a parent or operator does not exist, by code of the space.
    """
    require_park_runner(actor, park)
    rows = list(stated)
    known, operators = _known(session, park, rows), _operators(session)
    day = opened_on or local_date(now())
    grown = [_grown(park, one, known, operators, day) for one in rows]
    for depth in _by_depth(grown):
        session.add_all(depth)
        session.flush()
    _record(session, park, "parks:space:add", actor=actor, spaces=len(grown))
    return grown


def _known(session: Session, park: Park, rows: list[StatedSpace]) -> dict[str, Space]:
    wanted = {row.code for row in rows}
    taken = session.scalars(select(Space.code).where(Space.code.in_(wanted))).all()
    twice = (
        {row.code for row in rows if sum(other.code == row.code for other in rows) > 1}
        if len(wanted) < len(rows)
        else set()
    )
    if taken or twice:
        raise Invalid({code: ["space_code_taken"] for code in sorted({*taken, *twice})})
    parents = {row.parent for row in rows if row.parent} - wanted
    found = session.scalars(select(Space).where(Space.park_id == park.id, Space.code.in_(parents)))
    return {space.code: space for space in found}


def _operators(session: Session) -> dict[str, int]:
    return {operator.code: operator.id for operator in session.scalars(select(ParkOperator))}


def _grown(
    park: Park, stated: StatedSpace, known: dict[str, Space], operators: Mapping[str, int], opened_on: date
) -> Space:
    parent = known.get(stated.parent) if stated.parent else None
    operator = (
        operators.get(stated.operator) if stated.operator else (parent.operator_id if parent else park.operator_id)
    )
    if (stated.parent and parent is None) or operator is None:
        raise Invalid({stated.code: ["does_not_exist"]})
    space = Space(
        park_id=park.id,
        parent=parent,
        use=stated.use or (parent.use if parent else "research"),
        operator_id=operator,
        opened_on=opened_on,
        **{name: getattr(stated, name) for name in TAKEN_OVER},
        **drawn(stated.geometry),
    )
    known[stated.code] = space
    return space


def _by_depth(spaces: list[Space]) -> list[list[Space]]:
    """The spaces whose parents stand first, then those on top of them, and so on."""
    depths: list[list[Space]] = []
    depth_of: dict[int, int] = {}
    for space in spaces:
        depth = depth_of.get(id(space.parent), -1) + 1
        depth_of[id(space)] = depth
        if depth == len(depths):
            depths.append([])
        depths[depth].append(space)
    return depths


def drawn(geometry: Mapping[str, Any] | None) -> dict[str, Any]:
    """An outline with the box around it, as columns."""
    if geometry is None:
        return {}
    west, south, east, north = box_of(geometry)
    return {"geometry": dict(geometry), "west": west, "south": south, "east": east, "north": north}


def find_for_writing(session: Session, code: str, *, actor: Actor) -> Space:
    """The space, locked until the transaction ends. Raises NotFound or NotAllowed."""
    found = (
        select(Space)
        .options(joinedload(Space.park).defer(Park.geometry), joinedload(Space.operator), defer(Space.geometry))
        .where(Space.code == code)
        .with_for_update(of=Space)
        .execution_options(populate_existing=True)
    )
    return require_runner(actor, session.scalar(found))


def set_condition(session: Session, code: str, condition: str, *, actor: Actor) -> Space:
    """Whether the space is planned, ready, being refurbished or blocked; what is let stays let.

    Raises:
        NotFound, NotAllowed: see :func:`find_for_writing`.
        Invalid: there is no such condition.
        Blocked: the space is closed.
    """
    space = find_for_writing(session, code, actor=actor)
    if condition not in CONDITIONS:
        raise Invalid({"condition": ["not_a_choice"]})
    if space.closed_on is not None:
        raise Blocked("space_not_there")
    facts = {"was": space.condition, "is": condition}
    space.condition = condition
    session.flush()
    subject = ("space", space.id)
    audit.append(session, f"space:{space.id}", actor=actor, action="parks:space:change", facts=facts, subject=subject)
    return space


def _record(session: Session, park: Park, action: str, *, actor: Actor, **facts: Any) -> None:
    audit.append(session, f"park:{park.id}", actor=actor, action=action, facts=facts, subject=("park", park.id))

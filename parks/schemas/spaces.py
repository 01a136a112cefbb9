"""Parks, their spaces and who has them as programs see them; areas as decimal text in square metres."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from foundation.api import PageQuery
from foundation.decimals import NotADecimal, parse_decimal
from foundation.errors import Reason
from foundation.schemas import COMMON, Anything, Choice, Day, Flag, Inner, Instant, Many, Shape, Text, Whole
from parks.models.allocations import KINDS as CLAIM_KINDS
from parks.models.allocations import RELEASES
from parks.models.parks import OPERATOR_KINDS
from parks.models.spaces import KINDS, TENURES, USES
from parks.queries.spaces import STATUSES

LARGEST_M2 = 10**10


class Area(fields.Field[Decimal]):
    """Square metres above zero, as text with two decimals at most."""

    default_error_messages = {**COMMON, "invalid": "decimal_as_text"}

    def __init__(self, **rest: Any) -> None:
        metadata = {"type": "string", "pattern": r"^[0-9]{1,10}(\.[0-9]{1,2})?$", **rest.pop("metadata", {})}
        super().__init__(metadata=metadata, **rest)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> Decimal:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        try:
            area = parse_decimal(value, places=2)
        except NotADecimal as fault:
            raise ValidationError([fault.reason]) from fault
        if not 0 < area < LARGEST_M2:
            raise ValidationError([Reason("area_not_positive")])
        return area


class OperatorShape(Shape):
    code = Text(required=True)
    name = Text(required=True)
    kind = Choice(*OPERATOR_KINDS, required=True)
    is_demonstration = Flag(required=True)


class AnnouncedShape(Shape):
    """An area as somebody announced it; announcements differ, and none replaces another."""

    announced_on = Day(required=True)
    area_m2 = Text(required=True)
    what = Text(required=True)
    source = Text(required=True)
    url = Text(required=True, allow_none=True)


class ParkShape(Shape):
    """A park; `is_demonstration` marks those whose operators, spaces and tenants are invented."""

    code = Text(required=True)
    name = Text(required=True)
    place = Text(required=True)
    operator = Inner(OperatorShape, required=True)
    gross_m2 = Text(required=True)
    leasable_m2 = Text(required=True, allow_none=True)
    announced = Many(Inner(AnnouncedShape), required=True)
    is_demonstration = Flag(required=True)


class ParkList(Shape):
    items = Many(Inner(ParkShape), required=True)


class SpaceQuery(PageQuery):
    """Which spaces: those that can be let, or all of one kind."""

    status = Choice(*STATUSES)
    use = Choice(*USES)
    kind = Choice(*KINDS)
    min_m2 = Area(metadata={"description": "Free area at least; of spaces that are not free, the whole area"})
    within = Text(longest=120, metadata={"description": "Code of a space: only what it holds, and itself"})
    on = Day(metadata={"description": "The day on which they stand; without it today"})


class SpaceShape(Shape):
    """A space as it stands: `free_m2` is free from the day on without end; `status` is null where nothing is let."""

    code = Text(required=True)
    kind = Choice(*KINDS, required=True)
    name = Text(required=True)
    parent = Text(required=True, allow_none=True)
    level = Whole(required=True, allow_none=True)
    use = Choice(*USES, required=True)
    tenure = Choice(*TENURES, required=True, allow_none=True)
    status = Choice(*STATUSES, required=True, allow_none=True)
    usable_m2 = Text(required=True, allow_none=True)
    free_m2 = Text(required=True, allow_none=True)
    is_divisible = Flag(required=True)
    taken_until = Day(required=True, allow_none=True, metadata={"description": "Last day of what is given now"})
    lapses_at = Instant(required=True, allow_none=True, metadata={"description": "When the next hold lapses"})
    gross_m2 = Text(required=True, allow_none=True)
    leasable_m2 = Text(required=True, allow_none=True)
    gfa_m2 = Text(required=True, allow_none=True)
    net_m2 = Text(required=True, allow_none=True)
    power_kw = Text(required=True, allow_none=True)
    water_m3_day = Text(required=True, allow_none=True)
    floor_load_kg_m2 = Text(required=True, allow_none=True)
    opened_on = Day(required=True)
    closed_on = Day(required=True, allow_none=True)


class SpacePage(Shape):
    items = Many(Inner(SpaceShape), required=True)
    next_cursor = Text(required=True, allow_none=True)


class SpaceDetail(SpaceShape):
    park = Text(required=True)
    operator = Inner(OperatorShape, required=True)
    geometry = Anything(required=True, allow_none=True, metadata={"description": "GeoJSON, WGS 84"})


class WantedShape(Shape):
    """Who wants a space and when, both days included; without an area all of it. Name a holder or an organisation."""

    starts_on = Day(required=True)
    ends_on = Day(required=True)
    area_m2 = Area()
    holder = Text(longest=200, shortest=1)
    organisation = Text(longest=40, metadata={"description": "Code of an organisation of the platform"})
    admission = Text(
        longest=40, metadata={"description": "Key of the admission on which the space is given; names the holder"}
    )


class ReservationShape(WantedShape):
    deposit_vnd = Whole(required=True, lowest=1)


class DepositShape(Shape):
    deposit_vnd = Whole(required=True, lowest=1)


class ReleaseShape(Shape):
    reason = Choice(*(reason for reason in RELEASES if reason != "lapsed"), load_default="withdrawn")


class AllocationShape(Shape):
    """Who has a space; a hold or reservation counts until `expires_at`, and never again once it was released."""

    key = Text(required=True)
    space = Text(required=True)
    kind = Choice(*CLAIM_KINDS, required=True)
    starts_on = Day(required=True)
    ends_on = Day(required=True)
    area_m2 = Text(required=True)
    holder = Text(required=True)
    deposit_vnd = Whole(required=True, allow_none=True)
    expires_at = Instant(required=True, allow_none=True)
    released_at = Instant(required=True, allow_none=True)
    release_reason = Choice(*RELEASES, required=True, allow_none=True)
    is_live = Flag(required=True)


class WaiterShape(Shape):
    """Somebody in the queue of a space; `ahead` are those who came before and still wait."""

    space = Text(required=True)
    holder = Text(required=True)
    starts_on = Day(required=True)
    ends_on = Day(required=True)
    since = Instant(required=True)
    ahead = Whole(required=True)


class AllocationList(Shape):
    items = Many(Inner(AllocationShape), required=True)

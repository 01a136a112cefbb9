"""Reports on parks as programs get them: areas, amounts and shares as exact text."""

from foundation.amounts import CourseDay
from foundation.api import PageQuery
from foundation.schemas import Choice, Day, Flag, Inner, Many, Shape, Text, Whole
from parks.arrears import BUCKET_CODES
from parks.models.spaces import KINDS, USES
from parks.queries.reportsheets import ROLL_STATES, STATES

AS_OF = "The day asked for; without it today"


class ReportQuery(Shape):
    as_of = CourseDay(metadata={"description": AS_OF})


class SheetQuery(PageQuery):
    as_of = CourseDay(metadata={"description": AS_OF})
    use = Choice(*USES)


class RollQuery(SheetQuery):
    ends = Text(longest=10, metadata={"description": "A year, `over` or `later`, as in the ladder of expiries"})
    state = Choice(*ROLL_STATES)


class SpacesQuery(SheetQuery):
    state = Choice(*STATES)


class ArrearsQuery(SheetQuery):
    age = Choice(*BUCKET_CODES)


class AreaShareShape(Shape):
    """A part of a whole in square metres; `share` is null where there is no whole."""

    part_m2 = Text(required=True)
    whole_m2 = Text(required=True)
    share = Text(required=True, allow_none=True)


class WaleShape(Shape):
    """Months, weighted by area or by the month's rent; what is over counts with none, what is vacant not at all."""

    by_area_to_expiry = Text(required=True, allow_none=True)
    by_area_to_break = Text(required=True, allow_none=True)
    by_rent_to_expiry = Text(required=True, allow_none=True)
    by_rent_to_break = Text(required=True, allow_none=True)


class ArrearsByAgeShape(Shape):
    """What was due before the day and is open, by age."""

    total_vnd = Text(required=True)
    to_30_vnd = Text(required=True)
    to_60_vnd = Text(required=True)
    to_90_vnd = Text(required=True)
    above_90_vnd = Text(required=True)


class CollectionShape(Shape):
    """What fell due after `since` up to the day, and what of it came by then."""

    since = Day(required=True)
    asked_vnd = Text(required=True)
    paid_vnd = Text(required=True)
    share = Text(required=True, allow_none=True)


class ServiceShape(AreaShareShape):
    """Zones for services against the whole park, and the most that the decree allows."""

    park = Text(required=True)
    most = Text(required=True)
    is_above = Flag(required=True)


class RungShape(Shape):
    """What ends in a year, is `over` but not handed back, or ends `later`."""

    ends = Text(required=True)
    leases = Whole(required=True)
    area_m2 = Text(required=True)
    rent_vnd = Text(required=True)


class ForecastShape(AreaShareShape):
    """Occupancy on a day to come if nobody renews and nothing more is let."""

    on = Day(required=True)


class ReportShape(Shape):
    """The indicators of a park, or of all parks that the caller sees; rent is a month's, before relief and tax."""

    as_of = Day(required=True)
    occupancy = Inner(AreaShareShape, required=True)
    vacant_m2 = Text(required=True)
    land_use = Inner(AreaShareShape, required=True)
    leases = Whole(required=True)
    tenancies = Whole(required=True, metadata={"description": "Leases, and spaces let without a contract kept here"})
    rent_vnd = Text(required=True)
    relief_vnd = Text(required=True)
    service_vnd = Text(required=True)
    wale_months = Inner(WaleShape, required=True)
    arrears = Inner(ArrearsByAgeShape, required=True)
    collection = Inner(CollectionShape, required=True)
    service_zones = Many(Inner(ServiceShape), required=True)
    ladder = Many(Inner(RungShape), required=True)
    forecast = Many(Inner(ForecastShape), required=True)


class ParkReportShape(ReportShape):
    park = Text(required=True)


class AllReportsShape(ReportShape):
    parks = Many(Inner(ParkReportShape), required=True)


class RollRow(Shape):
    space = Text(required=True)
    park = Text(required=True)
    use = Choice(*USES, required=True)
    tenant = Text(required=True)
    lease = Text(required=True, allow_none=True)
    starts_on = Day(required=True)
    ends_on = Day(required=True)
    break_on = Day(required=True, allow_none=True)
    holds_over = Flag(required=True)
    area_m2 = Text(required=True)
    rent_vnd = Text(required=True)
    relief_vnd = Text(required=True)
    service_vnd = Text(required=True)
    deposit_vnd = Text(required=True)


class SpaceRow(Shape):
    space = Text(required=True)
    park = Text(required=True)
    kind = Choice(*KINDS, required=True)
    use = Choice(*USES, required=True)
    whole_m2 = Text(required=True)
    let_m2 = Text(required=True)
    vacant_m2 = Text(required=True)


class AskedRow(Shape):
    request = Text(required=True)
    park = Text(required=True)
    lease = Text(required=True)
    tenant = Text(required=True)
    from_on = Day(required=True)
    to_on = Day(required=True)
    due_on = Day(required=True)
    age = Choice(*BUCKET_CODES, required=True, allow_none=True)
    total_vnd = Text(required=True)
    paid_vnd = Text(required=True)
    open_vnd = Text(required=True)


class SheetPage(Shape):
    """Rows of a sheet; the next ones behind the cursor."""

    next_cursor = Text(required=True, allow_none=True)


class RollPage(SheetPage):
    items = Many(Inner(RollRow), required=True)


class SpaceRowPage(SheetPage):
    items = Many(Inner(SpaceRow), required=True)


class AskedPage(SheetPage):
    items = Many(Inner(AskedRow), required=True)

"""What sheets, columns and indicators of reports on parks are called, and how each figure is reckoned."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: what of a row, its title, and how it is shown."""

    name: str
    title: Any
    kind: str = "text"

    @property
    def is_number(self) -> bool:
        return self.kind in ("vnd", "m2")


SHEET_TITLES = {
    "rent-roll": _("Rent roll"),
    "spaces": _("Spaces to let"),
    "land": _("Land to lease"),
    "arrears": _("Arrears"),
    "collection": _("Fallen due in twelve months"),
    "zones": _("Zones"),
}
SHEET_NOTES = {
    "rent-roll": _(
        "Leases that run on the day, and those whose term is over while the tenant still has the space. Rent is what "
        "is in force for a month, before relief and tax."
    ),
    "spaces": _(
        "Spaces that can be let on the day. Those that are still planned count once they are let; what is held over "
        "after its term counts as vacant."
    ),
    "land": _(
        "Plots that can be leased as land, and how much of each is; plots built on for rooms to let are not among them."
    ),
    "arrears": _("What was due before the day and is still open; money pays the oldest request first."),
    "collection": _("Requests that fell due in the twelve months up to the day, and what of them came by then."),
    "zones": _("Zones with their use; those for services together take at most the share that the decree allows."),
}
_PARK, _SPACE = Column("park", _("Park")), Column("space", _("Space"), "space")
_LEASE = Column("lease", _("Lease number"), "lease")
_USE, _TENANT = Column("use", _("Use"), "word"), Column("tenant", _("Tenant"))
_REQUESTED = (
    Column("request", _("Payment request"), "request"),
    _PARK,
    _LEASE,
    _TENANT,
    Column("from_on", _("From"), "day"),
    Column("to_on", _("Until"), "day"),
    Column("due_on", _("Due on"), "day"),
)
_AMOUNTS = (
    Column("total_vnd", _("Asked"), "vnd"),
    Column("paid_vnd", _("Paid"), "vnd"),
    Column("open_vnd", _("Open"), "vnd"),
)
COLUMNS: dict[str, tuple[Column, ...]] = {
    "rent-roll": (
        _SPACE,
        _PARK,
        _TENANT,
        _LEASE,
        Column("area_m2", _("Area"), "m2"),
        Column("rent_vnd", _("Rent a month"), "vnd"),
        Column("ends_on", _("Until"), "day"),
        Column("break_on", _("First break"), "day"),
        Column("starts_on", _("From"), "day"),
        _USE,
        Column("relief_vnd", _("Relief a month"), "vnd"),
        Column("service_vnd", _("Service a month"), "vnd"),
        Column("deposit_vnd", _("Deposit agreed"), "vnd"),
    ),
    "spaces": (
        _SPACE,
        _PARK,
        Column("kind", _("Kind"), "word"),
        _USE,
        Column("whole_m2", _("Area"), "m2"),
        Column("let_m2", _("Let"), "m2"),
        Column("vacant_m2", _("Vacant"), "m2"),
    ),
    "land": (
        _SPACE,
        _PARK,
        _USE,
        Column("whole_m2", _("Land to lease"), "m2"),
        Column("let_m2", _("Leased"), "m2"),
        Column("vacant_m2", _("Left"), "m2"),
    ),
    "arrears": (*_REQUESTED, Column("age", _("Age"), "word"), *_AMOUNTS),
    "collection": (*_REQUESTED, *_AMOUNTS),
    "zones": (
        Column("zone", _("Zone"), "space"),
        _PARK,
        Column("name", _("Name")),
        _USE,
        Column("gross_m2", _("Gross area"), "m2"),
    ),
}
STATE_TITLES = {
    "let": _("Let"),
    "vacant": _("Vacant"),
    "expiring": _("About to expire"),
    "over": _("Over, not handed back"),
}
INDICATORS = {
    "occupancy.part_m2": _("Let (m²)"),
    "occupancy.whole_m2": _("Can be let (m²)"),
    "occupancy.share": _("Occupancy"),
    "vacant_m2": _("Vacant (m²)"),
    "land_use.part_m2": _("Land leased (m²)"),
    "land_use.whole_m2": _("Land that can be leased (m²)"),
    "land_use.share": _("Land-use rate"),
    "leases": _("Leases"),
    "rent_vnd": _("Rent a month (VND)"),
    "relief_vnd": _("Relief a month (VND)"),
    "service_vnd": _("Service a month (VND)"),
    "wale_months.by_area_to_expiry": _("WALE by area, to expiry (months)"),
    "wale_months.by_area_to_break": _("WALE by area, to the first break (months)"),
    "wale_months.by_rent_to_expiry": _("WALE by rent, to expiry (months)"),
    "wale_months.by_rent_to_break": _("WALE by rent, to the first break (months)"),
    "arrears.total_vnd": _("Arrears (VND)"),
    "arrears.to_30_vnd": _("Arrears up to 30 days (VND)"),
    "arrears.to_60_vnd": _("Arrears of 31 to 60 days (VND)"),
    "arrears.to_90_vnd": _("Arrears of 61 to 90 days (VND)"),
    "arrears.above_90_vnd": _("Arrears of more than 90 days (VND)"),
    "collection.asked_vnd": _("Fallen due in twelve months (VND)"),
    "collection.paid_vnd": _("Of it paid (VND)"),
    "collection.share": _("Collection rate"),
}
"""Lines of the workbook by where they stand in the facts."""

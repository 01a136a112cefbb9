"""What kinds, uses, states and operators of spaces are called on pages."""

from decimal import Decimal

from babel.numbers import format_decimal
from flask_babel import lazy_gettext as _

from foundation.facts import area_in_words
from foundation.speech import current_language
from parks.web.blueprint import blueprint

KIND_TITLES = {
    "zone": _("Zone"),
    "plot": _("Plot"),
    "building": _("Building"),
    "floor": _("Floor"),
    "unit": _("Office or workshop"),
    "desk": _("Desk or bench"),
}
USE_TITLES = {
    "research": _("Research and development"),
    "production": _("Production"),
    "incubator": _("Incubator"),
    "training": _("Training"),
    "service": _("Services"),
    "housing": _("Housing"),
    "technical": _("Technical facilities"),
    "green": _("Green space"),
}
TENURE_TITLES = {
    "land_lease": _("Land lease"),
    "sublease": _("Sublease of land"),
    "office_lease": _("Office or workshop lease"),
    "licence": _("Licence"),
}
STATUS_TITLES = {
    "available": _("Available"),
    "held": _("On hold"),
    "reserved": _("Reserved"),
    "leased": _("Let"),
    "planned": _("Planned"),
    "refurbishing": _("Being refurbished"),
    "blocked": _("Blocked"),
}
CONDITION_TITLES = {
    "planned": _("Planned"),
    "ready": _("Ready"),
    "refurbishing": _("Being refurbished"),
    "blocked": _("Blocked"),
}
CLAIM_TITLES = {"hold": _("Hold"), "reservation": _("Reservation"), "lease": _("Lease")}
RELEASE_TITLES = {
    "lapsed": _("Lapsed"),
    "withdrawn": _("Withdrawn"),
    "refused": _("Refused"),
    "ended": _("Ended"),
}
OPERATOR_TITLES = {
    "public_board": _("Public management board"),
    "private_owner": _("Private infrastructure owner"),
    "company": _("Company"),
}
COLOURINGS = {"status": _("Status"), "use": _("Use"), "expiry": _("End of what is given")}
EXPIRIES = {
    "none": _("Nothing given"),
    "6": _("Within 6 months"),
    "24": _("Within 2 years"),
    "60": _("Within 5 years"),
    "later": _("Later"),
}


@blueprint.app_template_filter("m2")
def m2(area: Decimal | str | None) -> str:
    """Square metres in the reader's language."""
    return "–" if area is None else area_in_words(Decimal(area), current_language())


@blueprint.app_template_filter("hectares")
def hectares(area: Decimal | str | None) -> str:
    """Square metres as hectares, to the hundredth."""
    if area is None:
        return "–"
    return f"{format_decimal(Decimal(area) / 10_000, '#,##0.##', locale=current_language())} ha"

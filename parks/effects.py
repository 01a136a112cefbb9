"""What else happens in a park when a dossier moves: who is confirmed, or takes a desk, may be given a place."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select

from applications.firing import Firing
from applications.models import Application
from applications.registry import effect
from foundation.errors import Blocked
from foundation.reasons import register_reasons
from parks.models import Park, ParkAdmission

PARKS, KIND = "parks", "admits"
"""Parameters of a pack: the codes of the parks by the answer that chooses one (or the only one), whether it admits a
project or to a desk."""

WISHES = ("kind", "tenure", "area_m2", "power_kw", "water_m3_day", "desks_offered", "stay_offered")


@effect
def admit_to_park(firing: Firing) -> None:
    """The applicant may be given a place in the park from now on. Raises Blocked when there is no such park."""
    case = firing.case
    said = _said(firing)
    parks = firing.pack.parameters.get(PARKS, {})
    code = parks.get(said.get("park")) if "park" in said else next(iter(parks.values()), None)
    park = firing.session.scalar(select(Park).where(Park.code == code))
    if park is None or case.organisation_id is None:
        raise Blocked("admission_without_park")
    firing.session.add(
        ParkAdmission(
            case_id=case.id,
            organisation_id=case.organisation_id,
            park_id=park.id,
            kind=firing.pack.parameters.get(KIND, "project"),
            title=case.title,
            wish={name: said[name] for name in WISHES if said.get(name) is not None},
            spaces=said.get("desks_offered"),
            admitted_at=firing.at,
        )
    )
    firing.facts["park"] = park.code


def _said(firing: Firing) -> Mapping[str, Any]:
    """The answers of the dossier, and over them what was offered to the applicant."""
    answers = firing.case.answers if isinstance(firing.case, Application) else {}
    offered = firing.last("offer_desk")
    return {**answers, **(offered.data if offered else {})}


register_reasons(
    {
        "admission_without_park": lazy_gettext("The park that this dossier is about is not in the register of parks."),
    }
)

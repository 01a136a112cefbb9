"""What else happens in a park when a dossier moves: who is confirmed, or takes a desk, may be given a place."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select

from applications.firing import Firing
from applications.models import Application
from applications.registry import effect, guard
from foundation.errors import Blocked, Reason
from foundation.reasons import register_reasons
from foundation.workdays import local_date
from parks.models import Park, ParkAdmission

PARKS, KIND, OPINIONS = "parks", "admits", "opinion_clocks"
"""Parameters of a pack: the codes of the parks by the answer that chooses one (or the only one), whether it admits a
project or to a desk, the clocks that run while departments are asked."""

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


@guard
def opinion_is_awaited(firing: Firing) -> Iterator[Reason]:
    """The department of this step was asked, and has not answered yet."""
    asked = {key for key, verb in firing.step.clocks.items() if verb == "stop"}
    if not any(run.clock in asked and run.ended_at is None for run in firing.runs):
        yield Reason("opinion_not_awaited")


@guard
def opinions_are_in_or_overdue(firing: Firing) -> Iterator[Reason]:
    """Every department has answered, or its time is over: who is late does not hold up the others."""
    clocks = firing.pack.parameters.get(OPINIONS, ())
    awaited = [run for run in firing.runs if run.clock in clocks and run.ended_at is None]
    open_ones = [run.due_at for run in awaited if run.due_at is not None and run.due_at > firing.at]
    if open_ones:
        last = local_date(max(open_ones)).isoformat()
        yield Reason("opinions_awaited", {"count": len(open_ones), "due": last})


register_reasons(
    {
        "admission_without_park": lazy_gettext("The park that this dossier is about is not in the register of parks."),
        "opinion_not_awaited": lazy_gettext("This department was not asked, or has given its opinion already."),
        "opinions_awaited": lazy_gettext(
            "%(count)s opinions are awaited until %(due)s; after that day evaluation goes on without them."
        ),
    }
)

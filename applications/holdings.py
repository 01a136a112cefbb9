"""Who held a dossier when, read from its steps: the applicant, or the unit with the person in charge."""

from collections.abc import Callable, Iterable
from datetime import datetime

from applications.delay import APPLICANT, UNIT, Holder, Holding
from applications.models import CaseEvent
from applications.packs.model import Pack

TAKES, ASSIGNS = "take_into_hands", "assign_holder"
"""The effects by which somebody comes to be in charge."""


def holdings_of(events: Iterable[CaseEvent], opened_at: datetime, pack_of: Callable[[int], Pack]) -> list[Holding]:
    """The holdings of a case, oldest first; a dossier begins with its applicant. ``pack_of`` finds a version."""
    found, in_charge = [Holding(Holder(APPLICANT), opened_at)], None
    for event in events:
        pack = pack_of(event.version_id)
        in_charge = _in_charge_after(event, pack, in_charge)
        state = pack.state_by_key.get(event.to_state)
        is_applicants = state is not None and state.responsible == "applicant"
        holder = Holder(APPLICANT) if is_applicants else Holder(UNIT, in_charge)
        if holder != found[-1].holder:
            found.append(Holding(holder, event.at))
    return found


def _in_charge_after(event: CaseEvent, pack: Pack, before: int | None) -> int | None:
    step = pack.step_by_key.get(event.step)
    if step is not None and TAKES in step.effects:
        return event.person_id
    if step is not None and ASSIGNS in step.effects:
        return int(event.data["holder"])
    return before

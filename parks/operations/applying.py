"""Firms apply to a round themselves: what they want most, what they need, and on which admission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Organisation
from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotAllowed, Reason
from foundation.workdays import local_date
from parks.models import AllocationRound, ParkAdmission, RoundApplicant
from parks.models.rounds import SIZES
from parks.operations.offering import lock_round
from parks.operations.rounds import require_admitted


@dataclass(frozen=True, slots=True)
class StatedApplication:
    """What a firm says of itself; ``preferences`` are codes of spaces, the one it wants most first."""

    organisation_id: int
    size: str
    sector: str
    preferences: Sequence[str]
    need: Mapping[str, str]
    admission: str = ""


def apply(session: Session, key: str, stated: StatedApplication, *, actor: Actor) -> RoundApplicant:
    """Apply in the name of one's organisation; said again before the round closes, the later word counts.

    The dossier is complete when it is sent: of equal scores the earlier one comes first.

    Raises:
        NotFound: there is no such round.
        NotAllowed: the actor does not act for the organisation.
        Invalid: a preference is no space of the round, or size or sector are missing.
        Blocked: the round is closed, or asks for an admission that the firm does not have.
    """
    contest = lock_round(session, key)
    if not actor.acts_for(stated.organisation_id):
        raise NotAllowed
    if contest.decided_at is not None or local_date(now()) > contest.closes_on:
        raise Blocked(Reason("round_closed", {"closes_on": contest.closes_on}))
    _require_sound(contest, stated)
    ground = _admission(session, stated.admission)
    require_admitted(session, contest, stated.organisation_id, ground)
    firm = next((one for one in contest.applicants if one.organisation_id == stated.organisation_id), None)
    if firm is None:
        name = session.get_one(Organisation, stated.organisation_id).name_vi
        firm = RoundApplicant(round_id=contest.id, organisation_id=stated.organisation_id, name=name, points={})
        contest.applicants.append(firm)
    firm.size, firm.sector, firm.need = stated.size, stated.sector.strip(), dict(stated.need)
    firm.preferences, firm.complete_at, firm.admission_id = list(dict.fromkeys(stated.preferences)), now(), ground
    session.flush()
    subject = ("allocation_round", contest.id)
    audit.append(session, f"round:{contest.id}", actor=actor, action="parks:round:apply", subject=subject)
    return firm


def _require_sound(contest: AllocationRound, stated: StatedApplication) -> None:
    known = {one.space.code for one in contest.offered}
    unknown = [code for code in stated.preferences if code not in known]
    faults: dict[str, list[Reason]] = {}
    if unknown or not stated.preferences:
        faults["preferences"] = [Reason("round_spaces_unknown", {"codes": ", ".join(unknown) or "–"})]
    if stated.size not in SIZES:
        faults["size"] = [Reason("not_a_choice")]
    if not stated.sector.strip():
        faults["sector"] = [Reason("required")]
    if faults:
        raise Invalid(faults)


def _admission(session: Session, key: str) -> int | None:
    if not key:
        return None
    found = session.scalar(select(ParkAdmission.id).where(ParkAdmission.key == key))
    if found is None:
        raise Invalid({"admission": [Reason("does_not_exist")]})
    return found

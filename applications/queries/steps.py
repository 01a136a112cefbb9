"""One step of a dossier as its page needs it: whether it can be made, what it asks, what is known already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person, Unit
from accounts.queries.holders import people_holding
from applications.engine import offers
from applications.models import Case, Document
from applications.packs.catalogue import pack_of_version
from applications.packs.model import FieldSpec, Pack, Step
from applications.queries.timeline import Happening, happenings
from applications.visibility import READING_ROLES, find_case, reader_of
from foundation.actors import Actor
from foundation.errors import Blocked, NotAllowed, NotFound, Reason

FOUR_EYES = "four_eyes"


@dataclass(frozen=True, slots=True)
class StepView:
    """A step that the actor can make now."""

    case: Case
    pack: Pack
    step: Step


def step_view(session: Session, key: str, step_key: str, *, actor: Actor) -> StepView:
    """The step, if the actor can make it now.

    Raises:
        NotFound: the dossier is not for this actor, or its workflow has no such step.
        NotAllowed: somebody else's step; with the reason when four eyes stand against it.
        Blocked: not from this state, or guards have reasons against it.
    """
    case = find_case(session, key, actor=actor)
    pack = pack_of_version(session, case.version_id)
    step = pack.step_by_key.get(step_key)
    if step is None:
        raise NotFound
    if case.state not in step.sources:
        raise Blocked(Reason("not_from_this_state", {"step": step.key, "state": case.state}))
    offer = next((offer for offer in offers(session, case, actor=actor) if offer.step.key == step_key), None)
    if offer is None:
        raise NotAllowed
    if any(reason.code == FOUR_EYES for reason in offer.reasons):
        raise NotAllowed(*offer.reasons)
    if offer.reasons:
        raise Blocked(*offer.reasons)
    return StepView(case, pack, step)


def latest_happening(session: Session, key: str, *, actor: Actor) -> Happening | None:
    """What happened last to a dossier, as far as the actor gets to see it. Raises NotFound."""
    case = find_case(session, key, actor=actor)
    reader = reader_of(case, pack_of_version(session, case.version_id).code, actor)
    return next(reversed(happenings(session, case, reader)), None)


def people_to_choose(session: Session, view: StepView) -> dict[str, list[tuple[int, str]]]:
    """For each question on a person: who can be chosen, by name; by role where the question names one."""
    asked = [spec for spec in view.step.asks if spec.type == "person"]
    if not asked:
        return {}
    unit = session.get_one(Unit, view.case.unit_id)
    return {spec.key: _people(session, view.pack, unit, spec) for spec in asked}


def _people(session: Session, pack: Pack, unit: Unit, spec: FieldSpec) -> list[tuple[int, str]]:
    roles = [spec.limits["role"]] if "role" in spec.limits else list(READING_ROLES)
    holders = people_holding(roles, procedure=pack.code, unit=unit)
    query = select(Person.id, Person.full_name).where(Person.id.in_(holders)).order_by(Person.full_name, Person.id)
    return [(row.id, row.full_name) for row in session.execute(query)]


def names_of_files(
    session: Session, case: Case, values: Mapping[str, Any], asks: Sequence[FieldSpec]
) -> dict[int, str]:
    """The names of the files that these answers carry, by number."""
    numbers = [values[spec.key] for spec in asks if spec.type == "file" and isinstance(values.get(spec.key), int)]
    if not numbers:
        return {}
    query = select(Document.id, Document.filename).where(Document.case_id == case.id, Document.id.in_(numbers))
    return {row.id: row.filename for row in session.execute(query)}

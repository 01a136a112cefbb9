"""What was said before is offered again: answers with which the form of a step begins."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.models import Application, Case, CaseEvent
from applications.packs.model import Pack, Step


def suggested_answers(session: Session, case: Case, pack: Pack, step: Step) -> dict[str, Any]:
    """For questions of the step that were answered before under the same key and type: the latest answer.

    What the step it builds upon said (a decision its draft) wins over the application's own answers.
    """
    wanted = {spec.key: spec.type for spec in step.asks if spec.type not in ("file", "person")}
    found = _from_form(case, pack, wanted)
    for event in _events(session, case):
        earlier = pack.step_by_key.get(event.step)
        for spec in earlier.asks if earlier is not None and earlier.key in _prepares(pack, step) else ():
            if wanted.get(spec.key) == spec.type and spec.key in event.data:
                found[spec.key] = event.data[spec.key]
    return found


def _prepares(pack: Pack, step: Step) -> set[str]:
    """The steps whose answers this one begins with: itself, and those that must be made by somebody else."""
    return {step.key, *step.apart_from}


def _from_form(case: Case, pack: Pack, wanted: dict[str, str]) -> dict[str, Any]:
    if not isinstance(case, Application):
        return {}
    return {
        key: case.answers[key]
        for key, kind in wanted.items()
        if key in case.answers and key in pack.field_by_key and pack.field_by_key[key].type == kind
    }


def _events(session: Session, case: Case) -> list[CaseEvent]:
    return list(session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)))

"""A letter before it is issued: the step is made on trial, its letter read, and everything undone."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.engine import fire
from applications.models import Case, Letter
from applications.operations.documents import Arrival, add_step_file
from applications.packs.model import Step
from foundation.actors import Actor
from foundation.errors import NotFound

STILL_TO_COME = Arrival("-", "0" * 64, 1, "application/pdf", 1)
"""Stands, while the step is on trial, for a file that is signed only after somebody has read the letter."""


def preview_letter(session: Session, case: Case, step: Step, *, actor: Actor, data: Mapping[str, Any]) -> Letter:
    """The letter that the step would write with these answers; nothing of it stays, and the transaction ends.

    A file that the step asks may still be missing. Raises what :func:`applications.engine.fire` raises, and
    NotFound for a step without a letter.
    """
    if step.letter is None:
        raise NotFound
    try:
        files = _missing_files(session, case, step, actor, data)
        event = fire(session, case, step.key, actor=actor, data={**data, **files})
        session.flush()
        letter = session.scalars(select(Letter).where(Letter.event_id == event.id)).one()
        session.expunge(letter)
        return letter
    finally:
        session.rollback()


def _missing_files(session: Session, case: Case, step: Step, actor: Actor, data: Mapping[str, Any]) -> dict[str, int]:
    return {
        spec.key: add_step_file(session, case, step.key, spec, STILL_TO_COME, actor=actor).id
        for spec in step.asks
        if spec.type == "file" and not data.get(spec.key)
    }

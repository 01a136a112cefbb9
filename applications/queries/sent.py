"""A dossier that was just sent: its number, who works on it now, until when, and what may come of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Unit
from applications.models import Application, ClockRun, Letter
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack, State, Step
from applications.queries.drafts import find_draft
from foundation.actors import Actor
from foundation.errors import NotFound


@dataclass(frozen=True, slots=True)
class SentView:
    """What the confirmation page shows. ``due_at`` is when the unit has to answer."""

    application: Application
    pack: Pack
    unit: Unit
    due_at: datetime | None
    letter: Letter | None

    @property
    def state(self) -> State:
        return self.pack.state_by_key[self.application.state]

    @property
    def outcomes(self) -> Sequence[Step]:
        """The steps that the unit may make next, as far as everybody may know of them."""
        return [
            step
            for step in self.pack.steps_from(self.application.state)
            if step.is_public and step.to not in (None, self.application.state) and _is_of_the_unit(step)
        ]


def _is_of_the_unit(step: Step) -> bool:
    return not {"applicant", "system", "administrator"} & set(step.who.names())


def sent_view(session: Session, key: str, *, actor: Actor) -> SentView:
    """The dossier after sending. Raises NotFound for others, and before anything was sent."""
    application = find_draft(session, key, actor=actor)
    if application.submitted_at is None:
        raise NotFound
    letters = select(Letter).where(Letter.case_id == application.id).order_by(Letter.id.desc()).limit(1)
    due = (
        select(ClockRun.due_at)
        .where(ClockRun.case_id == application.id, ClockRun.responsible == "unit", ClockRun.ended_at.is_(None))
        .order_by(ClockRun.due_at)
        .limit(1)
    )
    return SentView(
        application=application,
        pack=pack_of_version(session, application.version_id),
        unit=session.get_one(Unit, application.unit_id),
        due_at=session.scalar(due),
        letter=session.scalar(letters),
    )

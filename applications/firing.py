"""One attempt to make a step: what rules, guards and effects get to see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.models import Case, CaseEvent
from applications.packs.model import Pack, Step
from foundation.actors import Actor


@dataclass(slots=True)
class Firing:
    """A step being tried on a locked case. Effects may set ``to_state`` and add to ``facts`` and ``events``."""

    session: Session
    case: Case
    pack: Pack
    step: Step
    actor: Actor
    data: Mapping[str, Any]
    at: datetime
    to_state: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    event: CaseEvent | None = None
    _events: list[CaseEvent] | None = None

    @property
    def events(self) -> list[CaseEvent]:
        """The steps made so far, oldest first; read once."""
        if self._events is None:
            self._events = list(
                self.session.scalars(select(CaseEvent).where(CaseEvent.case_id == self.case.id).order_by(CaseEvent.seq))
            )
        return self._events

    def last(self, *steps: str) -> CaseEvent | None:
        """The latest event of one of these steps."""
        return next((event for event in reversed(self.events) if event.step in steps), None)

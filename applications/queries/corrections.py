"""What was asked to be corrected in a dossier, and each of these parts before and after."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.corrections import Change, changes_between, marks_of_event, opening_of
from applications.drafting import is_with_applicant
from applications.models import Application, Case, CaseEvent
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack
from applications.queries.submissions import sent_of
from applications.visibility import Reader, find_case, reader_of
from foundation.actors import Actor
from foundation.errors import NotFound


@dataclass(frozen=True, slots=True)
class Round:
    """One request for corrections; ``is_answered`` once the dossier was sent again."""

    event: CaseEvent
    answer: CaseEvent | None
    changes: Sequence[Change]

    @property
    def is_answered(self) -> bool:
        return self.answer is not None


@dataclass(frozen=True, slots=True)
class CorrectionsView:
    """The rounds of correction of a dossier, newest first."""

    case: Case
    pack: Pack
    reader: Reader
    rounds: Sequence[Round]
    closed: frozenset[str]


def corrections_view(session: Session, key: str, *, actor: Actor) -> CorrectionsView:
    """The corrections of the dossier with this key. Raises NotFound; also when none was ever asked."""
    case = find_case(session, key, actor=actor)
    pack = pack_of_version(session, case.version_id)
    reader = reader_of(case, pack.code, actor)
    rounds = list(_rounds(session, case, pack)) if isinstance(case, Application) else []
    if reader.is_reviewer or not rounds:
        raise NotFound
    assert isinstance(case, Application)  # noqa: S101 - nothing else has rounds
    closed = opening_of(session, pack, case).closed if is_with_applicant(case, pack) else frozenset()
    return CorrectionsView(case, pack, reader, rounds[::-1], closed)


def _rounds(session: Session, case: Application, pack: Pack) -> Iterator[Round]:
    sent = sent_of(session, case)
    events = list(session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)))
    asked, number = None, 0
    for event in events:
        if _froze(session, event):
            if asked is not None and number:
                yield _round(session, pack, asked, event, (sent[number], sent[number + 1]))
            asked, number = None, number + 1
        elif marks_of_event(session, event):
            asked = event
    if asked is not None and number:
        yield _round(session, pack, asked, None, (sent[number], sent[number]))


def _froze(session: Session, event: CaseEvent) -> bool:
    step = pack_of_version(session, event.version_id).step_by_key.get(event.step)
    return step is not None and "freeze_submission" in step.effects


def _round(
    session: Session, pack: Pack, asked: CaseEvent, answer: CaseEvent | None, pair: tuple[Mapping[str, Any], ...]
) -> Round:
    before, after = pair
    return Round(asked, answer, changes_between(pack, before, after, marks_of_event(session, asked)))

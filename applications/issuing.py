"""Issuing many decisions: which step decides a dossier, and the job that makes it, each by itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from accounts.actors import actor_of_person
from applications.engine import fire, lock
from applications.models import Case, IssuingItem, IssuingRound
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack, Step
from applications.suggestions import suggested_answers
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotAllowed, Reason, Refusal
from foundation.facts import plain
from foundation.jobs import task
from foundation.reasons import WORK_FAILED, register_reasons

DECIDES = "record_decision"
"""The effect by which a step decides a dossier."""
SHARED = ("decided_on", "signatory", "signatory_title")
"""What all decisions of a round have in common."""
OWN = ("number", "signed_original")
"""What each decision has of its own; everything else was said in its draft."""
MOST = 20
"""Decisions of one round."""


@dataclass(frozen=True, slots=True)
class Issuable:
    """A dossier whose decision can be issued by ``step``; ``is_own_draft``: by somebody else than who drafted it."""

    row: Any
    case: Case
    pack: Pack
    step: Step
    is_own_draft: bool


def deciding_steps(pack: Pack, state: str) -> Iterator[Step]:
    """The steps that decide a dossier in this state."""
    return (step for step in pack.steps_from(state) if DECIDES in step.effects)


def _note_failure(session: Session, *, item_id: int, error: Exception) -> None:
    """Say of a decision that nobody will come to any more that it was not issued."""
    item = session.get(IssuingItem, item_id, with_for_update=True)
    if item is not None and item.outcome == "waiting":
        item.outcome, item.reasons, item.done_at = "refused", [_kept(WORK_FAILED, None)], now()


@task("applications:decision:issue", attempts=5, given_up=_note_failure)
def issue_decision(session: Session, item_id: int) -> None:
    """Make the step of one item of a round, or note why not; the others go their own way."""
    item = session.get(IssuingItem, item_id, with_for_update=True)
    if item is None or item.outcome != "waiting":
        return
    try:
        with session.begin_nested():
            event_id = _issue(session, item)
    except Refusal as refusal:
        item.outcome, item.reasons = "refused", list(_told(refusal))
    else:
        item.outcome, item.event_id = "issued", event_id
    item.done_at = now()


def _issue(session: Session, item: IssuingItem) -> int:
    person_id = session.get_one(IssuingRound, item.round_id).person_id
    case = lock(session, session.get_one(Case, item.case_id))
    if case.revision != item.revision:
        raise Blocked("moved_meanwhile")
    pack = pack_of_version(session, case.version_id)
    said = suggested_answers(session, case, pack, pack.step_by_key[item.step])
    event = fire(session, case, item.step, actor=actor_of_person(session, person_id), data={**said, **item.data})
    return event.id


def _told(refusal: Refusal) -> Iterator[Mapping[str, Any]]:
    """The reasons of a refusal, as they are kept."""
    if isinstance(refusal, Invalid):
        for path, reasons in refusal.fields.items():
            for reason in reasons:
                yield _kept(reason, path)
        return
    known = refusal.reasons if isinstance(refusal, Blocked | NotAllowed) else ()
    for reason in known or (Reason("may_not_issue"),):
        yield _kept(reason, None)


def _kept(reason: Reason | str, field: str | None) -> Mapping[str, Any]:
    known = Reason(reason) if isinstance(reason, str) else reason
    return {"code": known.code, "facts": plain(known.facts), "field": field}


register_reasons({"may_not_issue": lazy_gettext("You may not issue this decision.")})

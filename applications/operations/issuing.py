"""Starting a round of issuing: each decision becomes a job of its own in the same transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from applications.issuing import MOST, Issuable, issue_decision
from applications.models import IssuingItem, IssuingRound
from foundation.actors import Actor
from foundation.errors import Blocked, NotAllowed, Reason
from foundation.facts import plain
from foundation.jobs import defer
from foundation.reasons import register_reasons


def start_round(
    session: Session, chosen: Sequence[tuple[Issuable, int, Mapping[str, Any]]], *, actor: Actor
) -> IssuingRound:
    """A round of these decisions: each with the revision of the dossier that was looked at, and the step's answers.

    Raises NotAllowed for who is nobody, and Blocked for none, or for more than one round takes.
    """
    if actor.person_id is None:
        raise NotAllowed
    if not 1 <= len(chosen) <= MOST:
        raise Blocked(Reason("choose_decisions", {"most": MOST}))
    items = [
        IssuingItem(place=place, case_id=found.case.id, revision=revision, step=found.step.key, data=plain(data))
        for place, (found, revision, data) in enumerate(chosen, 1)
    ]
    started = IssuingRound(person_id=actor.person_id, items=items)
    session.add(started)
    session.flush()
    for item in items:
        defer(session, issue_decision, item_id=item.id)
    return started


register_reasons({"choose_decisions": lazy_gettext("Choose between one and %(most)s decisions.")})

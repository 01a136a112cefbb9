"""Steps in the lives of a fund, its commitments and its calls: the one place that changes their states."""

from sqlalchemy.orm import Session

from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotAllowed
from fund.models import CapitalCall, Fund, FundContributor, FundMove
from fund.rules import may_keep_books
from fund.states import FUND_LIFE, LIVES, next_state

Living = Fund | FundContributor | CapitalCall
SUBJECTS = {Fund: "fund", FundContributor: "commitment", CapitalCall: "call"}


def move(session: Session, fund: Fund, living: Living, step: str, *, actor: Actor, reason: str = "") -> FundMove:
    """Make a step of which everything else was judged. Raises Blocked: not from this state."""
    subject = SUBJECTS[type(living)]
    was = living.state
    living.state = next_state(LIVES[subject], step, was)
    made = FundMove(
        fund_id=fund.id,
        subject=subject,
        subject_id=living.id,
        step=step,
        from_state=was,
        to_state=living.state,
        at=now(),
        person_id=actor.person_id,
        reason=reason,
    )
    session.add(made)
    return made


def move_if_due(session: Session, fund: Fund, living: Living, step: str, *, actor: Actor) -> None:
    """The step if it leads somewhere from here."""
    if living.state in LIVES[SUBJECTS[type(living)]][step].sources:
        move(session, fund, living, step, actor=actor)


def lead_fund(session: Session, fund: Fund, step: str, *, reason: str, actor: Actor) -> None:
    """A step that the general meeting decided: review, going on, winding down, closing.

    Raises:
        NotAllowed: the actor does not keep the books.
        Invalid: without the decision it rests on.
        Blocked: not from this state; closing: something that was called is unpaid.
    """
    if not may_keep_books(actor, fund) or step not in FUND_LIFE or FUND_LIFE[step].is_own:
        raise NotAllowed
    if not reason.strip():
        raise Invalid({"reason": ["required"]})
    move(session, fund, fund, step, actor=actor, reason=reason)
    session.flush()
    stream, facts = f"fund:{fund.id}", {"step": step, "state": fund.state}
    audit.append(session, stream, actor=actor, action="fund:fund:move", facts=facts, subject=("fund", fund.id))


def require_open(fund: Fund, kind: str) -> None:
    """Raises Blocked: a closed fund takes no entry, one that winds down no commitment."""
    if fund.state == "closed":
        raise Blocked("fund_closed")
    if fund.state == "wind_down" and kind == "commitment":
        raise Blocked("fund_winds_down")

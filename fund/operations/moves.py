"""Steps in the lives of a fund, its commitments and its calls: fired on the shared engine, then written down."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from applications.lives import IN_THE_BOOKS, Turn, advance, leads, pinned_version, record, workflow_of
from applications.models import Life
from applications.registry import effect
from foundation import audit
from foundation.actors import SYSTEM, Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotAllowed
from foundation.workdays import local_date
from fund.models import CapitalCall, Fund, FundContributor, FundMove
from fund.rules import may_keep_books

Living = Fund | FundContributor | CapitalCall
MADE_BY_THE_DATABASE = ("breach", "cure")
SUBJECTS = {Fund: "fund", FundContributor: "commitment", CapitalCall: "call"}


def begin(session: Session, living: Life) -> None:
    """Pin it to the workflow in force today."""
    living.version_id = pinned_version(session, living.PROCEDURE, local_date(now()))


def pin_lives(session: Session, fund: Fund, contributors: Sequence[FundContributor]) -> None:
    """Pin a fund that is older than its workflow, with all that lives in it, to that of today."""
    for living in (fund, *contributors):
        begin(session, living)
    session.flush()
    version_id = pinned_version(session, CapitalCall.PROCEDURE, local_date(now()))
    unpinned = CapitalCall.fund_id == fund.id, CapitalCall.version_id.is_(None)
    session.execute(update(CapitalCall).where(*unpinned).values(version_id=version_id))


def move(
    session: Session,
    fund: Fund,
    living: Living,
    step: str,
    *,
    actor: Actor,
    reason: str = "",
    found: Mapping[str, Any] | None = None,
) -> FundMove:
    """Fire a step that the books demand, or that somebody asks for within an operation of the fund.

    Raises what :func:`applications.lives.advance` raises.
    """
    known = {IN_THE_BOOKS: True, **(found or {})}
    return _fire(session, fund, living, step, actor=actor, reason=reason, found=known)


def move_if_due(session: Session, fund: Fund, living: Living, step: str, *, actor: Actor) -> None:
    """The step if it leads somewhere from here."""
    if leads(workflow_of(session, living), step, living.state):
        move(session, fund, living, step, actor=actor)


def lead_fund(session: Session, fund: Fund, step: str, *, reason: str, actor: Actor) -> None:
    """A step that the general meeting decided: review, going on, winding down, closing.

    Raises:
        NotAllowed: the actor does not keep the books, or the step is not for people to ask for.
        Invalid: without the decision it rests on.
        Blocked: not from this state; closing: something that was called is unpaid.
    """
    if not may_keep_books(actor, fund):
        raise NotAllowed
    if not reason.strip():
        raise Invalid({"reason": ["required"]})
    _fire(session, fund, fund, step, actor=actor, reason=reason, found={})
    session.flush()


def _fire(
    session: Session,
    fund: Fund,
    living: Living,
    step: str,
    *,
    actor: Actor,
    reason: str,
    found: Mapping[str, Any],
) -> FundMove:
    turn = advance(session, living, step, actor=actor, data={"reason": reason} if reason else {}, found=found)
    made = FundMove(
        fund_id=fund.id,
        subject=SUBJECTS[type(living)],
        subject_id=living.id,
        step=step,
        from_state=turn.was,
        to_state=turn.to_state,
        at=turn.at,
        person_id=actor.person_id,
        reason=reason,
        version_id=living.version_id,
    )
    session.add(made)
    record(turn, subject=(made.subject if made.subject == "fund" else f"fund_{made.subject}", living.id))
    return made


def tell_breach(session: Session, fund: Fund, *, actor: Actor) -> list[FundMove]:
    """Tell in the trail the steps into and out of a breach that the database made since the last that was told.

    The last of them is the actor's doing; those before were caused by entries written past the platform. They stand
    among the moves already. Which these were, the last among them.
    """
    session.refresh(fund, ["told_move_id"])
    made = FundMove.fund_id == fund.id, FundMove.subject == "fund", FundMove.step.in_(MADE_BY_THE_DATABASE)
    chosen = select(FundMove).where(*made, FundMove.id > fund.told_move_id).order_by(FundMove.id)
    found = list(session.scalars(chosen).all())
    for move in found:
        _tell(session, fund, move, actor if move is found[-1] else SYSTEM)
    if found:
        fund.told_move_id = found[-1].id
        session.flush()
    return found


def _tell(session: Session, fund: Fund, made: FundMove, actor: Actor) -> None:
    facts = {"procedure": fund.PROCEDURE, "step": made.step, "from": made.from_state, "to": made.to_state}
    audit.append(
        session,
        fund.stream,
        actor=actor,
        action="applications:life:move",
        role="the_database",
        facts={**facts, "move": made.id},
        subject=("fund", fund.id),
    )


@effect
def end_commitments(turn: Turn) -> None:
    """What was undertaken towards the fund ends with it."""
    fund = turn.session.get_one(Fund, turn.case.id)
    chosen = select(FundContributor).where(FundContributor.fund_id == fund.id).order_by(FundContributor.id)
    for contributor in turn.session.scalars(chosen).all():
        move_if_due(turn.session, fund, contributor, "close", actor=turn.actor)


def require_open(fund: Fund, kind: str) -> None:
    """Raises Blocked: a closed fund takes no entry, one that winds down no commitment."""
    if fund.state == "closed":
        raise Blocked("fund_closed")
    if fund.state == "wind_down" and kind == "commitment":
        raise Blocked("fund_winds_down")

"""People decide otherwise than proposed: a placement fixed for a reason, and what it costs others."""

from dataclasses import replace

from sqlalchemy.orm import Session

from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotFound, Reason
from parks.contests import as_contest, overrides_of
from parks.fit import misfits
from parks.models import AllocationRound, RoundApplicant, RoundOverride, Space
from parks.operations.rounds import find_open_round
from parks.placement import Round, Used, propose
from parks.stability import Complaint, complaints

LEAST_REASON = 20


def override_placement(
    session: Session, key: str, firm_key: str, space_code: str | None, *, reason: str, actor: Actor
) -> RoundOverride:
    """Fix what a firm gets, one of its spaces or none; a later word on the same firm takes the place of the earlier.

    Raises:
        NotFound, NotAllowed: see :func:`parks.operations.rounds.find_open_round`.
        Invalid: there is no reason, or the firm did not ask for the space.
        Blocked: the round is decided, or the space does not fit, is fixed for another, or breaks a published quota.
    """
    contest = find_open_round(session, key, actor=actor)
    firm = next((one for one in contest.applicants if one.key == firm_key), None)
    if firm is None:
        raise NotFound
    require_possible(contest, firm, space_code)
    if len(reason.strip()) < LEAST_REASON:
        raise Invalid({"reason": [Reason("override_reason", {"least": LEAST_REASON})]})
    _withdraw(session, contest, firm, actor=actor)
    override = RoundOverride(
        round_id=contest.id,
        applicant=firm,
        space=_space(contest, space_code),
        reason=reason.strip(),
        person_id=actor.person_id,
    )
    contest.overrides.append(override)
    return _recorded(session, contest, override, "parks:round:override", actor=actor)


def withdraw_override(session: Session, key: str, firm_key: str, *, actor: Actor) -> None:
    """Leave a firm to the ranking again. Raises NotFound, NotAllowed, or Blocked once the round is decided."""
    contest = find_open_round(session, key, actor=actor)
    firm = next((one for one in contest.applicants if one.key == firm_key), None)
    if firm is None or not _withdraw(session, contest, firm, actor=actor):
        raise NotFound


def breach_of(contest: AllocationRound) -> list[Complaint]:
    """Who could rightly complain of the outcome as it stands, with what people decided."""
    pure = as_contest(contest)
    return complaints(pure, propose(pure).places)


def with_override(contest: AllocationRound, firm_key: str, space_code: str | None) -> Round:
    """The round as it would be; nothing is written."""
    pure = as_contest(contest)
    return replace(pure, decided={**pure.decided, firm_key: space_code})


def require_possible(contest: AllocationRound, firm: RoundApplicant, space_code: str | None) -> None:
    """The rules that were published bind those who decide too. Raises Invalid or Blocked."""
    if space_code is None:
        return
    if space_code not in firm.preferences or _space(contest, space_code) is None:
        raise Invalid({"space": ["override_not_asked"]})
    tried = with_override(contest, firm.key, space_code)
    applicant = next(one for one in tried.applicants if one.code == firm.key)
    if misfits(applicant.need, tried.spaces[space_code], applicant.size):
        raise Blocked("override_unfit")
    if sum(given == space_code for given in tried.decided.values()) > 1:
        raise Blocked("override_twice")
    _require_quotas(tried)


def _require_quotas(tried: Round) -> None:
    firms = {one.code: one for one in tried.applicants}
    for quota in tried.quotas:
        used = Used()
        for firm, space in tried.decided.items():
            if space is None or not quota.covers(firms[firm]):
                continue
            if not quota.allows(used, tried.spaces[space]):
                raise Blocked("override_quota")
            used = used.with_one_more(tried.spaces[space])


def _space(contest: AllocationRound, code: str | None) -> Space | None:
    return next((one.space for one in contest.offered if one.space.code == code), None)


def _withdraw(session: Session, contest: AllocationRound, firm: RoundApplicant, *, actor: Actor) -> bool:
    standing = next((one for one in overrides_of(contest) if one.applicant_id == firm.id), None)
    if standing is None:
        return False
    standing.withdrawn_at, standing.withdrawn_by = now(), actor.person_id
    _recorded(session, contest, standing, "parks:round:override_back", actor=actor)
    return True


def _recorded(
    session: Session, contest: AllocationRound, override: RoundOverride, action: str, *, actor: Actor
) -> RoundOverride:
    session.flush()
    subject = ("round_override", override.id)
    audit.append(session, f"round:{contest.id}", actor=actor, action=action, subject=subject)
    return override

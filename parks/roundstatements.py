"""What programs are told of rounds; of firms and their wishes only what each may know."""

from typing import Any

from foundation.wording import in_language
from parks.models import AllocationRound, RoundOffer
from parks.placement import Verdict
from parks.roundfacts import Ranked, Standings
from parks.statements import written


def round_facts(contest: AllocationRound, language: str) -> dict[str, Any]:
    """A round as it stands in the list."""
    return {
        "key": contest.key,
        "park": contest.park.code,
        "title": in_language(contest.title, language),
        "closes_on": contest.closes_on,
        "starts_on": contest.starts_on,
        "ends_on": contest.ends_on,
        "needs_admission": contest.needs_admission,
        "published_at": contest.published_at,
        "decided_at": contest.decided_at,
    }


def whole_round_facts(contest: AllocationRound, found: Standings, language: str) -> dict[str, Any]:
    """With criteria, quotas and spaces as published, and the list once it is decided."""
    return round_facts(contest, language) | {
        "criteria": [_criterion(row, language) for row in contest.criteria],
        "quotas": [_quota(row) for row in contest.quotas],
        "spaces": [_space(row) for row in contest.offered],
        "list": [listed_facts(row, found) for row in found.rows] if contest.decided_at else None,
    }


def _criterion(row: Any, language: str) -> dict[str, Any]:
    return {
        "code": row["code"],
        "title": in_language(row["title"], language),
        "weight": row["weight"],
        "most_points": row["most_points"],
    }


def _quota(row: Any) -> dict[str, Any]:
    plain = {"dimension": row["dimension"], "value": row["value"]}
    return plain | {"most_spaces": row.get("most_spaces"), "most_m2": row.get("most_m2")}


def _space(row: Any) -> dict[str, Any]:
    return {
        "code": row.space.code,
        "usable_m2": written(row.space.usable_m2),
        "use": row.space.use,
        "kept_for": row.kept_for,
        "settled_at": row.settled_at,
    }


def listed_facts(row: Ranked, found: Standings) -> dict[str, Any]:
    """A line of the published list, with what people decided otherwise and why."""
    return {
        "rank": row.rank,
        "firm": row.firm.key,
        "name": row.firm.name,
        "score": row.score,
        "space": row.offer.space.code if row.offer else None,
        "answer": (row.offer.answer or "offered") if row.offer else None,
        "override_reason": found.reasons.get(row.firm.key),
    }


def proposed_facts(row: Ranked, found: Standings) -> dict[str, Any]:
    """A line of the proposal: what the firm would get, and why not what it wants more."""
    return {
        "rank": row.rank,
        "firm": row.firm.key,
        "name": row.firm.name,
        "size": row.firm.size,
        "sector": row.firm.sector,
        "score": row.score,
        "complete_at": row.firm.complete_at,
        "space": row.place,
        "override_reason": found.reasons.get(row.firm.key),
        "why": [verdict_facts(verdict, found) for verdict in row.verdicts],
    }


def verdict_facts(verdict: Verdict, found: Standings) -> dict[str, Any]:
    return {
        "space": verdict.space,
        "outcome": verdict.outcome,
        "misfits": list(verdict.misfits),
        "holder": found.names.get(verdict.holder) if verdict.holder else None,
    }


def offer_facts(offer: RoundOffer) -> dict[str, Any]:
    return {
        "key": offer.key,
        "firm": offer.applicant.key,
        "space": offer.space.code,
        "offered_at": offer.offered_at,
        "expires_at": offer.expires_at,
        "answer": offer.answer,
        "answered_at": offer.answered_at,
    }

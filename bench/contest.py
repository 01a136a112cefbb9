"""A round of allocation as large as a city holds: its proposal, and the alternatives that a solver finds."""

import random
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bench.load import Outcome
from parks.fit import Need, Offered
from parks.placement import Applicant, Quota, Round, propose
from parks.scoring import Standing
from parks.whatif import OBJECTIVES, alternative

FIRMS, UNITS, CHOICES = 500, 2_000, 8
NAME = f"round of {FIRMS} firms for {UNITS:,} units, with its alternatives"
SLOWEST = {NAME: 30_000}
"""Milliseconds for the proposal and every alternative."""

USES, SIZES, SECTORS = ("research", "production"), ("small", "large"), ("ai", "chips", "bio")
OPENED = datetime(2026, 1, 5, 1, tzinfo=UTC)


def measure() -> Outcome:
    """Propose for a round in which scores tie, quotas bind and everybody wants some of the same spaces."""
    contest = _contest(random.Random(1))
    begun = time.perf_counter()
    proposal = propose(contest)
    for objective in OBJECTIVES:
        alternative(contest, objective)
    seconds = time.perf_counter() - begun
    if len(proposal.verdicts) != FIRMS:
        raise RuntimeError("firms were left without a verdict")
    took = 1000 * seconds
    return Outcome(NAME, 1, 1, seconds, took, took, took, errors=0)


def _contest(chance: random.Random) -> Round:
    spaces = {
        f"U{number}": Offered(f"U{number}", Decimal(chance.randint(20, 400)), chance.choice(USES))
        for number in range(UNITS)
    }
    firms = [_firm(chance, number, sorted(spaces)) for number in range(FIRMS)]
    return Round(
        spaces, firms, [Quota("size", "large", most_spaces=60), Quota("sector", "ai", most_m2=Decimal(20_000))]
    )


def _firm(chance: random.Random, number: int, codes: list[str]) -> Applicant:
    complete_at = OPENED + timedelta(minutes=chance.randint(0, 30))
    standing = Standing(chance.randint(0, 20) * 500, complete_at, f"A{number:03d}")
    wanted = codes[: UNITS // 10] if chance.random() < 0.5 else codes
    need = Need(Decimal(chance.randint(10, 200)))
    return Applicant(standing, chance.choice(SIZES), chance.choice(SECTORS), need, chance.sample(wanted, k=CHOICES))

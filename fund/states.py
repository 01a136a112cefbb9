"""The lives of a fund, of what somebody undertook, and of a capital call: states, and the steps between them."""

from collections.abc import Mapping
from dataclasses import dataclass

from foundation.errors import Blocked, Reason

CAP_BREACH = "cap_breach"


@dataclass(frozen=True, slots=True)
class LifeStep:
    """From which states where; ``is_own`` steps follow from the ledger or the clock, never from somebody's wish."""

    sources: tuple[str, ...]
    to: str
    is_own: bool = True


Life = Mapping[str, LifeStep]

IN_WORK = ("chartered", "raising", "active", "review_5y")
FUND_STATES = ("preparing", *IN_WORK, CAP_BREACH, "wind_down", "closed")
FUND_LIFE: Life = {
    "charter": LifeStep(("preparing",), "chartered"),
    "raise": LifeStep(("chartered",), "raising"),
    "begin": LifeStep(("chartered", "raising"), "active"),
    "breach": LifeStep(IN_WORK, CAP_BREACH),
    "review": LifeStep(("active",), "review_5y", is_own=False),
    "go_on": LifeStep(("review_5y",), "active", is_own=False),
    "wind_down": LifeStep(("active", "review_5y"), "wind_down", is_own=False),
    "close": LifeStep(("wind_down",), "closed", is_own=False),
}
"""Out of a breach the ledger leads back to where it began; see :mod:`fund.models.breaches`."""

COMMITMENT_STATES = ("proposed", "signed", "active", "reduced", "withdrawn", "transferred", "defaulted", "closed")
STANDING = ("active", "reduced")
COMMITMENT_LIFE: Life = {
    "sign": LifeStep(("proposed",), "signed", is_own=False),
    "activate": LifeStep(tuple(one for one in COMMITMENT_STATES if one not in ("active", "closed")), "active"),
    "reduce": LifeStep(STANDING, "reduced"),
    "withdraw": LifeStep((*STANDING, "defaulted"), "withdrawn"),
    "transfer": LifeStep((*STANDING, "defaulted"), "transferred"),
    "default": LifeStep(STANDING, "defaulted"),
    "undo": LifeStep(STANDING, "signed"),
    "close": LifeStep(tuple(one for one in COMMITMENT_STATES if one != "closed"), "closed"),
}

OPEN_CALLS = ("issued", "partly_paid", "overdue")
CALL_STATES = ("draft", "cap_checked", *OPEN_CALLS, "paid", "cured", "defaulted", "dropped")
CALL_LIFE: Life = {
    "check": LifeStep(("draft",), "cap_checked"),
    "issue": LifeStep(("cap_checked",), "issued", is_own=False),
    "drop": LifeStep(("draft", "cap_checked"), "dropped", is_own=False),
    "take_back": LifeStep(tuple(one for one in CALL_STATES if one not in ("draft", "cap_checked")), "dropped"),
    "pay_partly": LifeStep(("issued", "paid"), "partly_paid"),
    "pay": LifeStep(("issued", "partly_paid"), "paid"),
    "cure": LifeStep(("overdue",), "cured"),
    "fall_due": LifeStep(("issued", "partly_paid", "paid", "cured"), "overdue"),
    "reopen": LifeStep(("partly_paid", "paid", "overdue", "cured"), "issued"),
    "default": LifeStep(OPEN_CALLS, "defaulted"),
}
LIVES: Mapping[str, Life] = {"fund": FUND_LIFE, "commitment": COMMITMENT_LIFE, "call": CALL_LIFE}


def next_state(life: Life, step: str, state: str) -> str:
    """Where a step leads. Raises Blocked: not from this state."""
    found = life[step]
    if state not in found.sources:
        raise Blocked(Reason("fund_not_from_this_state"))
    return found.to


def asked_steps(life: Life, state: str) -> list[str]:
    """The steps that a person may ask for in this state."""
    return [name for name, step in life.items() if not step.is_own and state in step.sources]

"""The check before the form: which of its outcomes the answers lead to, and which answers go on into a draft."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from applications.fields import check_answers, completeness_faults
from applications.fields.types import Faults, Setting
from applications.packs.conditions import is_answered
from applications.packs.model import FieldSpec, Outcome, OutcomeKind, Pack, Precheck

STRENGTH: Sequence[OutcomeKind] = ("elsewhere", "not_needed", "talk", "go_on")
"""Which outcome is told first where several hold; notes stand beside any of them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the answers lead to: the outcome told first, others that hold too, what is to be kept in mind."""

    first: Outcome
    others: tuple[Outcome, ...]
    notes: tuple[Outcome, ...]

    @property
    def is_open(self) -> bool:
        """Whether a dossier may well be begun."""
        return self.first.kind in ("go_on", "talk")


@dataclass(frozen=True, slots=True)
class Reading:
    """The answers to the questions that apply, and what is missing or wrong among them."""

    specs: tuple[FieldSpec, ...]
    answers: Mapping[str, Any]
    faults: Faults


def read_precheck(precheck: Precheck, typed: Mapping[str, Any], setting: Setting) -> Reading:
    """Judge what was typed; answers to questions that do not apply count for nothing."""
    cleaned, faults = check_answers(precheck.questions, typed, setting)
    answers: dict[str, Any] = {}
    applying = []
    for spec in precheck.questions:
        if spec.when is None or spec.when.holds(answers):
            applying.append(spec)
            if is_answered(cleaned.get(spec.key)):
                answers[spec.key] = cleaned[spec.key]
    wrong = {path: found for path, found in faults.items() if _root(path) in {spec.key for spec in applying}}
    missing = completeness_faults([spec for spec in applying if spec.key not in map(_root, wrong)], answers)
    return Reading(tuple(applying), answers, wrong | missing)


def _root(path: str) -> str:
    return path.split(".")[0]


def verdict_of(precheck: Precheck, answers: Mapping[str, Any]) -> Verdict:
    """What these answers lead to; the last outcome holds always."""
    holding = [outcome for outcome in precheck.outcomes if outcome.when is None or outcome.when.holds(answers)]
    told = sorted((outcome for outcome in holding if outcome.kind != "note"), key=_strength)
    notes = tuple(outcome for outcome in holding if outcome.kind == "note")
    return Verdict(told[0], tuple(outcome for outcome in told[1:] if outcome.kind != "go_on"), notes)


def _strength(outcome: Outcome) -> int:
    return STRENGTH.index(outcome.kind)


def carried_answers(pack: Pack, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that a new draft begins with: those to questions that the form asks too."""
    shared: Iterable[str] = pack.precheck.shared if pack.precheck else ()
    return {key: answers[key] for key in pack.field_by_key if key in shared and key in answers}

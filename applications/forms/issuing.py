"""The form of a round of issuing: what all decisions share, then number and signed original of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from applications.fields import check_answers, completeness_faults
from applications.fields.types import Faults
from applications.forms.form import AnswerForm, form_for, raw_answers
from applications.issuing import OWN, SHARED, Issuable
from applications.packs.model import FieldSpec, Step
from applications.settings import setting_of
from foundation.database import now
from foundation.errors import Reason


@dataclass(slots=True)
class Entry:
    """What was entered for one decision: ``own`` beside what all share, with what is wrong."""

    found: Issuable
    own: dict[str, Any] = field(default_factory=dict)
    faults: Faults = field(default_factory=dict)
    revision: int = 0

    @property
    def prefix(self) -> str:
        """What the names of its inputs begin with."""
        return f"{self.found.row.key}-"

    @property
    def own_specs(self) -> list[FieldSpec]:
        return _named(self.found.step, OWN)

    def form(self, language: str, files: Mapping[int, str]) -> AnswerForm:
        """The inputs of this decision."""
        return form_for(self.own_specs, self.own, self.faults, language, self.prefix, files=files)


@dataclass(slots=True)
class RoundEntry:
    """What was entered for a round."""

    entries: list[Entry]
    shared: dict[str, Any] = field(default_factory=dict)
    faults: Faults = field(default_factory=dict)

    @property
    def shared_specs(self) -> list[FieldSpec]:
        return _named(self.entries[0].found.step, SHARED)

    def form(self, language: str) -> AnswerForm:
        """The inputs that all decisions share."""
        return form_for(self.shared_specs, self.shared, self.faults, language)

    @property
    def is_sound(self) -> bool:
        return not self.faults and not any(entry.faults for entry in self.entries)

    def data_of(self, entry: Entry) -> dict[str, Any]:
        """The answers to the step of one decision that do not come from its draft."""
        return {key: value for key, value in {**self.shared, **entry.own}.items() if value is not None}


def fresh_round(found: Sequence[Issuable]) -> RoundEntry:
    """A round in which nothing is entered yet."""
    return RoundEntry([Entry(issuable, revision=issuable.case.revision) for issuable in found])


def read_round(source: MultiDict[str, str], found: Sequence[Issuable]) -> RoundEntry:
    """What was sent, unchecked."""
    entered = fresh_round(found)
    entered.shared = raw_answers(source, entered.shared_specs)
    for entry in entered.entries:
        entry.own = raw_answers(source, entry.own_specs, prefix=entry.prefix)
        entry.revision = source.get(f"{entry.prefix}revision", 0, type=int)
    return entered


def judge_round(session: Session, entered: RoundEntry) -> None:
    """Note what is wrong with each input, besides what is noted already; what is shared is judged once."""
    first = entered.entries[0].found.case.id
    entered.faults = _faults(session, entered.shared_specs, entered.shared, first) | entered.faults
    for entry in entered.entries:
        entry.faults = _faults(session, entry.own_specs, entry.own, entry.found.case.id) | entry.faults
    _refuse_same_numbers(entered)


def _refuse_same_numbers(entered: RoundEntry) -> None:
    """Two decisions of one day never have one number."""
    seen: set[str] = set()
    for entry in entered.entries:
        number = entry.own.get("number")
        if number and number in seen:
            entry.faults.setdefault("number", [Reason("decision_number_taken")])
        seen.add(number or "")


def _faults(session: Session, specs: Sequence[FieldSpec], values: Mapping[str, Any], case_id: int) -> Faults:
    setting = setting_of(session, specs, values, at=now(), case_id=case_id)
    cleaned, faults = check_answers(specs, values, setting)
    return {**completeness_faults(specs, cleaned), **faults}


def _named(step: Step, names: Sequence[str]) -> list[FieldSpec]:
    return [spec for spec in step.asks if spec.key in names]

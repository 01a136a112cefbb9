"""The parts of a procedure pack, immutable once read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from applications.packs.conditions import Condition
from applications.packs.expressions import Expression
from foundation.wording import Trilingual

INTERNAL = "internal"
"""The basis of a rule that no law sets: our own, open to change."""

StateKind = Literal["draft", "open", "final"]
ClockVerb = Literal["start", "stop", "pause", "resume", "restart", "reappoint"]
LengthUnit = Literal["working_days", "days", "hours", "months"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from. ``certainty``: text, press, memory, open, derived or proposal."""

    key: str
    title: Trilingual
    certainty: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Trilingual
    help: Trilingual | None = None


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One question. ``limits`` are the options of its type (see :mod:`applications.fields`).

    ``calculated`` says from which other answer it follows (see :mod:`applications.fields.calculated`),
    ``once`` which datum of the organisation it asks, so that what was given before is offered again.
    """

    key: str
    type: str
    label: Trilingual
    help: Trilingual | None = None
    example: Trilingual | None = None
    required: bool = False
    when: Condition | None = None
    sensitive: bool = False
    choices: tuple[Choice, ...] = ()
    columns: tuple["FieldSpec", ...] = ()
    limits: Mapping[str, Any] = field(default_factory=dict)
    source: str | None = None
    calculated: Mapping[str, str] | None = None
    once: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: Trilingual
    fields: tuple[FieldSpec, ...]
    help: Trilingual | None = None
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class DocumentSpec:
    """A document that may be demanded, because ``source`` says so. Never a certified copy."""

    key: str
    label: Trilingual
    source: str
    copy: Literal["electronic_original", "plain_copy", "original_seen"]
    accept: tuple[str, ...]
    help: Trilingual | None = None
    required: bool = False
    when: Condition | None = None
    max_mb: int = 50
    max_files: int = 1
    once: str | None = None


@dataclass(frozen=True, slots=True)
class Certification:
    """That a second person of the organisation stands for the dossier: in which words, and on which rule."""

    statement: Trilingual
    source: str
    when: Condition | None = None


OutcomeKind = Literal["elsewhere", "not_needed", "talk", "note", "go_on"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer of the check before the form; ``authority`` is who decides instead, where somebody else does."""

    key: str
    kind: OutcomeKind
    title: Trilingual
    text: Trilingual
    source: str
    when: Condition | None = None
    authority: Trilingual | None = None


@dataclass(frozen=True, slots=True)
class Precheck:
    """Questions before the form and what their answers lead to; ``shared`` are the questions that the form asks too."""

    questions: tuple[FieldSpec, ...]
    outcomes: tuple[Outcome, ...]
    shared: frozenset[str]
    help: Trilingual | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    key: str
    title: Trilingual
    question: Trilingual
    weight: int
    source: str
    positive: Trilingual | None = None
    negative: Trilingual | None = None


@dataclass(frozen=True, slots=True)
class Rubric:
    """What reviewers judge: whole scores from ``lowest`` to ``highest``, comments at ``comment_at``."""

    criteria: tuple[Criterion, ...]
    lowest: int
    highest: int
    comment_at: frozenset[int]
    minimum_reviews: int


@dataclass(frozen=True, slots=True)
class Length:
    amount: int
    unit: LengthUnit


@dataclass(frozen=True, slots=True)
class LengthVariant:
    when: Condition
    length: Length
    source: str


@dataclass(frozen=True, slots=True)
class ClockSpec:
    """A deadline: how long, on which basis, and which calendar rule for late arrivals."""

    key: str
    title: Trilingual
    length: Length
    source: str
    responsible: Literal["applicant", "unit"]
    variants: tuple[LengthVariant, ...] = ()
    is_main: bool = False
    cutoff: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    key: str
    title: Trilingual
    kind: StateKind
    responsible: Literal["applicant", "unit", "nobody"]
    public_title: Trilingual | None = None


@dataclass(frozen=True, slots=True)
class NoticeSpec:
    """Who hears of a step, in which words; ``{title}``, ``{code}``, ``{due}``, ``{holder}`` are filled in.

    A notice to the applicant is one that the law demands, unless the pack says that it is not ``required``.
    """

    to: Literal[
        "applicant",
        "holder",
        "previous_holder",
        "unit",
        "intake",
        "reviewers",
        "drafters",
        "issuers",
        "body",
        "panel",
        "panel_secretaries",
        "treasurers",
        "consulted",
    ]
    subject: Trilingual
    body: Trilingual
    required: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """A named move from states to a state, who may make it, on which conditions, and what follows."""

    key: str
    title: Trilingual
    sources: tuple[str, ...]
    to: str | None
    who: Expression
    basis: str
    guards: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    asks: tuple[FieldSpec, ...] = ()
    clocks: Mapping[str, ClockVerb] = field(default_factory=dict)
    notices: tuple[NoticeSpec, ...] = ()
    apart_from: tuple[str, ...] = ()
    letter: str | None = None
    help: Trilingual | None = None
    style: Literal["primary", "plain", "danger"] = "plain"
    is_public: bool = True
    expires: str | None = None

    def asked(self, key: str) -> FieldSpec | None:
        """The question of this name, if the step asks it."""
        return next((spec for spec in self.asks if spec.key == key), None)


@dataclass(frozen=True, slots=True)
class Signature:
    """In whose place a letter is signed (Decree 30/2020, Appendix I, II.7): TM, KT, TL, TUQ or Q.

    ``by`` an officer, in ``office``, in place of the ``head``; or by the signatory of the recorded decision,
    ``on_behalf_of`` a body whose head is ``head``. ``source`` says on what it rests that this one signs.
    """

    by: Literal["officer", "signatory"]
    head: Trilingual
    office: Trilingual | None = None
    authority: str | None = None
    on_behalf_of: Trilingual | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """A way to seek review of what the letter says, open for ``within`` from its receipt."""

    title: Trilingual
    within: Length
    source: str


@dataclass(frozen=True, slots=True)
class LetterSpec:
    """A letter that steps write. ``mark`` stands behind its number; ``findings`` are the questions of steps
    (``step.question``) whose answers it tells as outcomes of criteria; ``tells_scores`` adds the
    reviewers' mean scores."""

    key: str
    title: Trilingual
    template: str
    source: str
    mark: str = ""
    signature: Signature | None = None
    recipients: tuple[Trilingual, ...] = ()
    findings: tuple[str, ...] = ()
    tells_scores: bool = False
    remedies: tuple[Remedy, ...] = ()


@dataclass(frozen=True)
class Pack:
    """One version of a procedure, complete."""

    code: str
    version: int
    domain: str
    title: Trilingual
    summary: Trilingual
    in_force_from: date
    in_force_to: date | None
    unit: str
    calendar: str
    key_prefix: str
    title_field: str
    sources: Mapping[str, Source]
    parameters: Mapping[str, Any]
    sections: tuple[Section, ...]
    documents: tuple[DocumentSpec, ...]
    rubric: Rubric | None
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    clocks: tuple[ClockSpec, ...]
    letters: tuple[LetterSpec, ...]
    fees: tuple[Mapping[str, Any], ...] = ()
    parameter_sources: Mapping[str, str] = field(default_factory=dict)
    certification: Certification | None = None
    precheck: Precheck | None = None
    is_open: bool = True
    """Whether anybody applies; else its dossiers are taken over from older registers, all of them ended."""
    is_life: bool = False
    """Whether it moves rows that a domain keeps, such as a fund or a call; then it is a workflow without dossiers."""

    @property
    def begins(self) -> bool:
        """Whether something begins in its first state and moves on."""
        return self.is_open or self.is_life

    @cached_property
    def state_by_key(self) -> dict[str, State]:
        return {state.key: state for state in self.states}

    @cached_property
    def step_by_key(self) -> dict[str, Step]:
        return {step.key: step for step in self.steps}

    @cached_property
    def clock_by_key(self) -> dict[str, ClockSpec]:
        return {clock.key: clock for clock in self.clocks}

    @cached_property
    def field_by_key(self) -> dict[str, FieldSpec]:
        return {spec.key: spec for section in self.sections for spec in section.fields}

    @cached_property
    def calculated(self) -> tuple[FieldSpec, ...]:
        """The questions that nobody answers: they follow from others."""
        return tuple(spec for spec in self.field_by_key.values() if spec.calculated)

    @cached_property
    def document_by_key(self) -> dict[str, DocumentSpec]:
        return {document.key: document for document in self.documents}

    @cached_property
    def letter_by_key(self) -> dict[str, LetterSpec]:
        return {letter.key: letter for letter in self.letters}

    @cached_property
    def section_by_key(self) -> dict[str, Section]:
        return {section.key: section for section in self.sections}

    @cached_property
    def initial(self) -> State:
        """The first state that is a draft."""
        return next(state for state in self.states if state.kind == "draft")

    def steps_from(self, state: str) -> list[Step]:
        """The steps that leave, or happen in, ``state``, in the order of the pack."""
        return [step for step in self.steps if state in step.sources]

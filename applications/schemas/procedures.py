"""Procedures as programs see them: the pack in force, each question with the JSON Schema of its answer."""

from foundation.schemas import Anything, Choice, Day, Flag, Inner, Many, Open, Shape, Text, Whole, words

CONDITION = {"description": "Applies when this condition on the answers holds, as the pack writes it; null: always"}


class ProcedureSummary(Shape):
    """A procedure that accepts applications."""

    code = Text(required=True, metadata={"examples": ["controlled-test"]})
    version = Whole(required=True)
    domain = Text(required=True)
    title = words(required=True)
    summary = words(required=True)
    unit = Text(required=True, metadata={"description": "Code of the unit that receives the dossiers"})
    in_force_from = Day(required=True)
    in_force_to = Day(required=True, allow_none=True)


class ProcedurePage(Shape):
    """The procedures that accept applications."""

    items = Many(Inner(ProcedureSummary), required=True)
    next_cursor = Text(required=True, allow_none=True)


class ChoiceShape(Shape):
    value = Text(required=True)
    label = words(required=True)
    help = words(allow_none=True)


class FieldShape(Shape):
    """One question."""

    key = Text(required=True)
    type = Text(required=True)
    label = words(required=True)
    help = words(allow_none=True)
    example = words(allow_none=True)
    required = Flag(required=True)
    when = Open(allow_none=True, metadata=CONDITION)
    sensitive = Flag(required=True, metadata={"description": "Masked in answers; see `POST …/reveal`"})
    source = Text(allow_none=True)
    choices = Many(Inner(ChoiceShape), required=True)
    columns = Many(Inner(lambda: FieldShape()), required=True)
    limits = Open(required=True)
    schema = Open(required=True, metadata={"description": "JSON Schema (2020-12) of the answer"})


class SectionShape(Shape):
    key = Text(required=True)
    title = words(required=True)
    help = words(allow_none=True)
    when = Open(allow_none=True, metadata=CONDITION)
    fields_ = Many(Inner(FieldShape), required=True, attribute="fields", data_key="fields")


class SourceShape(Shape):
    """Where a rule comes from."""

    key = Text(required=True)
    title = words(required=True)
    certainty = Text(required=True)
    url = Text(allow_none=True)


class DemandedDocument(Shape):
    """A document that may be demanded, and the legal source that says so."""

    key = Text(required=True, metadata={"description": "The `slot` of an upload"})
    label = words(required=True)
    help = words(allow_none=True)
    source = Text(required=True)
    copy = Choice("electronic_original", "plain_copy", "original_seen", required=True)
    accept = Many(Text(), required=True)
    required = Flag(required=True)
    when = Open(allow_none=True, metadata=CONDITION)
    max_mb = Whole(required=True)
    max_files = Whole(required=True)


class CriterionShape(Shape):
    key = Text(required=True)
    title = words(required=True)
    question = words(required=True)
    weight = Whole(required=True)
    source = Text(required=True)


class RubricShape(Shape):
    """What reviewers judge, by whole scores from `lowest` to `highest`."""

    lowest = Whole(required=True)
    highest = Whole(required=True)
    comment_at = Many(Whole(), required=True)
    minimum_reviews = Whole(required=True)
    criteria = Many(Inner(CriterionShape), required=True)


class StateShape(Shape):
    key = Text(required=True)
    title = words(required=True)
    public_title = words(allow_none=True)
    kind = Choice("draft", "open", "final", required=True)
    responsible = Choice("applicant", "unit", "nobody", required=True)


class StepShape(Shape):
    """A step of the workflow: who may make it from which states, and what it asks."""

    key = Text(required=True)
    title = words(required=True)
    help = words(allow_none=True)
    from_ = Many(Text(), required=True, attribute="from", data_key="from")
    to = Text(allow_none=True)
    who = Text(required=True)
    basis = Text(required=True)
    is_public = Flag(required=True)
    asks = Many(Inner(FieldShape), required=True)


class LengthShape(Shape):
    amount = Whole(required=True)
    unit = Choice("working_days", "days", "hours", "months", required=True)


class LengthVariantShape(Shape):
    when = Open(required=True)
    length = Inner(LengthShape, required=True)
    source = Text(required=True)


class ClockShape(Shape):
    """A deadline."""

    key = Text(required=True)
    title = words(required=True)
    length = Inner(LengthShape, required=True)
    source = Text(required=True)
    responsible = Choice("applicant", "unit", required=True)
    is_main = Flag(required=True)
    cutoff = Text(allow_none=True)
    variants = Many(Inner(LengthVariantShape), required=True)


class OutcomeShape(Shape):
    """What answers of the check before the form lead to."""

    key = Text(required=True)
    kind = Choice("elsewhere", "not_needed", "talk", "note", "go_on", required=True)
    when = Open(required=True, allow_none=True)
    authority = words(allow_none=True)
    title = words(required=True)
    text = words(required=True)
    source = Text(required=True)


class PrecheckShape(Shape):
    """Questions before the form; the first outcome of the strongest kind that holds is told first."""

    help = words(allow_none=True)
    questions = Many(Inner(FieldShape), required=True)
    outcomes = Many(Inner(OutcomeShape), required=True)


class ProcedureShape(ProcedureSummary):
    """The pack of a procedure in force."""

    calendar = Text(required=True)
    title_field = Text(required=True)
    sources = Many(Inner(SourceShape), required=True)
    precheck = Inner(PrecheckShape, required=True, allow_none=True)
    form = Many(Inner(SectionShape), required=True)
    answers_schema = Open(required=True, metadata={"description": "JSON Schema (2020-12) of all answers"})
    documents = Many(Inner(DemandedDocument), required=True)
    rubric = Inner(RubricShape, required=True, allow_none=True)
    states = Many(Inner(StateShape), required=True)
    steps = Many(Inner(StepShape), required=True)
    clocks = Many(Inner(ClockShape), required=True)
    fees = Many(Anything(), required=True)

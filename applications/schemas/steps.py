"""Steps, clocks and what happened, as programs see them."""

from applications.schemas.procedures import FieldShape, LengthShape
from foundation.schemas import Choice, Day, Flag, Inner, Instant, Many, Open, Shape, Text, Whole


class StepData(Shape):
    """The answers to what the step asks."""

    data = Open(load_default=dict)


class ReasonShape(Shape):
    """Why something cannot happen now."""

    code = Text(required=True)
    detail = Text(required=True)
    facts = Open(required=True)


class OfferShape(Shape):
    """A step that the caller may make, and what stands against it now."""

    step = Text(required=True)
    title = Text(required=True)
    help = Text(required=True, allow_none=True)
    to = Text(required=True, allow_none=True)
    is_possible = Flag(required=True)
    reasons = Many(Inner(ReasonShape), required=True)
    asks = Many(Inner(FieldShape), required=True)


class OfferList(Shape):
    items = Many(Inner(OfferShape), required=True)
    next_cursor = Text(required=True, allow_none=True)


class MadeStep(Shape):
    """A step that was made, and where the dossier stands now."""

    event = Whole(required=True, metadata={"description": "Number of the step within the dossier"})
    step = Text(required=True)
    at = Instant(required=True)
    from_state = Text(required=True)
    key = Text(required=True)
    state = Text(required=True)
    state_kind = Text(required=True)
    state_title = Text(required=True)
    code = Text(required=True, allow_none=True)
    receipt_number = Text(required=True, allow_none=True)
    due_on = Day(required=True, allow_none=True)
    revision = Whole(required=True)


class StretchShape(Shape):
    """An interval in which the clock ran or stood still."""

    kind = Choice("run", "pause", required=True)
    started_at = Instant(required=True)
    ended_at = Instant(required=True, allow_none=True)
    step = Text(required=True, metadata={"description": "The step that began it"})
    ground = Text(required=True, metadata={"description": "The title of that step"})


class RunShape(Shape):
    """One run of a deadline."""

    clock = Text(required=True)
    title = Text(required=True)
    round = Whole(required=True)
    length = Inner(LengthShape, required=True)
    source = Text(required=True, allow_none=True, metadata={"description": "The legal basis; null for our own rule"})
    responsible = Choice("applicant", "unit", required=True)
    is_main = Flag(required=True)
    status = Choice("running", "paused", "stopped", "restarted", required=True)
    started_at = Instant(required=True)
    counts_from = Day(required=True, metadata={"description": "The day that is not counted"})
    ended_at = Instant(required=True, allow_none=True)
    due_at = Instant(required=True, allow_none=True)
    due_on = Day(required=True, allow_none=True)
    reappointed_due_on = Day(required=True, allow_none=True)
    is_late = Flag(required=True)
    used = Whole(required=True, allow_none=True)
    left = Whole(required=True, allow_none=True)
    intervals = Many(Inner(StretchShape), required=True)


class ClockLedger(Shape):
    """The legal clock of a dossier, the newest run first."""

    due_on = Day(required=True, allow_none=True)
    original_due_on = Day(required=True, allow_none=True)
    is_late = Flag(required=True)
    runs = Many(Inner(RunShape), required=True)


class EventShape(Shape):
    """A step that was made, as far as the caller may know."""

    event = Whole(required=True)
    step = Text(required=True)
    title = Text(required=True)
    at = Instant(required=True)
    from_state = Text(required=True)
    to_state = Text(required=True)
    role = Text(required=True, allow_none=True)
    person = Text(required=True)
    basis = Text(required=True, allow_none=True)
    data = Open(required=True)
    letters = Many(Whole(), required=True, metadata={"description": "Ids of the letters that it caused"})


class EventList(Shape):
    items = Many(Inner(EventShape), required=True)
    next_cursor = Text(required=True, allow_none=True)


class AuditShape(Shape):
    """An entry of the dossier's hash chain."""

    seq = Whole(required=True)
    at = Instant(required=True)
    actor_kind = Choice("person", "system", "public", required=True)
    person_id = Whole(required=True, allow_none=True)
    role = Text(required=True, allow_none=True)
    action = Text(required=True)
    title = Text(required=True)
    facts = Open(required=True)
    legal_basis = Text(required=True, allow_none=True)
    prev_hash = Text(required=True)
    hash = Text(required=True)


class AuditPage(Shape):
    items = Many(Inner(AuditShape), required=True)
    next_cursor = Text(required=True, allow_none=True)
    archived = Whole(required=True, allow_none=True)

"""A dossier that is followed without an account, as programs read it."""

from foundation.schemas import Day, Flag, Inner, Instant, Many, Shape, Text


class TrackingQuestion(Shape):
    """The secret handed out when the dossier was sent."""

    secret = Text(required=True, longest=64, shortest=1)


class TrackedStep(Shape):
    title = Text(required=True)
    at = Instant(required=True)


class TrackedShape(Shape):
    """Where a dossier stands."""

    key = Text(required=True)
    code = Text(required=True, allow_none=True)
    title = Text(required=True)
    procedure = Text(required=True)
    state_title = Text(required=True)
    is_with_applicant = Flag(required=True)
    due_on = Day(required=True, allow_none=True, metadata={"description": "When whoever is on turn has to act"})
    unit = Text(required=True)
    holder = Text(required=True, allow_none=True)
    asked = Many(Text(), required=True, metadata={"description": "Parts to be corrected: `field.…`, `document.…`"})
    steps = Many(Inner(TrackedStep), required=True)

"""What has to be corrected in a dossier, as programs read it."""

from foundation.schemas import Anything, Flag, Inner, Instant, Many, Open, Shape, Text


class ChangeShape(Shape):
    """A part before and after; `after` is `null` until the dossier is sent again. Documents are lists of files."""

    part = Text(required=True, metadata={"description": "`field.…` or `document.…`"})
    marks = Many(Open(), required=True, metadata={"description": "What was asked, by the questions of the step"})
    is_changed = Flag(required=True)
    before = Anything(required=True, allow_none=True)
    after = Anything(required=True, allow_none=True)


class RoundShape(Shape):
    """One request for corrections."""

    asked_at = Instant(required=True)
    answered_at = Instant(required=True, allow_none=True)
    changes = Many(Inner(ChangeShape), required=True)


class CorrectionsShape(Shape):
    """The rounds of correction, newest first, and what cannot be changed meanwhile."""

    rounds = Many(Inner(RoundShape), required=True)
    closed = Many(Text(), required=True, metadata={"description": "Parts that the applicant cannot change now"})

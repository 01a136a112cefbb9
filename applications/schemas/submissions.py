"""What was sent, as programs read it."""

from foundation.schemas import Inner, Instant, Many, Shape, Text, Whole


class SubmissionShape(Shape):
    """One sending, frozen."""

    number = Whole(required=True)
    submitted_at = Instant(required=True)
    sha256 = Text(required=True, metadata={"description": "Over the whole as canonical JSON, as in the audit trail"})
    masked = Many(Text(), required=True, metadata={"description": "Protected answers left out of the archive"})


class SubmissionList(Shape):
    items = Many(Inner(SubmissionShape), required=True)
    next_cursor = Text(required=True, allow_none=True)

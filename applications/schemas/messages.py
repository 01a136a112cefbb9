"""Messages on a dossier, as programs send and read them."""

from applications.operations.messages import LONGEST
from foundation.schemas import Flag, Inner, Instant, Many, Shape, Text, Whole


class NewMessage(Shape):
    text = Text(longest=LONGEST, shortest=1, required=True)


class MessageFileShape(Shape):
    """A file that came with a message."""

    id = Whole(required=True)
    filename = Text(required=True)
    media_type = Text(required=True)
    size = Whole(required=True)
    sha256 = Text(required=True)


class MessageShape(Shape):
    """A message between the applicant and the unit."""

    id = Whole(required=True)
    text = Text(required=True)
    is_from_applicant = Flag(required=True)
    author = Text(required=True)
    sent_at = Instant(required=True)
    files = Many(Inner(MessageFileShape), required=True)


class MessagePage(Shape):
    items = Many(Inner(MessageShape), required=True)
    next_cursor = Text(required=True, allow_none=True)

"""Sheets of older registers as programs send and read them."""

from applications.models.takeovers import STATUSES
from applications.operations.takeovers import LONGEST_REGISTER
from foundation.schemas import Choice, File, Inner, Instant, Many, Shape, Text, Whole


class NewSheet(Shape):
    """An XLSX or CSV file with a column for each question, and the register that it comes from."""

    file = File(required=True)
    procedure = Text(longest=120, required=True)
    register = Text(
        longest=LONGEST_REGISTER,
        required=True,
        metadata={"description": "Written the same way each time: a number taken over before is left alone"},
    )


class SheetItem(Shape):
    """A sheet in a list."""

    id = Whole(required=True)
    procedure = Text(required=True)
    register = Text(required=True)
    filename = Text(required=True)
    status = Choice(*STATUSES, required=True)
    sent_at = Instant(required=True)
    done_at = Instant(required=True, allow_none=True)


class KnownRow(Shape):
    """A row whose dossier was taken over before, and is left as it is."""

    line = Whole(required=True)
    number = Text(required=True)
    key = Text(required=True)


class RowFault(Shape):
    """What is wrong in one cell."""

    line = Whole(required=True)
    column = Text(required=True, metadata={"description": "The letter of the column in the sheet"})
    question = Text(required=True)
    code = Text(required=True)
    detail = Text(required=True)
    value = Text(required=True)


class SheetShape(SheetItem):
    """A sheet with what a look at it, or its taking over, came to."""

    rows = Whole(required=True)
    progress = Whole(required=True, metadata={"description": "Rows done while a job is at it"})
    new = Whole(required=True, allow_none=True, metadata={"description": "Dossiers to take over, or taken over"})
    known = Many(Inner(KnownRow), required=True)
    faults = Many(Inner(RowFault), required=True)
    fault_count = Whole(required=True)
    failure = Text(required=True, allow_none=True, metadata={"description": "Why the work on it failed for good"})


class SheetPage(Shape):
    """Sheets, the newest first."""

    items = Many(Inner(SheetItem), required=True)
    next_cursor = Text(required=True, allow_none=True)

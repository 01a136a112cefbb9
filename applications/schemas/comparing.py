"""Two files side by side, as programs read them."""

from applications.models.cases import CHANNELS, STATE_KINDS
from applications.schemas.cases import STATE_TITLE, DocumentShape
from foundation.schemas import Anything, Choice, Day, Flag, Inner, Instant, Many, Shape, Text, Whole


class CompareQuery(Shape):
    """Which two dossiers, each by key or code."""

    first = Text(longest=120, required=True)
    second = Text(longest=120, required=True)


class ComparedCase(Shape):
    """One of the two dossiers."""

    key = Text(required=True)
    code = Text(required=True, allow_none=True)
    title = Text(required=True)
    procedure = Text(required=True)
    version = Whole(required=True)
    channel = Choice(*CHANNELS, required=True)
    state = Text(required=True)
    state_kind = Choice(*STATE_KINDS, required=True)
    state_title = Text(required=True, metadata=STATE_TITLE)
    received_at = Instant(required=True, allow_none=True)
    due_on = Day(required=True, allow_none=True)
    original_due_on = Day(required=True, allow_none=True)
    is_late = Flag(required=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)


class ComparedAnswerShape(Shape):
    """A question with both answers, in the order of the dossiers."""

    key = Text(required=True)
    label = Text(required=True)
    is_asked = Many(Flag(), required=True, metadata={"description": "Whether the procedure of each asks it"})
    values = Many(Anything(allow_none=True), required=True)
    is_hidden = Flag(required=True, metadata={"description": "Sensitive: neither answer is given"})
    is_different = Flag(required=True, allow_none=True)


class ComparedSection(Shape):
    key = Text(required=True)
    title = Text(required=True)
    answers = Many(Inner(ComparedAnswerShape), required=True)


class ComparedFile(Shape):
    id = Whole(required=True)
    filename = Text(required=True)
    sha256 = Text(required=True)


class ComparedSlot(Shape):
    """The files of both dossiers for one document of the procedure."""

    slot = Text(required=True)
    label = Text(required=True)
    files = Many(Many(Inner(ComparedFile)), required=True)
    is_different = Flag(required=True)


class ComparedDossiers(Shape):
    """Two dossiers side by side."""

    dossiers = Many(Inner(ComparedCase), required=True)
    sections = Many(Inner(ComparedSection), required=True)
    documents = Many(Inner(ComparedSlot), required=True)


class VersionQuery(Shape):
    """Beside which version; without it, the one before."""

    with_id = Whole(is_text=True, lowest=1, highest=2**63 - 1, metadata={"description": "`id` of the other version"})


class WordPiece(Shape):
    text = Text(required=True)
    is_changed = Flag(required=True)


class ComparedPassage(Shape):
    """What stands beside what; one side is empty where something was added or left out."""

    is_same = Flag(required=True)
    left = Many(Inner(WordPiece), required=True)
    right = Many(Inner(WordPiece), required=True)


class ComparedVersions(Shape):
    """Two versions of a document, the earlier first."""

    versions = Many(Inner(DocumentShape), required=True)
    passages = Many(
        Inner(ComparedPassage),
        required=True,
        allow_none=True,
        metadata={"description": "Null where the words of one of them cannot be read"},
    )
    is_cut = Flag(required=True, metadata={"description": "Only the beginning of long texts is compared"})

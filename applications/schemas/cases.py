"""Dossiers as programs open, change, list and read them."""

from applications.models import ARRIVING, CHANNELS
from applications.models.cases import STATE_KINDS
from applications.operations.drafts import LONGEST_CODE
from foundation.api import PageQuery
from foundation.schemas import Anything, Choice, Day, Flag, Inner, Instant, Many, Open, Shape, Text, Whole

STATE_TITLE = {"description": "The state in the language of the request"}
DUE = {"description": "The day, in Hanoi, by which the unit must have answered; null while no clock of the unit runs"}


class NewApplication(Shape):
    """A draft to open."""

    procedure = Text(longest=120, shortest=1, required=True, metadata={"examples": ["controlled-test"]})
    organisation = Text(
        longest=120, shortest=1, required=True, metadata={"description": "Code of the organisation that applies"}
    )
    channel = Choice(
        *ARRIVING,
        load_default="direct",
        metadata={"description": "Any but `direct` only for officers who register somebody else's dossier"},
    )
    external_code = Text(longest=LONGEST_CODE, metadata={"description": "The dossier's code on the channel it came by"})
    answers = Open(metadata={"description": "Answers by field key; see the procedure's `answers_schema`"})


class ChangedAnswers(Shape):
    """Answers to save; questions not named stay as they are, `null` takes an answer back."""

    answers = Open(required=True)


class TypedAnswers(Shape):
    """Answers to save one by one: each is kept only over the change of it that was read."""

    answers = Open(required=True)
    revisions = Open(
        required=True,
        metadata={"description": "For each of these answers its `answer_revisions` as read; 0 where it had none"},
    )


class KeptAnswers(Shape):
    revision = Whole(required=True)
    saved_at = Instant(required=True)
    answer_revisions = Open(required=True)


class CaseQuery(PageQuery):
    """What narrows the list."""

    procedure = Text(longest=120)
    state = Many(Text(longest=120), metadata={"description": "One or more states, by key"})
    q = Text(longest=200, metadata={"description": "A key, a code, or words of the title"})


class OrganisationRef(Shape):
    code = Text(required=True)
    name = Text(required=True)


class UnitRef(Shape):
    code = Text(required=True)
    name = Text(required=True)


class CaseItem(Shape):
    """A dossier in a list."""

    key = Text(required=True, metadata={"examples": ["TN-7K3M-Q9XW"]})
    code = Text(required=True, allow_none=True, metadata={"description": "The dossier code, given at acceptance"})
    title = Text(required=True)
    procedure = Text(required=True)
    version = Whole(required=True, metadata={"description": "The version of the procedure that applies"})
    organisation = Inner(OrganisationRef, required=True, allow_none=True)
    channel = Choice(*CHANNELS, required=True)
    state = Text(required=True)
    state_kind = Choice(*STATE_KINDS, required=True)
    state_title = Text(required=True, metadata=STATE_TITLE)
    received_at = Instant(required=True, allow_none=True)
    due_on = Day(required=True, allow_none=True, metadata=DUE)
    original_due_on = Day(
        required=True,
        allow_none=True,
        metadata={"description": "The day before any apology; late is measured by it"},
    )
    is_late = Flag(required=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)


class CasePage(Shape):
    """Dossiers, newest first."""

    items = Many(Inner(CaseItem), required=True)
    next_cursor = Text(required=True, allow_none=True)


class DocumentShape(Shape):
    """An uploaded file."""

    id = Whole(required=True)
    slot = Text(required=True)
    number = Whole(required=True)
    version = Whole(required=True)
    filename = Text(required=True)
    media_type = Text(required=True)
    size = Whole(required=True)
    sha256 = Text(required=True)
    pages = Whole(required=True, allow_none=True)
    uploaded_at = Instant(required=True)


class DecisionShape(Shape):
    """What was decided."""

    outcome = Choice("granted", "refused", required=True)
    number = Text(required=True)
    decided_on = Day(required=True)
    signatory = Text(required=True)
    signatory_title = Text(required=True)
    reasons = Text(required=True)
    document_id = Whole(required=True)


class CaseShape(CaseItem):
    """A dossier. Its `ETag` is its `revision`."""

    unit = Inner(UnitRef, required=True)
    external_code = Text(required=True, allow_none=True)
    receipt_number = Text(required=True, allow_none=True)
    submitted_at = Instant(required=True, allow_none=True)
    decided_at = Instant(required=True, allow_none=True)
    revision = Whole(required=True)
    answers = Open(required=True)
    answer_revisions = Open(
        required=True, metadata={"description": "For each answer the revision of the dossier that changed it last"}
    )
    masked = Many(
        Text(), required=True, metadata={"description": "Fields of which protected answers are left out; see `reveal`"}
    )
    documents = Many(Inner(DocumentShape), required=True)
    decision = Inner(DecisionShape, required=True, allow_none=True)


class AskedField(Shape):
    """A protected answer to reveal."""

    field = Text(longest=300, shortest=1, required=True, metadata={"examples": ["contact_phone"]})


class RevealedField(Shape):
    field = Text(required=True)
    value = Anything(required=True, allow_none=True)

"""Reviews as programs assign, declare, score and submit them."""

from typing import Any

from applications.models.reviews import CONFLICT_KINDS
from applications.operations.reviews import LONGEST_COMMENT
from applications.schemas.procedures import RubricShape
from foundation.schemas import Anything, Choice, Day, Exact, Flag, Inner, Instant, Many, Open, Shape, Text, Whole


class NewReviewer(Shape):
    """Whom to ask."""

    person = Anything(
        required=True,
        metadata={
            "description": "The e-mail address or the id of a reviewer",
            "type": ["string", "integer"],
            "examples": ["reviewer@example.org"],
        },
    )


class AssignedReviewer(Shape):
    """A reviewer who was asked."""

    id = Whole(required=True, metadata={"description": "Id of the review"})
    person_id = Whole(required=True)
    name = Text(required=True)
    assigned_at = Instant(required=True)


class Declaration(Shape):
    """Whether one has an interest in the applicant."""

    has_conflict = Flag(required=True)
    kind = Choice(*CONFLICT_KINDS, metadata={"description": "Required with a conflict"})
    note = Text(longest=LONGEST_COMMENT)


class ScoreShape(Shape):
    """A score on one criterion; null while undecided."""

    score = Whole(allow_none=True, required=True, lowest=0, highest=1000)
    comment = Text(longest=LONGEST_COMMENT, load_default="")


class WrittenReview(Shape):
    """Scores by criterion; criteria not named stay as they are."""

    scores = Open(
        required=True,
        metadata={"description": "By criterion key: `{score, comment}`", "examples": [{"novel": {"score": 4}}]},
    )
    summary = Text(longest=LONGEST_COMMENT)


class NothingMore(Shape):
    """An empty object."""


class ReviewItem(Shape):
    """A review that the caller was asked for."""

    id = Whole(required=True)
    key = Text(required=True, metadata={"description": "Key of the dossier"})
    code = Text(required=True, allow_none=True)
    title = Text(required=True)
    organisation = Text(required=True, allow_none=True)
    due_on = Day(required=True, allow_none=True)
    assigned_at = Instant(required=True)
    declared_at = Instant(required=True, allow_none=True)
    submitted_at = Instant(required=True, allow_none=True)


class ReviewList(Shape):
    items = Many(Inner(ReviewItem), required=True)
    next_cursor = Text(required=True, allow_none=True)


class AsTold(Inner):
    """An inner object that was put into words before."""

    def _serialize(self, nested_obj: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # as its parent's
        return nested_obj


class ReviewShape(Shape):
    """One's own review."""

    id = Whole(required=True)
    key = Text(required=True)
    assigned_at = Instant(required=True)
    declared_at = Instant(required=True, allow_none=True)
    has_conflict = Flag(required=True, allow_none=True)
    submitted_at = Instant(required=True, allow_none=True)
    summary = Text(required=True)
    scores = Open(required=True, metadata={"description": "By criterion key: `{score, comment}`"})
    rubric = AsTold(RubricShape, required=True, allow_none=True)


class GivenReview(Shape):
    """A review as others read it; what stands in it is told once it is submitted."""

    id = Whole(required=True)
    reviewer = Text(required=True)
    assigned_at = Instant(required=True)
    declared_at = Instant(required=True, allow_none=True)
    submitted_at = Instant(required=True, allow_none=True)
    summary = Text(required=True)
    scores = Open(required=True, metadata={"description": "By criterion key: `{score, comment}`"})
    weighted_percent = Exact(
        required=True,
        allow_none=True,
        metadata={"description": "The weighted mean in percent of full marks", "examples": ["78.50"]},
    )


class GivenReviewList(Shape):
    items = Many(Inner(GivenReview), required=True)
    next_cursor = Text(required=True, allow_none=True)

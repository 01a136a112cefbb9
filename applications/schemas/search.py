"""What the search in dossiers is asked, and what it finds."""

from applications.queries.excerpts import ANSWER, DOCUMENT, MESSAGE
from applications.queries.search import LONGEST_QUERY
from applications.schemas.cases import CaseItem
from foundation.api import PageQuery
from foundation.schemas import Choice, Flag, Inner, Many, Shape, Text


class SearchQuery(PageQuery):
    """Words to look for."""

    q = Text(longest=LONGEST_QUERY, required=True, metadata={"description": "Words, a name or a code"})


class PieceShape(Shape):
    text = Text(required=True)
    is_found = Flag(required=True, metadata={"description": "Whether this is what was looked for"})


class ExcerptShape(Shape):
    """A place where words stand; of what a document says, its name."""

    kind = Choice(ANSWER, MESSAGE, DOCUMENT, required=True)
    label = Text(required=True, allow_none=True, metadata={"description": "Of an answer, the question"})
    pieces = Many(
        Inner(PieceShape), required=True, metadata={"description": "Together the words in their surroundings"}
    )


class FoundCase(CaseItem):
    """A dossier that holds the words."""

    excerpts = Many(Inner(ExcerptShape), required=True, metadata={"description": "Up to three places beside the title"})


class FoundPage(Shape):
    """Dossiers found, newest first."""

    items = Many(Inner(FoundCase), required=True)
    next_cursor = Text(required=True, allow_none=True)

"""The register of tests as programs read it."""

from foundation.api import PageQuery
from foundation.schemas import Choice, Day, Inner, Many, Shape, Text, Whole
from sandbox.queries.register import LONGEST_WORDS, STATUSES


class RegisterQuery(PageQuery):
    """What narrows the register."""

    q = Text(longest=LONGEST_WORDS, load_default="", metadata={"description": "Project, company or decision"})
    sector = Text(longest=60, load_default="", metadata={"description": "As the form of the procedure names it"})
    status = Choice("", *STATUSES, load_default="")


class PlaceShape(Shape):
    ward = Text(required=True)
    place = Text(required=True)


class ProvisionShape(Shape):
    """A provision that does not apply to the test for a while."""

    rule = Text(required=True)
    article = Text(required=True)
    content = Text(required=True)
    from_on = Day(required=True)
    to_on = Day(required=True)


class TestShape(Shape):
    """A permitted test, in the caller's language where the words are not the applicant's or the permit's own."""

    __test__ = False

    number = Text(required=True)
    title = Text(required=True)
    organisation = Text(required=True)
    summary = Text(required=True)
    sector = Text(required=True)
    regime = Text(required=True)
    scope = Text(required=True)
    area = Many(Inner(PlaceShape), required=True)
    starts_on = Day(required=True)
    ends_on = Day(required=True)
    status = Choice(*STATUSES, required=True, metadata={"description": "By the period, today in Hanoi"})
    user_limit = Whole(required=True)
    conditions = Many(Text(), required=True)
    disapplied = Many(Inner(ProvisionShape), required=True)
    complaints = Text(required=True)
    complaints_contact = Text(required=True)
    decision = Text(required=True)
    decided_on = Day(required=True)


class TestPage(Shape):
    """Permitted tests, the newest first."""

    __test__ = False

    items = Many(Inner(TestShape), required=True)
    next_cursor = Text(required=True, allow_none=True)

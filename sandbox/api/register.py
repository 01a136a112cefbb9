"""Endpoints of the public register of tests."""

from typing import Any

from foundation.access import EVERYONE, access
from foundation.api import ApiBlueprint, page_answer, reader_language
from foundation.database import db, now
from foundation.workdays import local_date
from sandbox.queries.register import RegisteredTest, RegisterFilters, registered_test, registered_tests
from sandbox.schemas.register import RegisterQuery, TestPage, TestShape

blueprint = ApiBlueprint(
    "api_tests",
    __name__,
    tag="Tests",
    description="The public register of controlled tests: who tests what, where, until when, under which conditions.",
)


@blueprint.get("/tests")
@access(EVERYONE)
@blueprint.arguments(RegisterQuery, location="query")
@blueprint.response(200, TestPage, headers={"Link": {"schema": {"type": "string"}}})
def list_tests(asked: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """List the permitted tests, the newest first"""
    page = registered_tests(
        db.session(),
        RegisterFilters(asked["q"], asked["sector"], asked["status"]),
        language=reader_language(),
        today=local_date(now()),
        cursor=asked.get("cursor"),
        size=asked["limit"],
    )
    return page_answer(page, [_shown(row) for row in page.rows])


@blueprint.get("/tests/<string:number>")
@access(EVERYONE)
@blueprint.response(200, TestShape)
def read_test(number: str) -> dict[str, Any]:
    """Read one permitted test"""
    return _shown(registered_test(db.session(), number, language=reader_language(), today=local_date(now())))


def _shown(test: RegisteredTest) -> dict[str, Any]:
    facts = {name: getattr(test, name) for name in RegisteredTest.__slots__}
    return facts | {"area": [{"ward": ward, "place": place} for ward, place in test.area]}

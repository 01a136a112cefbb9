"""Pages of a list in the API: the rows, the cursor of the next page, and a link to it."""

from typing import Any
from urllib.parse import urlencode

from flask import request

from foundation.paging import Page
from foundation.schemas import Shape, Text, Whole

LONGEST_PAGE = 100
PAGE_SIZE = 50


class PageQuery(Shape):
    """Which page of a list, and how long."""

    cursor = Text(longest=500, metadata={"description": "`next_cursor` of the page before; without it the first page"})
    limit = Whole(is_text=True, lowest=1, highest=LONGEST_PAGE, load_default=PAGE_SIZE)


def page_answer(page: Page[Any], items: list[Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The body of a page of a list, and the ``Link`` header that leads to the next."""
    body = {"items": items, "next_cursor": page.next_cursor}
    if page.next_cursor is None:
        return body, {}
    following = request.args.to_dict(flat=False) | {"cursor": [page.next_cursor]}
    return body, {"Link": f'<{request.path}?{urlencode(following, doseq=True)}>; rel="next"'}

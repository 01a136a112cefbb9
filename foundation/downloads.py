"""A list as a file to keep, in answer to a request: all its pages, up to a limit, to whom the list is open."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import Any, TypeVar, cast

from flask import send_file
from werkzeug.wrappers import Response

from foundation.database import now
from foundation.errors import NotFound
from foundation.exports import FORMATS, MEDIA_TYPES, MOST_ROWS, Column, Format, write
from foundation.paging import Page
from foundation.workdays import local_date

Row = TypeVar("Row")

AT_ONCE = 1000
"""Rows of one question to the database."""


def list_file(extension: str, stem: str, columns: Sequence[Column], rows: Iterable[Any]) -> Response:
    """The rows as CSV or XLSX, named after ``stem`` and today. Raises NotFound for another kind of file."""
    if extension not in FORMATS:
        raise NotFound
    with ExitStack() as opened:
        target = opened.enter_context(TemporaryFile())
        write(cast(Format, extension), columns, rows, target)
        target.seek(0)
        name = f"{stem}-{local_date(now()).isoformat()}.{extension}"
        answer = send_file(target, mimetype=MEDIA_TYPES[extension], as_attachment=True, download_name=name)
        answer.headers["Cache-Control"] = "private, no-store"
        answer.call_on_close(opened.pop_all().close)
    return answer


def all_rows(read: Callable[[str | None, int], Page[Row]]) -> Iterator[Row]:
    """Every row of a list that is read from a cursor, some at a time, up to the most that a file holds."""
    cursor, left = None, MOST_ROWS
    while left > 0:
        page = read(cursor, min(AT_ONCE, left))
        yield from page.rows
        cursor, left = page.next_cursor, left - len(page.rows)
        if cursor is None:
            return

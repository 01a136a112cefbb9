"""A list as a file to keep: short ones in answer to the request, longer ones are asked for and written by a job."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import Any, TypeVar, cast

from flask import Blueprint, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from foundation.access import AccessRule, access, current_actor
from foundation.database import db, now
from foundation.errors import NotFound
from foundation.exports import FORMATS, MEDIA_TYPES, MOST_ROWS, Column, Format, write
from foundation.listkinds import Asking, Listed, ListKind, Whole, register_list
from foundation.paging import Page
from foundation.workdays import local_date

Row = TypeVar("Row")
Reads = Callable[[Asking], Listed]

AT_ONCE = 1000
"""Rows of one question to the database."""
MOST_IN_AN_ANSWER = 5000
"""Rows that a request writes; a longer list is written by a job."""
ENDING = "<any(csv, xlsx):extension>"
NAMED_IN_PATH = re.compile(r"<(?:\w+:)?(\w+)>")


def list_at(
    blueprint: Blueprint,
    path: str,
    rule: AccessRule,
    title: str,
    *,
    page: str = "",
    asked: Sequence[str] = (),
    roles: Sequence[str] = (),
    whole: Whole | None = None,
) -> Callable[[Reads], Reads]:
    """Decorator of what reads a list: it can be had at ``path`` with .csv and .xlsx by whom ``rule`` admits.

    ``title`` is what people call it, ``page`` the endpoint of the blueprint that shows it; ``asked`` are the parts of
    its query string. For ``roles`` and ``whole`` see :class:`ListKind`.
    """

    def offer(read: Reads) -> Reads:
        names = (*NAMED_IN_PATH.findall(path), *asked)
        name = f"{blueprint.name}.{read.__name__}"
        shown = f"{blueprint.name}.{page or read.__name__.removesuffix('_file')}"
        kind = register_list(ListKind(name, title, shown, rule, read, names, tuple(roles), whole))

        def view(extension: str, **in_path: str) -> Response:
            return hand_out(kind, extension, kind.named({**request.args, **in_path}))

        view.__doc__, view.__name__, view.__module__ = read.__doc__, read.__name__, read.__module__
        blueprint.add_url_rule(f"{path}.{ENDING}", read.__name__, access(rule)(view))
        return read

    return offer


def hand_out(kind: ListKind, extension: str, asked: dict[str, str]) -> Response:
    """A short list as a file; a long one leads signed-in readers to where it is asked for.

    Who is not signed in gets as much as one file holds.
    """
    actor = current_actor()
    found = kind.listed(Asking(db.session(), actor, asked))
    rows = iter(found.rows)
    first = [] if found.is_long else list(islice(rows, MOST_IN_AN_ANSWER + 1))
    if actor.is_signed_in and (found.is_long or len(first) > MOST_IN_AN_ANSWER):
        named: dict[str, Any] = {**asked, "list": kind.name}
        return redirect(url_for("applications.exports", **named), 303)
    return list_file(extension, found.stem, found.columns, islice(chain(first, rows), MOST_ROWS))


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
    """Every row of a list that is read from a cursor, some at a time."""
    cursor = None
    while True:
        page = read(cursor, AT_ONCE)
        yield from page.rows
        cursor = page.next_cursor
        if cursor is None:
            return

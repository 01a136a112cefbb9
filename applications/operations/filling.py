"""A table of a draft filled from a spreadsheet, all its rows at once, and emptied of them again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from applications.operations.answers import Held, Kept, hold_draft, keep_answers
from applications.revisions import Seen
from foundation.actors import Actor
from foundation.errors import Blocked, NotFound
from foundation.reasons import register_reasons

Rows = Sequence[Mapping[str, Any]]


def fill_table(
    session: Session, key: str, table: str, rows: Rows, *, seen: Mapping[str, Seen], is_added: bool, actor: Actor
) -> Kept:
    """Put these rows into the table, below those that are there or in their place.

    What somebody else changed since the writer saw the table is left and told as a conflict.

    Raises NotFound, NotAllowed, Blocked, Invalid: see :func:`hold_draft`.
    """
    held = _held_table(session, key, table, actor)
    before = _rows_of(held, table)
    value = [*(before if is_added else ()), *rows]
    return keep_answers(session, replace(held, befores={table: before}), {table: value}, seen, actor=actor)


def undo_fill(session: Session, key: str, table: str, *, actor: Actor) -> Kept:
    """Put back the rows that stood there before the table was filled.

    Raises:
        Blocked: it was not filled, or changed since.
        NotFound, NotAllowed, Invalid: see :func:`hold_draft`.
    """
    held = _held_table(session, key, table, actor)
    edit = held.edits.get(table)
    if edit is None or edit.before is None:
        raise Blocked("nothing_to_undo")
    return keep_answers(session, held, {table: edit.before or None}, {table: Seen(edit.revision)}, actor=actor)


def _held_table(session: Session, key: str, table: str, actor: Actor) -> Held:
    held = hold_draft(session, key, [table], actor=actor)
    if held.specs[0].type != "table":
        raise NotFound
    return held


def _rows_of(held: Held, table: str) -> list[Any]:
    rows = held.values.get(table)
    return rows if isinstance(rows, list) else []


register_reasons(
    {
        "nothing_to_undo": lazy_gettext("The table was changed since it was filled, so that this cannot be undone."),
    }
)

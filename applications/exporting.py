"""Having a long list written to a file: asked for, written by a job, told when ready, kept for some days."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from time import monotonic
from typing import IO, Any, cast
from uuid import UUID

from flask_babel import force_locale, lazy_gettext
from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from accounts.actors import actor_of_person
from applications.models import ListExport
from applications.models.exports import CANCELLED, EXPIRED, FAILED, READY, UNDER_WAY, WRITING
from applications.noticetopics import TASKS
from applications.queries.exports import export_address, own_export, read_scopes
from foundation import audit
from foundation.actors import Actor
from foundation.database import now, transaction_apart
from foundation.errors import Blocked, NotAllowed, Reason, Refusal
from foundation.exports import Format
from foundation.exports import write as write_rows
from foundation.jobs import defer, task
from foundation.listkinds import Asking, Listed, ListKind, Whole, list_kind
from foundation.longlists import LongList, one_instant, write_csv, write_xlsx
from foundation.notices import NoticeKind, notify, register_notice
from foundation.passingfiles import delete_file, delete_unknown, new_file
from foundation.reasons import WORK_FAILED, register_reasons

KEPT = timedelta(days=3)
MOST_AT_ONCE = 3
"""Files that one person may have under way."""
TELL_EVERY = 1.0
"""Seconds between two looks at whether somebody cancelled, and two numbers on the page."""
ONE_BY_ONE = "applications:export:write"
"""The lock of these jobs: however many are asked for, one is written at a time and the other workers stay free."""


class Cancelled(Exception):  # noqa: N818 - what happened, not a fault
    """The file is no longer wanted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which list, as which kind of file, under which filters as the address names them."""

    kind: str
    extension: Format
    asked: Mapping[str, str]


def ask_export(session: Session, export_id: UUID, wanted: Wanted, *, actor: Actor) -> ListExport:
    """Have a list written to a file, in the actor's language. Asked again, nothing changes.

    Raises:
        NotAllowed: the list is not open to the actor.
        Invalid: filters that cannot be chosen.
        Blocked: too many are under way already.
        NotFound: there is no such list, or the id is somebody else's.
    """
    kind = list_kind(wanted.kind)
    if actor.person_id is None:
        raise NotAllowed
    asked = kind.named(wanted.asked)
    kind.listed(Asking(session, actor, asked))
    _require_room(session, actor)
    values = {
        "id": export_id,
        "person_id": actor.person_id,
        "kind": kind.name,
        "extension": wanted.extension,
        "language": actor.locale,
        "asked": asked,
    }
    added = insert(ListExport).values(**values).on_conflict_do_nothing().returning(ListExport.id)
    if session.scalar(added) is not None:
        defer(session, write_export, lock=ONE_BY_ONE, export_id=str(export_id))
        _record(session, export_id, actor, "ask", kind=kind.name, extension=wanted.extension, asked=asked)
    return own_export(session, export_id, actor=actor)


def _require_room(session: Session, actor: Actor) -> None:
    under_way = (ListExport.person_id == actor.person_id, ListExport.status.in_(UNDER_WAY))
    if (session.scalar(select(func.count()).select_from(ListExport).where(*under_way)) or 0) >= MOST_AT_ONCE:
        raise Blocked(Reason("too_many_exports", {"most": MOST_AT_ONCE}))


def cancel_export(session: Session, export_id: UUID, *, actor: Actor) -> None:
    """Give up a file that is not ready; who writes it sees it within seconds. Raises NotFound and Blocked."""
    export = own_export(session, export_id, actor=actor)
    session.refresh(export, with_for_update=True)
    if export.status not in UNDER_WAY:
        raise Blocked("export_is_over")
    export.status, export.done_at = CANCELLED, now()
    _record(session, export_id, actor, "cancel", rows=export.progress)
    session.flush()


def note_failure(session: Session, *, export_id: str, error: Exception) -> None:
    """Let the page say that no file will come."""
    _fail(session, UUID(export_id), WORK_FAILED)


def _fail(session: Session, export_id: UUID, reason: str) -> None:
    failed = {"status": FAILED, "reason": reason, "done_at": now()}
    still = (ListExport.id == export_id, ListExport.status.in_(UNDER_WAY))
    session.execute(update(ListExport).where(*still).values(**failed))


@task("applications:export:write", queue="exports", attempts=3, given_up=note_failure)
def write_export(session: Session, *, export_id: str) -> None:
    """Write a file with what its reader may see now; begun anew where a worker was lost over it."""
    export = session.get(ListExport, UUID(export_id))
    if export is None or export.status not in UNDER_WAY:
        return
    asking = Asking(session, actor_of_person(session, export.person_id), export.asked)
    try:
        kind = list_kind(export.kind)
        with force_locale(export.language):
            listed = kind.listed(asking)
    except Refusal:
        _fail(session, export.id, "may_not_export")
        return
    session.commit()  # nothing is held while the list is read and written
    try:
        _write(export, kind, asking, listed)
    except Cancelled:
        return


def _write(export: ListExport, kind: ListKind, asking: Asking, listed: Listed) -> None:
    tell = _Teller(asking.session, export.id)
    with force_locale(export.language), new_file() as (name, target):
        if kind.whole is None:
            rows = _row_by_row(export.extension, listed, target, tell)
        else:
            rows = _as_a_whole(export.extension, kind.whole, asking, target, tell)
        size = target.tell()
    _finish(export, kind, asking, file=name, size=size, rows=rows)


def _as_a_whole(extension: str, whole: Whole, asking: Asking, target: IO[bytes], tell: "_Teller") -> int:
    """At the pace of the database, all at one instant."""
    with one_instant(asking.session) as connection:
        total, wanted = whole(asking, connection)
        tell.begin(total)
        return _WRITERS[extension](connection, wanted, target, tell, total)


def _row_by_row(extension: str, listed: Listed, target: IO[bytes], tell: "_Teller") -> int:
    """As a short list is written: portion by portion, and how many there are is known at the end."""
    tell.begin(None)
    counted = _Counted(listed.rows, tell)
    with TemporaryFile() as made:
        write_rows(cast(Format, extension), listed.columns, counted, made)
        made.seek(0)
        shutil.copyfileobj(made, target, 1 << 20)
    return counted.rows


class _Counted:
    """Rows that are counted as they are written."""

    def __init__(self, source: Iterable[Any], tell: "_Teller") -> None:
        self.source, self.tell, self.rows = source, tell, 0

    def __iter__(self) -> Iterator[Any]:
        for row in self.source:
            yield row
            self.rows += 1
            self.tell(self.rows)


def _csv(connection: Connection, wanted: LongList, target: IO[bytes], tell: "_Teller", total: int) -> int:
    return write_csv(connection, wanted, target, tell)


def _xlsx(connection: Connection, wanted: LongList, target: IO[bytes], tell: "_Teller", total: int) -> int:
    """A workbook is put together on this machine's disk before it goes to the store."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        rows = write_xlsx(connection, wanted, str(path), tell, total=total)
        with path.open("rb") as done:
            shutil.copyfileobj(done, target, 1 << 20)
    return rows


_WRITERS: dict[str, Callable[..., int]] = {"csv": _csv, "xlsx": _xlsx}


class _Teller:
    """Tells the page how far the writing is, and the writing whether it is still wanted."""

    def __init__(self, session: Session, export_id: UUID) -> None:
        self.session, self.export_id, self.told_at = session, export_id, monotonic()

    def begin(self, total: int | None) -> None:
        self._say(status=WRITING, total=total, progress=0)

    def __call__(self, rows: int) -> None:
        if monotonic() - self.told_at >= TELL_EVERY:
            self._say(progress=rows)

    def _say(self, **values: Any) -> None:
        wanted = (ListExport.id == self.export_id, ListExport.status.in_(UNDER_WAY))
        with transaction_apart(self.session) as connection:
            told = connection.execute(update(ListExport).where(*wanted).values(**values)).rowcount
        if not told:
            raise Cancelled
        self.told_at = monotonic()


def _finish(export: ListExport, kind: ListKind, asking: Asking, *, file: str, size: int, rows: int) -> None:
    session, actor = asking.session, asking.actor
    session.refresh(export, with_for_update=True)
    if export.status not in UNDER_WAY:
        delete_file(file)
        return
    export.status, export.progress, export.total = READY, rows, rows
    export.file, export.size, export.scopes = file, size, read_scopes(kind, actor)
    export.done_at, export.keep_until = now(), now() + KEPT
    _record(session, export.id, actor, "write", rows=rows, size=size)
    notify(session, [export.person_id], EXPORT_READY, facts={"rows": rows}, link=export_address(export.id))
    session.flush()


def _record(session: Session, export_id: UUID, actor: Actor, what: str, **facts: Any) -> None:
    audit.append(session, f"export:{export_id}", actor=actor, action=f"applications:export:{what}", facts=facts)


def note_download(session: Session, export: ListExport, *, actor: Actor) -> None:
    """Say in the trail that the file was fetched."""
    _record(session, export.id, actor, "fetch", rows=export.total)


@task("applications:export:sweep", every="40 19 * * *")
def delete_old_exports(session: Session) -> None:
    """Delete the files whose time is over, and those that no list names."""
    over = (ListExport.status == READY, ListExport.keep_until < now())
    for export in session.scalars(select(ListExport).where(*over).with_for_update()):
        delete_file(export.file or "")
        export.status, export.file = EXPIRED, None
    session.flush()
    delete_unknown(lambda names: set(session.scalars(select(ListExport.file).where(ListExport.file.in_(names)))))


EXPORT_READY = register_notice(
    NoticeKind(
        "list_exported",
        subject=lazy_gettext("Your list is ready as a file"),
        body=lazy_gettext("The list that you asked for is ready: %(rows)s rows. The file is kept for three days."),
        topic=TASKS,
    )
)
audit.register_actions(
    {
        "applications:export:ask": lazy_gettext("A list was asked for as a file."),
        "applications:export:write": lazy_gettext("A list was written to a file."),
        "applications:export:fetch": lazy_gettext("A list was fetched as a file."),
        "applications:export:cancel": lazy_gettext("A list as a file was cancelled."),
    }
)
register_reasons(
    {
        "too_many_exports": lazy_gettext("At most %(most)s files are written for one person at a time."),
        "export_is_over": lazy_gettext("This file is no longer being written."),
        "may_not_export": lazy_gettext("Your roles no longer reach what was asked for."),
        "roles_have_changed": lazy_gettext(
            "Your roles have changed since this file was written. Have the list written again."
        ),
    }
)

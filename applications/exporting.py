"""Having the whole queue written to a file: asked for, written by a job, told when ready, kept for some days."""

import shutil
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import IO, Any
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
from applications.queries.queue import filters_from, queue_choices
from applications.queries.wholequeue import Reading, measure, whole_queue
from applications.visibility import READING_ROLES
from foundation import audit
from foundation.actors import Actor
from foundation.database import now, transaction_apart
from foundation.errors import Blocked, Invalid, NotAllowed, Reason
from foundation.exports import Format
from foundation.jobs import defer, task
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


def ask_export(
    session: Session, export_id: UUID, extension: Format, asked: Mapping[str, str], *, actor: Actor
) -> ListExport:
    """Have the queue under these filters written to a file, in the actor's language. Asked again, nothing changes.

    Raises:
        NotAllowed: the actor reads no queue.
        Invalid: filters that cannot be chosen.
        Blocked: too many are under way already.
        NotFound: the id is somebody else's.
    """
    if actor.person_id is None or not actor.holds(*READING_ROLES):
        raise NotAllowed
    filters_from(asked, queue_choices(session, actor=actor))
    _require_room(session, actor)
    values = {
        "id": export_id,
        "person_id": actor.person_id,
        "extension": extension,
        "language": actor.locale,
        "asked": {name: value for name, value in asked.items() if value},
    }
    added = insert(ListExport).values(**values).on_conflict_do_nothing().returning(ListExport.id)
    if session.scalar(added) is not None:
        defer(session, write_export, lock=ONE_BY_ONE, export_id=str(export_id))
        _record(session, export_id, actor, "ask", extension=extension, asked=values["asked"])
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
    actor = actor_of_person(session, export.person_id)
    try:
        filters = filters_from(export.asked, queue_choices(session, actor=actor))
    except Invalid:
        _fail(session, export.id, "may_not_export")
        return
    reading = Reading(actor, filters, export.language, now())
    session.commit()  # nothing is held while the list is read and written
    try:
        _write(session, export, reading)
    except Cancelled:
        return


def _write(session: Session, export: ListExport, reading: Reading) -> None:
    tell = _Teller(session, export.id)
    with one_instant(session) as connection, force_locale(export.language), new_file() as (name, target):
        total, days = measure(connection, reading)
        tell.begin(total)
        wanted = whole_queue(session, reading, days)
        rows = _WRITERS[export.extension](connection, wanted, target, tell, total)
        size = target.tell()
    _finish(session, export, reading, file=name, size=size, rows=rows)


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

    def begin(self, total: int) -> None:
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


def _finish(session: Session, export: ListExport, reading: Reading, *, file: str, size: int, rows: int) -> None:
    session.refresh(export, with_for_update=True)
    if export.status not in UNDER_WAY:
        delete_file(file)
        return
    export.status, export.progress, export.total = READY, rows, rows
    export.file, export.size, export.scopes = file, size, read_scopes(reading.actor)
    export.done_at, export.keep_until = now(), now() + KEPT
    _record(session, export.id, reading.actor, "write", rows=rows, size=size)
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

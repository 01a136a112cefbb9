"""Sending the sheet of an older register, and having it taken over: small ones at once, large ones by a job."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import update
from sqlalchemy.orm import Session

from accounts.actors import actor_of_person
from applications.models import TakeoverSheet
from applications.packs.catalogue import pack_of_version
from applications.takeover import run_sheet
from applications.takeovercolumns import MOST_ROWS
from applications.visibility import IMPORTING_ROLES
from foundation import audit
from foundation.actors import Actor
from foundation.database import now, transaction_apart
from foundation.errors import Blocked, Invalid, NotAllowed, Reason, Refusal
from foundation.facts import plain
from foundation.jobs import defer, task
from foundation.reasons import WORK_FAILED, register_reasons

AT_ONCE = 200
"""Rows that one request looks at or takes over; more are done by a job."""
LONGEST_REGISTER = 200
UNDER_WAY = ("looking", "writing")


def send_sheet(
    session: Session,
    sheet: TakeoverSheet,
    rows: Sequence[Mapping[str, Any]],
    *,
    actor: Actor,
) -> TakeoverSheet:
    """Keep a sheet and look at it. ``sheet`` says of which procedure, unit and register it is.

    Raises:
        NotAllowed: the actor takes nothing over for this procedure and unit.
        Invalid: no rows, too many, or no register named.
    """
    _require_importer(session, sheet, actor)
    sheet.register = " ".join(sheet.register.split())
    if not sheet.register:
        raise Invalid({"register": ["required"]})
    if len(sheet.register) > LONGEST_REGISTER:
        raise Invalid({"register": [Reason("too_long", {"limit": LONGEST_REGISTER})]})
    if not rows:
        raise Invalid({"file": ["sheet_without_dossiers"]})
    if len(rows) > MOST_ROWS:
        raise Invalid({"file": [Reason("too_many_rows", {"limit": MOST_ROWS})]})
    sheet.person_id = actor.person_id or 0
    sheet.rows = [plain(row) for row in rows]
    sheet.status = "looking"
    session.add(sheet)
    session.flush()
    _go_on(session, sheet, actor=actor)
    return sheet


def go_on(session: Session, sheet: TakeoverSheet, *, actor: Actor) -> None:
    """Take the sheet over, or try again what failed. Raises as these do."""
    act = try_again if sheet.status == "failed" else take_over
    act(session, sheet, actor=actor)


def take_over(session: Session, sheet: TakeoverSheet, *, actor: Actor) -> None:
    """Take the sheet's dossiers over, all or none.

    Raises:
        NotAllowed: somebody else's procedure or unit.
        Blocked: not looked at yet, wrong somewhere, or done already.
    """
    _require_importer(session, sheet, actor)
    session.refresh(sheet, with_for_update=True)
    if sheet.status != "looked" or sheet.report["faults"]:
        raise Blocked("sheet_not_ready")
    sheet.status, sheet.progress = "writing", 0
    session.flush()
    _go_on(session, sheet, actor=actor)


def try_again(session: Session, sheet: TakeoverSheet, *, actor: Actor) -> None:
    """Look at a sheet, or take it over, once more after the work on it failed for good.

    Raises:
        NotAllowed: somebody else's procedure or unit.
        Blocked: nothing failed.
    """
    _require_importer(session, sheet, actor)
    session.refresh(sheet, with_for_update=True)
    if sheet.status != "failed":
        raise Blocked("sheet_not_ready")
    sheet.status, sheet.progress, sheet.report = sheet.report["failed"], 0, {}
    session.flush()
    _go_on(session, sheet, actor=actor)


def _require_importer(session: Session, sheet: TakeoverSheet, actor: Actor) -> None:
    pack = pack_of_version(session, sheet.version_id)
    if actor.person_id is None or not actor.has_role(*IMPORTING_ROLES, procedure=pack.code, unit_id=sheet.unit_id):
        raise NotAllowed


def _go_on(session: Session, sheet: TakeoverSheet, *, actor: Actor) -> None:
    if len(sheet.rows) > AT_ONCE:
        defer(session, run_waiting_sheet, lock=f"takeover:{sheet.id}", sheet_id=sheet.id, person_id=actor.person_id)
    else:
        _run(session, sheet, actor=actor)


def note_failure(session: Session, *, sheet_id: int, person_id: int, error: Exception) -> None:
    """Let the page say that the work has failed, why, and that it can be tried again."""
    sheet = session.get(TakeoverSheet, sheet_id, with_for_update=True)
    if sheet is None or sheet.status not in UNDER_WAY:
        return
    sheet.report = {
        "failed": sheet.status,
        "reason": "may_not_take_over" if isinstance(error, Refusal) else WORK_FAILED,
    }
    sheet.status = "failed"


@task("applications:takeover:run", attempts=5, given_up=note_failure)
def run_waiting_sheet(session: Session, *, sheet_id: int, person_id: int) -> None:
    """Look at a large sheet, or take it over: what was asked for last and is not done yet."""
    sheet = session.get(TakeoverSheet, sheet_id)
    if sheet is None or sheet.status not in UNDER_WAY:
        return
    actor = actor_of_person(session, person_id)
    _require_importer(session, sheet, actor)
    _run(session, sheet, actor=actor, tell=partial(_tell, session, sheet.id))


def _run(
    session: Session, sheet: TakeoverSheet, *, actor: Actor, tell: Callable[[int], None] = lambda rows: None
) -> None:
    is_real = sheet.status == "writing"
    report = run_sheet(session, sheet, actor=actor, is_real=is_real, tell=tell)
    is_done = is_real and not report["faults"]
    sheet.report = report
    sheet.status, sheet.done_at = ("done", now()) if is_done else ("looked", None)
    if is_done:
        audit.append(
            session,
            f"takeover:{sheet.id}",
            actor=actor,
            action="applications:takeover:run",
            facts={"register": sheet.register, "new": report["new"], "known": len(report["known"])},
        )
    session.flush()


def _tell(session: Session, sheet_id: int, rows: int) -> None:
    """Let the page know how far the job is, while nothing it writes can be seen yet."""
    with transaction_apart(session) as connection:
        connection.execute(update(TakeoverSheet).where(TakeoverSheet.id == sheet_id).values(progress=rows))


audit.register_actions({"applications:takeover:run": lazy_gettext("Dossiers of an older register were taken over.")})
register_reasons(
    {
        "sheet_without_dossiers": lazy_gettext("The sheet has no rows below its headings."),
        "may_not_take_over": lazy_gettext("Whoever asked for it may no longer take over dossiers of this procedure."),
        "sheet_not_ready": lazy_gettext("This sheet cannot be taken over now. Look at what it says first."),
    }
)

"""Endpoints of the legal clock and of the audit trail of a dossier."""

from typing import Any

from applications.api.facts import day_of, due_day, is_late
from applications.clockwork import runs_of
from applications.models import Application
from applications.packs.catalogue import pack_of_version
from applications.queries.cases import find_application
from applications.queries.ledger import LedgerRun, Stretch, ledger_of
from applications.queries.trail import archived_before, audit_page
from applications.schemas.steps import AuditPage, ClockLedger
from applications.visibility import Reader, reader_of
from foundation import audit
from foundation.access import SIGNED_IN, access, current_actor
from foundation.api import ApiBlueprint, PageQuery, page_answer, said
from foundation.audit import AuditEntry
from foundation.database import db
from foundation.errors import NotAllowed

blueprint = ApiBlueprint(
    "api_trail",
    __name__,
    tag="Clock and trail",
    description="The legal clock as a ledger of intervals, and the hash chain that proves what happened.",
)


def _found(key: str) -> tuple[Application, Reader]:
    session, actor = db.session(), current_actor()
    application = find_application(session, key, actor=actor)
    return application, reader_of(application, pack_of_version(session, application.version_id).code, actor)


@blueprint.get("/applications/<string:key>/clock")
@access(SIGNED_IN)
@blueprint.response(200, ClockLedger)
def read_clock(key: str) -> dict[str, Any]:
    """Read the legal clock: every run of every deadline with its intervals, the newest first"""
    session = db.session()
    application, reader = _found(key)
    pack = pack_of_version(session, application.version_id)
    told = ledger_of(session, runs_of(session, application), pack, {}, everything=reader.is_staff)
    return {
        "due_on": due_day(application, is_staff=reader.is_staff),
        "original_due_on": day_of(application.original_due_at),
        "is_late": is_late(application),
        "runs": [_run(run) for run in told],
    }


def _run(run: LedgerRun) -> dict[str, Any]:
    same = (
        *("clock", "round", "responsible", "is_main", "status", "started_at", "counts_from", "ended_at"),
        *("due_at", "is_late", "used", "left", "length"),
    )
    return {
        **{name: getattr(run, name) for name in same},
        "title": said(run.title),
        "source": None if run.source is None else said(run.source.title),
        "due_on": day_of(run.due_at),
        "reappointed_due_on": day_of(run.reappointed_due_at),
        "intervals": [_stretch(stretch) for stretch in run.stretches],
    }


def _stretch(stretch: Stretch) -> dict[str, Any]:
    return {
        "kind": "pause" if stretch.is_pause else "run",
        "started_at": stretch.started_at,
        "ended_at": stretch.ended_at,
        "step": stretch.step,
        "ground": said(stretch.ground),
    }


@blueprint.get("/applications/<string:key>/audit")
@access(SIGNED_IN)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, AuditPage, headers={"Link": {"schema": {"type": "string"}}})
def list_audit_entries(asked: dict[str, Any], key: str) -> tuple[dict[str, Any], dict[str, str]]:
    """List the entries of the dossier's hash chain, oldest first

    For the authority and its auditors; applicants read `events`. `archived` says, on the first page, how many of the
    oldest entries are no longer here but in files of the archive.
    """
    application, reader = _found(key)
    if not reader.is_staff:
        raise NotAllowed
    session, cursor = db.session(), asked.get("cursor")
    page = audit_page(session, application.stream, cursor=cursor, size=asked["limit"])
    body, headers = page_answer(page, [_entry(entry) for entry in page.rows])
    return {**body, "archived": archived_before(session, application.stream, page, cursor=cursor)}, headers


def _entry(entry: AuditEntry) -> dict[str, Any]:
    same = ("seq", "at", "actor_kind", "person_id", "role", "action", "facts", "legal_basis")
    return {
        **{name: getattr(entry, name) for name in same},
        "title": audit.title_of(entry.action),
        "prev_hash": entry.prev_hash.hex(),
        "hash": entry.hash.hex(),
    }

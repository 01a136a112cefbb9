"""Dossiers as plain facts for the shapes of the API, in the language of the request."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from accounts.models import Organisation
from applications.models import Case, Decision, Document
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack
from applications.queries.cases import ApplicationView
from applications.queries.dossier import answers_for
from applications.queries.lists import PROMISED, applicant_name
from applications.sensitive import masked
from foundation.api import reader_language, said
from foundation.database import db, now
from foundation.prepared import prepare
from foundation.workdays import local_date

PROMISED_OF = prepare(select(PROMISED).where(Case.id == bindparam("id")))


def day_of(instant: datetime | None) -> date | None:
    """The day in Hanoi."""
    return None if instant is None else local_date(instant)


def is_late(row: Any) -> bool:
    """Whether an open case is past the day that the law set."""
    return row.state_kind == "open" and row.original_due_at is not None and row.original_due_at < now()


def due_day(row: Any, *, is_staff: bool) -> date | None:
    """The next day of the unit for its people; for others the day that was promised, as every page tells it."""
    if is_staff:
        return day_of(row.due_at)
    if isinstance(row, Case):
        return day_of(PROMISED_OF.rows(db.session(), id=row.id)[0][0])
    return day_of(row.promised_at)


def state_title(pack: Pack, state: str, *, is_staff: bool) -> str:
    """The state's name; outside the house its public one, where it has one."""
    spec = pack.state_by_key[state]
    return said(spec.title if is_staff or spec.public_title is None else spec.public_title)


def spine(row: Any, pack: Pack, *, is_staff: bool) -> dict[str, Any]:
    """What every representation of a case begins with; ``row`` is a case or a row of a list."""
    same = ("key", "code", "title", "channel", "state", "state_kind", "received_at", "created_at", "updated_at")
    return {
        **{name: getattr(row, name) for name in same},
        "procedure": pack.code,
        "version": pack.version,
        "state_title": state_title(pack, row.state, is_staff=is_staff),
        "due_on": due_day(row, is_staff=is_staff),
        "original_due_on": day_of(row.original_due_at),
        "is_late": is_late(row),
    }


def listed_case(row: Any, *, is_staff: bool) -> dict[str, Any]:
    """A row of the list."""
    name = applicant_name(row, reader_language())
    organisation = None if row.organisation_code is None else {"code": row.organisation_code, "name": name}
    pack = pack_of_version(db.session(), row.version_id)
    return {**spine(row, pack, is_staff=is_staff), "organisation": organisation}


def whole_case(view: ApplicationView) -> dict[str, Any]:
    """A dossier as its reader may see it."""
    application, language = view.application, reader_language()
    same = ("external_code", "receipt_number", "submitted_at", "decided_at", "revision")
    answers, hidden = _answers(view)
    return {
        **spine(application, view.pack, is_staff=view.reader.is_staff),
        **{name: getattr(application, name) for name in same},
        "organisation": _organisation(view.organisation, language),
        "unit": {"code": view.unit.code, "name": view.unit.title(language)},
        "answers": answers,
        "answer_revisions": {key: application.edits[key]["revision"] for key in answers if key in application.edits},
        "masked": hidden,
        "documents": [document_facts(document) for document in view.documents],
        "decision": None if view.decision is None else _decision(view.decision),
    }


def _answers(view: ApplicationView) -> tuple[dict[str, Any], list[str]]:
    answers = answers_for(view.application, view.reader)
    if view.reader.is_applicant:
        return dict(answers), []
    return masked(view.pack.field_by_key.values(), answers)


def _organisation(organisation: Organisation | None, language: str) -> dict[str, str] | None:
    return None if organisation is None else {"code": organisation.code, "name": organisation.title(language)}


def document_facts(document: Document) -> dict[str, Any]:
    """An uploaded file."""
    same = ("id", "slot", "number", "version", "filename", "media_type", "size", "sha256", "pages", "uploaded_at")
    return {name: getattr(document, name) for name in same}


def _decision(decision: Decision) -> dict[str, Any]:
    same = ("outcome", "number", "decided_on", "signatory", "signatory_title", "reasons", "document_id")
    return {name: getattr(decision, name) for name in same}

"""Endpoint of the corrections that the authority asked for."""

from typing import Any

from applications.corrections import DOCUMENT, FIELD, Change
from applications.packs.model import DocumentSpec
from applications.queries.corrections import CorrectionsView, Round, corrections_view
from applications.schemas.corrections import CorrectionsShape
from applications.sensitive import masked
from foundation.access import SIGNED_IN, access, current_actor
from foundation.api import ApiBlueprint
from foundation.database import db

blueprint = ApiBlueprint(
    "api_corrections",
    __name__,
    tag="Corrections",
    description="What the authority marked for correction. Only marked parts can be changed: others answer 403.",
)


@blueprint.get("/applications/<string:key>/corrections")
@access(SIGNED_IN)
@blueprint.response(200, CorrectionsShape)
def read_corrections(key: str) -> dict[str, Any]:
    """Read what was asked to be corrected, each part before and after

    404 when nothing was ever asked. Protected answers are `null` unless the caller belongs to the applicant.
    """
    view = corrections_view(db.session(), key, actor=current_actor())
    return {"rounds": [_round(view, found) for found in view.rounds], "closed": sorted(view.closed)}


def _round(view: CorrectionsView, found: Round) -> dict[str, Any]:
    return {
        "asked_at": found.event.at,
        "answered_at": found.answer.at if found.answer else None,
        "changes": [_change(view, found, change) for change in found.changes],
    }


def _change(view: CorrectionsView, found: Round, change: Change) -> dict[str, Any]:
    return {
        "part": f"{DOCUMENT if change.is_document else FIELD}.{change.spec.key}",
        "marks": [{spec.key: value for spec, value in mark.said} for mark in change.marks],
        "is_changed": change.is_changed,
        "before": _shown(view, change, change.before),
        "after": _shown(view, change, change.after) if found.is_answered else None,
    }


def _shown(view: CorrectionsView, change: Change, value: Any) -> Any:
    if isinstance(change.spec, DocumentSpec) or view.reader.is_applicant:
        return value
    return masked([change.spec], {change.spec.key: value})[0].get(change.spec.key)

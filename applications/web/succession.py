"""The page on which a draft is carried over to a newer version of its procedure, with the differences shown."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from applications.drafting import shown_values
from applications.operations.succession import carry_over
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack
from applications.queries.drafts import DraftView, draft_view, find_draft
from applications.succession import differences
from applications.web.blueprint import blueprint
from applications.web.wording import language
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db, transaction
from foundation.errors import NotFound

ASPECT_TITLES = {
    "wording": lazy_gettext("other words"),
    "kind": lazy_gettext("another kind of answer"),
    "demand": lazy_gettext("required, or no longer"),
    "condition": lazy_gettext("asked in other cases"),
    "choices": lazy_gettext("other choices"),
    "rows": lazy_gettext("other columns"),
    "limits": lazy_gettext("other limits"),
    "basis": lazy_gettext("another basis"),
}


@blueprint.get("/dossiers/<key>/version")
@access(SIGNED_IN)
def version(key: str) -> str:
    """What a newer version changes for this draft, or what the last one changed."""
    view = draft_view(db.session(), key, actor=current_actor())
    old, new, values = _compared(view)
    return render_template(
        "applications/version.html",
        view=view,
        new=new,
        found=differences(old, new),
        values=values,
        documents={row.slot for row in view.current_documents},
        aspects=ASPECT_TITLES,
        language=language(),
    )


def _compared(view: DraftView) -> tuple[Pack, Pack, Mapping[str, Any]]:
    """Both versions, and the answers that were given under the old one."""
    session, application = db.session(), view.application
    if view.newer_version_id is not None:
        return view.pack, pack_of_version(session, view.newer_version_id), shown_values(application)
    if not application.carried:
        raise NotFound
    values = {**shown_values(application), **application.carried["answers"]}
    return pack_of_version(session, application.carried["from"]), view.pack, values


@blueprint.post("/dossiers/<key>/version")
@access(SIGNED_IN)
def carry(key: str) -> Response:
    """Carry the draft over."""
    actor = current_actor()
    with transaction(db.session()) as session:
        carry_over(session, find_draft(session, key, actor=actor), actor=actor)
    flash(_("The draft follows the version in force now. Your answers were kept."), "success")
    return redirect(url_for("applications.draft", key=key), 303)

"""The page on which a draft is carried over to a newer version of its procedure, with the differences shown."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from applications.drafting import shown_values
from applications.forms.figures import shown_number
from applications.operations.succession import carry_over
from applications.packs.catalogue import pack_of_version
from applications.packs.model import FieldSpec, Pack
from applications.queries.drafts import DraftView, draft_view, find_draft
from applications.succession import Difference, differences
from applications.web.blueprint import blueprint
from applications.web.wording import language
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db, transaction
from foundation.errors import NotFound
from foundation.wording import in_language

ASPECT_TITLES = {
    "kind": lazy_gettext("another kind of answer"),
    "condition": lazy_gettext("asked in other cases"),
    "choices": lazy_gettext("other choices"),
    "rows": lazy_gettext("other columns"),
    "limits": lazy_gettext("other limits"),
    "basis": lazy_gettext("another basis"),
}
LIMIT_TITLES = {
    "minimum": lazy_gettext("smallest value"),
    "maximum": lazy_gettext("largest value"),
    "max_length": lazy_gettext("most characters"),
    "min_length": lazy_gettext("fewest characters"),
    "max_months": lazy_gettext("most months"),
    "max_rows": lazy_gettext("most rows"),
    "min_rows": lazy_gettext("fewest rows"),
    "max_choices": lazy_gettext("most choices"),
    "decimals": lazy_gettext("decimals"),
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
        changes_of=changes_of,
        language=language(),
    )


def changes_of(difference: Difference) -> Iterator[str]:
    """What is asked otherwise, in words; where it can be said shortly, with what it was before."""
    before, after = difference.before, difference.part
    if before is None:
        return
    for aspect in difference.aspects:
        if aspect == "wording":
            yield _("called “%(title)s” before", title=in_language(before.label, language()))
        elif aspect == "demand":
            yield _("required now") if after.required else _("no longer required")
        elif aspect == "limits" and isinstance(before, FieldSpec) and isinstance(after, FieldSpec):
            yield from _limits(before, after)
        else:
            yield str(ASPECT_TITLES[aspect])


def _limits(before: FieldSpec, after: FieldSpec) -> Iterator[str]:
    names = sorted(
        name for name in {*before.limits, *after.limits} if before.limits.get(name) != after.limits.get(name)
    )
    for name in names:
        if name not in LIMIT_TITLES:
            yield str(ASPECT_TITLES["limits"])
            continue
        was, now = (_limit(one.limits.get(name)) for one in (before, after))
        yield _("%(limit)s: %(now)s instead of %(was)s", limit=LIMIT_TITLES[name], now=now, was=was)


def _limit(value: Any) -> str:
    return _("none") if value is None else shown_number(value, language())


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

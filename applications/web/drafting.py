"""Writing a dossier: the task list, and one page for each section."""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from applications.drafting import shown_values
from applications.fields import check_answers
from applications.fields.types import Faults
from applications.forms import AnswerForm, changes_rows, form_for, raw_answers, tables_with_new_row
from applications.operations.drafts import require_drafting, save_answers
from applications.packs.model import FieldSpec, Section
from applications.queries.drafts import DraftView, draft_view
from applications.settings import setting_of
from applications.web.blueprint import blueprint
from applications.web.wording import language
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db, now, transaction
from foundation.errors import Stale

Answer = str | Response | tuple[str, int]


@blueprint.get("/dossiers/<key>/draft")
@access(SIGNED_IN)
def draft(key: str) -> str:
    """What there is to do before the dossier can be sent."""
    view = draft_view(db.session(), key, actor=current_actor())
    return render_template("applications/draft.html", view=view, language=language())


@blueprint.get("/dossiers/<key>/draft/<section>")
@access(SIGNED_IN)
def draft_section(key: str, section: str) -> str:
    """The questions of one section; with ``check``, also what is still missing."""
    view = draft_view(db.session(), key, actor=current_actor())
    part = view.section(section)
    blank = frozenset(request.args.getlist("row"))
    return _section_page(view, part, is_checked="check" in request.args, blank_rows=blank)


@blueprint.post("/dossiers/<key>/draft/<section>")
@access(SIGNED_IN)
def save_section(key: str, section: str) -> Answer:
    """Keep what was typed, complete or not, sound or not; then show what comes next."""
    actor = current_actor()
    view = draft_view(db.session(), key, actor=actor)
    part = view.section(section)
    require_drafting(view.application, view.pack, actor)
    typed = raw_answers(request.form, _sent_fields(view, part), language=language())
    differing = _changed_meanwhile(view, part, typed)
    if differing:
        return _conflict_page(view, part, typed, differing), 409
    try:
        with transaction(db.session()) as session:
            revision = view.application.revision
            save_answers(session, view.application, typed, actor=actor, expected_revision=revision, keep_unsound=True)
    except Stale:
        view = draft_view(db.session(), key, actor=actor)
        return _conflict_page(view, part, typed, _differing(view, part, typed)), 409
    return _onwards(draft_view(db.session(), key, actor=actor), part)


def _sent_fields(view: DraftView, part: Section) -> list[FieldSpec]:
    """The questions that the form held; a closed one counts only when somebody sent it all the same."""
    sent = {name.partition("-")[0] for name in request.form}
    return [spec for spec in part.fields if view.opening.is_field_open(spec.key) or spec.key in sent]


def _changed_meanwhile(view: DraftView, part: Section, typed: Mapping[str, Any]) -> list[FieldSpec]:
    """The questions that somebody else answered otherwise since this form was shown."""
    if request.form.get("seen") == _fingerprint(view, part):
        return []
    return _differing(view, part, typed)


def _fingerprint(view: DraftView, part: Section) -> str:
    """Changes when an answer of this section changes, and with no other."""
    values = shown_values(view.application)
    content = orjson.dumps({spec.key: values.get(spec.key) for spec in part.fields}, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(content).hexdigest()[:24]


def _differing(view: DraftView, part: Section, typed: Mapping[str, Any]) -> list[FieldSpec]:
    stored = shown_values(view.application)
    cleaned, _ = _judged(view, part, typed)
    return [
        spec
        for spec in part.fields
        if spec.key in typed and cleaned.get(spec.key, typed[spec.key]) != stored.get(spec.key)
    ]


def _judged(view: DraftView, part: Section, typed: Mapping[str, Any]) -> tuple[dict[str, Any], Faults]:
    setting = setting_of(db.session(), part.fields, typed, at=now(), case_id=view.application.id)
    return check_answers(part.fields, typed, setting)


def _conflict_page(view: DraftView, part: Section, typed: Mapping[str, Any], differing: list[FieldSpec]) -> str:
    faults, others = _judged(view, part, typed)[1], view.application.answers
    form = form_for(_open_fields(view, part), typed, faults, language(), others=others)
    return _page(view, part, form, differing=differing, stored=shown_values(view.application))


def _section_page(view: DraftView, part: Section, *, is_checked: bool, blank_rows: frozenset[str] = frozenset()) -> str:
    kept = view.application.unsound
    faults = {path: found for path, found in view.faults.items() if is_checked or path.split(".")[0] in kept}
    values = shown_values(view.application)
    others = view.application.answers
    fields = _open_fields(view, part) if view.can_edit else part.fields
    form = form_for(fields, values, faults, language(), others=others, blank_rows=blank_rows)
    return _page(view, part, form)


def _open_fields(view: DraftView, part: Section) -> list[FieldSpec]:
    return [spec for spec in part.fields if view.opening.is_field_open(spec.key)]


def _closed(view: DraftView, part: Section) -> list[FieldSpec]:
    """The questions that apply and that the applicant can only read."""
    applying = next((found.specs for found in view.sections if found.section.key == part.key), ())
    return [spec for spec in applying if view.can_edit and not view.opening.is_field_open(spec.key)]


def _page(view: DraftView, part: Section, form: AnswerForm, **more: Any) -> str:
    facts = {"differing": [], "stored": {}, "opened": request.args.get("opened", ""), **more}
    return render_template(
        "applications/draft_section.html",
        view=view,
        section=part,
        form=form,
        closed=_closed(view, part),
        seen=_fingerprint(view, part),
        language=language(),
        **facts,
    )


def _onwards(view: DraftView, part: Section) -> Answer:
    """After saving: the same section when there is more to do in it, else the next page or the list."""
    if changes_rows(request.form):
        return _to_section(view, part.key, row=sorted(tables_with_new_row(request.form)), _anchor=_table_changed())
    if any(spec.key in view.application.unsound for spec in part.fields):
        return _section_page(view, part, is_checked=False), 422
    if opened := _opened(view, part):
        return _to_section(view, part.key, opened=1, _anchor=opened)
    following = view.after(part.key)
    if request.form.get("go") == "back" or following is None:
        return redirect(url_for("applications.draft", key=view.application.key), 303)
    return _to_section(view, following)


def _table_changed() -> str:
    """Where the page should be looked at after a row came or went."""
    added = request.form.get("add_row", "")
    return added or request.form.get("remove_row", "").rpartition("-")[0]


def _opened(view: DraftView, part: Section) -> str:
    """The first question that these answers opened and that the form did not show; empty when there is none."""
    shown = set(request.form.get("shown", "").split())
    applying = next((found.specs for found in view.sections if found.section.key == part.key), ())
    return next((spec.key for spec in applying if spec.key not in shown), "")


def _to_section(view: DraftView, section: str, **values: Any) -> Response:
    return redirect(url_for("applications.draft_section", key=view.application.key, section=section, **values), 303)

"""Writing a dossier: the task list, and one page for each section."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from applications.drafting import shown_values
from applications.forms import AnswerForm, changes_rows, form_for, tables_with_new_row
from applications.forms.filling import targets_of
from applications.operations.answers import Kept, hold_draft, keep_answers
from applications.packs.conditions import is_answered
from applications.packs.model import FieldSpec, Section
from applications.queries.drafts import DraftView, draft_view
from applications.queries.editors import names_of
from applications.reuse import Offer, answer_offers, is_offered_to
from applications.revisions import edits_of, seen_text
from applications.web.blueprint import blueprint
from applications.web.filling import undo
from applications.web.keeping import MINE, TAKE, seen_by_writer, typed_answers
from applications.web.wording import language
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db, transaction

Answer = str | Response | tuple[str, int]


@blueprint.get("/dossiers/<key>/draft")
@access(SIGNED_IN)
def draft(key: str) -> str:
    """What there is to do before the dossier can be sent."""
    view = draft_view(db.session(), key, actor=current_actor())
    names = names_of(db.session(), [part.last for part in view.questions if part.last is not None])
    return render_template("applications/draft.html", view=view, names=names, language=language())


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
    with transaction(db.session()) as session:
        held = hold_draft(session, key, [spec.key for spec in _sent_fields(view, part)], actor=actor)
        typed = typed_answers(held)
        kept = keep_answers(session, held, typed, seen_by_writer(), actor=actor)
    view = draft_view(db.session(), key, actor=actor)
    if kept.conflicts:
        return _conflict_page(view, part, typed, kept), 409
    return _onwards(view, part)


def _sent_fields(view: DraftView, part: Section) -> list[FieldSpec]:
    """The questions that the form held; a closed one counts only when somebody sent it all the same."""
    sent = {name.partition("-")[0] for name in request.form}
    asked = (spec for spec in part.fields if not spec.calculated)
    return [spec for spec in asked if view.opening.is_field_open(spec.key) or spec.key in sent]


def _conflict_page(view: DraftView, part: Section, typed: Mapping[str, Any], kept: Kept) -> str:
    """What was typed, with the answers of others that it would replace; all else is saved."""
    mine = {conflict.spec.key: typed[conflict.spec.key] for conflict in kept.conflicts}
    values = {**shown_values(view.application), **mine}
    form = form_for(_open_fields(view, part), values, kept.faults, language(), others=view.application.answers)
    names = names_of(db.session(), [conflict.edit for conflict in kept.conflicts])
    return _page(view, part, form, conflicts=kept.conflicts, names=names, unsettled=set(mine))


def _section_page(view: DraftView, part: Section, *, is_checked: bool, blank_rows: frozenset[str] = frozenset()) -> str:
    kept = view.application.unsound
    faults = {path: found for path, found in view.faults.items() if is_checked or path.split(".")[0] in kept}
    values = shown_values(view.application)
    others = view.application.answers
    fields = _open_fields(view, part) if view.can_edit else part.fields
    form = form_for(fields, values, faults, language(), others=others, blank_rows=blank_rows)
    return _page(view, part, form, offers=_offers(view, part))


def _offers(view: DraftView, part: Section) -> list[Offer]:
    """What the organisation gave before, for the questions of this section that are open still."""
    if not view.can_edit or not is_offered_to(view.application, current_actor()):
        return []
    applying = next((found.specs for found in view.sections if found.section.key == part.key), ())
    values = shown_values(view.application)
    return answer_offers(
        db.session(),
        view.application,
        [spec for spec in applying if not is_answered(values.get(spec.key)) and view.opening.is_field_open(spec.key)],
    )


def _open_fields(view: DraftView, part: Section) -> list[FieldSpec]:
    return [spec for spec in part.fields if view.opening.is_field_open(spec.key)]


def _closed(view: DraftView, part: Section) -> list[FieldSpec]:
    """The questions that apply and that the applicant can only read."""
    applying = next((found.specs for found in view.sections if found.section.key == part.key), ())
    return [spec for spec in applying if view.can_edit and not view.opening.is_field_open(spec.key)]


def _page(view: DraftView, part: Section, form: AnswerForm, **more: Any) -> str:
    _carry_seen(view, form, more.pop("unsettled", frozenset()))
    facts = {"conflicts": (), "offers": (), "names": {}, "opened": request.args.get("opened", ""), **more}
    return render_template(
        "applications/draft_section.html",
        view=view,
        section=part,
        form=form,
        closed=_closed(view, part),
        language=language(),
        **facts,
    )


def _carry_seen(view: DraftView, form: AnswerForm, unsettled: Collection[str]) -> None:
    """Let each question carry along which answer its reader saw; of an unsettled conflict, the one seen before."""
    values, edits = shown_values(view.application), edits_of(view.application.edits)
    before = {text.split(":")[0]: text for text in request.form.getlist("seen")}
    for field in form:
        key = field.spec.key
        field.seen = before.get(key, "") if key in unsettled else seen_text(key, edits.get(key), values.get(key))
        if field.spec.type == "table" and targets_of(field.spec):
            field.is_fillable = True
            field.can_undo = key in edits and edits[key].before is not None


def _onwards(view: DraftView, part: Section) -> Answer:
    """After saving: the same section when there is more to do in it, else the next page or the list."""
    if table := request.form.get("fill"):
        key = view.application.key
        return redirect(url_for("applications.filling", key=key, section=part.key, table=table), 303)
    if table := request.form.get("undo_fill"):
        undo(view.application.key, table)
        return _to_section(view, part.key, _anchor=table)
    if changes_rows(request.form):
        return _to_section(view, part.key, row=sorted(tables_with_new_row(request.form)), _anchor=_table_changed())
    if any(spec.key in view.application.unsound for spec in part.fields):
        return _section_page(view, part, is_checked=False), 422
    if MINE in request.form or TAKE in request.form:
        return _to_section(view, part.key)
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

"""The dossier page, for whoever may see it: what stands in it, what runs, what happened, what can be done."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from applications.channels import CHANNEL_TITLES
from applications.drafting import is_with_applicant, may_draft, sending_step
from applications.engine import lock
from applications.fields import visible_fields
from applications.forms.display import shown_answer
from applications.models import TAKEN_OVER
from applications.models.documents import STEP_SLOT
from applications.operations.messages import KINDS, send_message
from applications.operations.reveals import is_protected, reveal_answer
from applications.operations.reviews import ASSIGNING_ROLES, weighted_score
from applications.packs.model import FieldSpec, Section, Step
from applications.pageimages import has_pictures
from applications.queries.audit_trail import SUPERVISING_ROLES
from applications.queries.dossier import DossierView, dossier_view
from applications.queries.messages import files_of_messages
from applications.queries.reused import earlier_files, has_reused, reuse_of
from applications.queries.reviews import score_map
from applications.queries.sittings import latest_sitting
from applications.queries.takeovers import origin_of
from applications.queries.timeline import Said
from applications.revisions import Edit
from applications.stuck import REASONS as STUCK_REASONS
from applications.visibility import WORKING_ROLES, find_case
from applications.web import disclosure
from applications.web.blueprint import blueprint
from applications.web.messages import message_files
from applications.web.wording import OUTCOME_TITLES, STATUS_TITLES, language
from foundation.access import SIGNED_IN, accepts_files, access, current_actor
from foundation.database import db, transaction
from foundation.errors import Invalid
from foundation.reasons import sentence_of
from foundation.register import DOMAINS, CasePage
from foundation.wording import in_language

Answer = str | Response | tuple[str, int]


@blueprint.get("/dossiers/<key>")
@access(SIGNED_IN)
def dossier(key: str) -> str:
    """One dossier, with what its reader asked to see a moment ago."""
    view = dossier_view(db.session(), key, actor=current_actor())
    return _page(view, revealed=disclosure.take(view.case) if view.reader.can_reveal else frozenset())


@blueprint.post("/dossiers/<key>/reveal")
@access(SIGNED_IN)
def reveal(key: str) -> Answer:
    """Write down that one protected answer is shown, then show it, this once: loading again hides it."""
    actor, field = current_actor(), request.form.get("field", "")
    with transaction(db.session()) as session:
        case = find_case(session, key, actor=actor)
        reveal_answer(session, case, field, actor=actor)
        disclosure.keep(case, field)
    return redirect(url_for("applications.dossier", key=key, _anchor=f"answer-{field}"), 303)


@blueprint.post("/dossiers/<key>/messages")
@access(SIGNED_IN)
@accepts_files
def send(key: str) -> Answer:
    """Write to the other side."""
    actor, text = current_actor(), request.form.get("text", "")
    try:
        files = message_files(key)
        with transaction(db.session()) as session:
            case = lock(session, find_case(session, key, actor=actor))
            send_message(session, case, text, actor=actor, files=files)
    except Invalid as refusal:
        errors = [sentence_of(reason) for reasons in refusal.fields.values() for reason in reasons]
        return _page(dossier_view(db.session(), key, actor=actor), message=text, message_errors=errors), 422
    flash(_("The message was sent."), "success")
    return redirect(url_for("applications.dossier", key=key, _anchor="messages"), 303)


LONG = ("long_text", "table")
"""Kinds of answers that take the whole width."""


class Beyond(NamedTuple):
    """What is said of an answer that is not a line of text alone."""

    spec: FieldSpec
    value: Any
    is_revealed: bool
    can_reveal: bool
    origin: Edit | None


class AnswerLine(NamedTuple):
    """A question with its answer: ``text``, or nothing where it is open, masked or a table; few have more."""

    key: str
    label: str
    text: str
    is_long: bool
    beyond: Beyond | None


def _sections(
    view: DossierView, names: Mapping[tuple[str, int], str], revealed: frozenset[str]
) -> list[tuple[Section, list[AnswerLine]]]:
    """The answers that apply, section by section."""
    answers, spoken, can_reveal = view.answers, language(), view.reader.can_reveal
    tells_origin = not view.reader.is_reviewer and has_reused(view.case)
    found: dict[str, tuple[Section, list[AnswerLine]]] = {}
    for section, spec in visible_fields(view.pack.sections, answers):
        key = spec.key
        value, is_revealed = answers.get(key), key in revealed
        is_hidden = is_protected(spec) and not is_revealed
        text = "" if is_hidden or spec.type == "table" else shown_answer(spec, value, spoken, names=names)
        origin = reuse_of(view.case, key, value) if tells_origin else None
        beyond = None
        if not text or origin or is_revealed:
            beyond = Beyond(spec, value, is_revealed, is_hidden and can_reveal and bool(value), origin)
        line = AnswerLine(key, in_language(spec.label, spoken), text, spec.type in LONG, beyond)
        found.setdefault(section.key, (section, []))[1].append(line)
    return list(found.values())


def _own_page(view: DossierView) -> CasePage | None:
    """Where the domain of the procedure tells staff more."""
    domain = DOMAINS.get(view.pack.domain)
    return domain.case_page if domain and view.is_staff else None


def _page(view: DossierView, revealed: frozenset[str] = frozenset(), **more: Any) -> str:
    names = _names(view)
    facts: dict[str, Any] = {
        "message": "",
        "message_errors": [],
        "view": view,
        "case": view.case,
        "pack": view.pack,
        "sections": _sections(view, names, revealed),
        "slots": list(_slots(view)),
        "step_files": [row for row in view.documents if row.slot == STEP_SLOT],
        "decided": list(_decided(view)),
        "names": names,
        "sending": _sending(view),
        "may_write": _may_write(view),
        "may_assign": _may_assign(view),
        "own_page": _own_page(view),
        "may_audit": current_actor().holds(*SUPERVISING_ROLES),
        "percents": _percents(view),
        "due_at": _due_at(view),
        "waits_until": _waits_until(view),
        "message_files": files_of_messages(db.session(), view.case) if view.messages else {},
        "message_kinds": KINDS,
        "earlier_files": {} if view.reader.is_reviewer else earlier_files(db.session(), view.documents),
        "stuck": view.stuck,
        "origin": origin_of(db.session(), view.case),
        "stuck_reasons": STUCK_REASONS,
        "own_review": _own_review(view),
        "sitting": latest_sitting(view.happenings) if view.is_staff else None,
        "language": language(),
    }
    return render_template("applications/dossier.html", **(facts | WORDS | more))


SHOWN_WITH_DECISION = ("number", "decided_on", "signatory", "signatory_title", "signed_original", "reasons")
"""Questions of a deciding step that the decision itself holds."""

WORDS = {
    "channels": CHANNEL_TITLES,
    "outcomes": OUTCOME_TITLES,
    "statuses": STATUS_TITLES,
    "has_pictures": has_pictures,
}


def _decided(view: DossierView) -> Iterator[Said]:
    """What the decision says beyond its number, date and signature: conditions, limits, disapplied rules."""
    for happening in view.happenings:
        step = view.pack.step_by_key.get(happening.step)
        if step is not None and "record_decision" in step.effects:
            yield from (said for said in happening.said if said.spec.key not in SHOWN_WITH_DECISION)


def _slots(view: DossierView) -> Any:
    """Each document of the pack that is there or was, with its current files and its older versions."""
    for spec in view.pack.documents:
        rows = [row for row in view.documents if row.slot == spec.key]
        if rows:
            current = [row for row in rows if row.removed_at is None]
            yield spec, current, [row for row in rows if row.removed_at is not None]


def _names(view: DossierView) -> dict[tuple[str, int], str]:
    people = {("person", number): name for number, name in view.names.items()}
    files = {("file", row.id): row.filename for row in view.documents}
    return people | files


def _sending(view: DossierView) -> Step | None:
    """The step by which the reader, who writes the dossier, sends it; none while it is not theirs to write."""
    if may_draft(view.case, current_actor()) and is_with_applicant(view.case, view.pack):
        return sending_step(view.pack, view.case.state)
    return None


def _may_write(view: DossierView) -> bool:
    """Whether the reader can send a message: the side of the applicant, and officers on the case."""
    if view.case.state_kind == "draft" or view.case.channel == TAKEN_OVER or view.reader.is_reviewer:
        return False
    actor = current_actor()
    if view.is_applicant:
        return actor.acts_for(view.case.organisation_id)
    return actor.has_role(*WORKING_ROLES, procedure=view.pack.code, unit_id=view.case.unit_id)


def _may_assign(view: DossierView) -> bool:
    return (
        view.pack.rubric is not None
        and view.pack.state_by_key[view.case.state].responsible == "unit"
        and view.is_staff
        and current_actor().has_role(*ASSIGNING_ROLES, procedure=view.pack.code, unit_id=view.case.unit_id)
    )


def _due_at(view: DossierView) -> datetime | None:
    """The next date of the unit for its officers; for others the day that was promised, once one is."""
    mains = (run for run in view.ledger if run.is_open and run.is_main)
    promised = next((run.due_at and (run.reappointed_due_at or run.due_at) for run in mains), None)
    return view.case.due_at if view.is_staff or promised is None else promised


def _waits_until(view: DossierView) -> datetime | None:
    """Until when the applicant has time, while nothing runs for the unit."""
    runs = (run for run in view.ledger if run.is_open and run.responsible == "applicant")
    return None if view.case.due_at else next((run.due_at for run in runs), None)


def _own_review(view: DossierView) -> int | None:
    """The review that the reader still owes on this dossier."""
    for row in view.reviews:
        review = row.ReviewAssignment
        if review.reviewer_id == current_actor().person_id and review.submitted_at is None:
            return int(review.id)
    return None


def _percents(view: DossierView) -> dict[int, int]:
    """The weighted score of each review that is in, in basis points."""
    if view.pack.rubric is None:
        return {}
    return {
        row.ReviewAssignment.id: weighted_score(view.pack.rubric, score_map(row.ReviewAssignment.scores))
        for row in view.reviews
        if row.ReviewAssignment.submitted_at is not None
    }

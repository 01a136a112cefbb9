"""Issuing decisions together: choose, enter numbers and signed originals, and see what became of each."""

from typing import BinaryIO, cast

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from applications.forms import arrived_files
from applications.forms.issuing import Entry, RoundEntry, fresh_round, judge_round, read_round
from applications.issuing import MOST, OWN
from applications.models import Document
from applications.operations.documents import Arrival, add_step_file, receive_file
from applications.operations.issuing import start_round
from applications.previewing import preview_letter
from applications.queries.issuing import ISSUING_ROLES, chosen, issuable_page, latest_rounds, round_view
from applications.suggestions import suggested_answers
from applications.web.blueprint import blueprint
from applications.web.letterpreviews import preview_page
from applications.web.steps import ALL_KINDS, CONFIRMED, LARGEST_MB
from applications.web.wording import language
from foundation.access import accepts_files, access, current_actor, roles
from foundation.database import db, transaction
from foundation.errors import Blocked, Invalid, NotFound, Reason
from foundation.reasons import sentence_of

ISSUERS = roles(*ISSUING_ROLES)
Answer = str | Response | tuple[str, int]


@blueprint.get("/issuing")
@access(ISSUERS)
def issuing() -> str:
    """The dossiers that wait for their decision, to choose from, and the last rounds."""
    session, actor = db.session(), current_actor()
    return render_template(
        "applications/issuing.html",
        page=issuable_page(session, actor=actor, cursor=request.args.get("after")),
        rounds=latest_rounds(session, actor=actor),
        most=MOST,
        is_empty_choice="chosen" in request.args,
    )


@blueprint.get("/issuing/new")
@access(ISSUERS)
def new_round() -> Answer:
    """Number and signed original of each chosen decision, and what all have in common."""
    found = chosen(db.session(), request.args.getlist("case"), actor=current_actor())
    if not found:
        return redirect(url_for("applications.issuing", chosen=0))
    return _page(fresh_round(found))


@blueprint.post("/issuing")
@access(ISSUERS)
@accepts_files
def start_issuing() -> Answer:
    """Start the round, or say beside the inputs what is wrong."""
    entered = _entered()
    arrivals = _received(entered)
    if CONFIRMED not in request.form:
        entered.faults[CONFIRMED] = [Reason("must_be_declared")]
    with transaction(db.session()) as session:
        _keep(session, entered, arrivals)
        judge_round(session, entered)
        if entered.is_sound:
            chosen_now = [(entry.found, entry.revision, entered.data_of(entry)) for entry in entered.entries]
            started = start_round(session, chosen_now, actor=current_actor())
    if not entered.is_sound:
        return _page(entered), 422
    flash(_("The decisions are being issued."), "success")
    return redirect(url_for("applications.issuing_round", round_id=started.id), 303)


@blueprint.post("/issuing/letter")
@access(ISSUERS)
@accepts_files
def preview_round_letter() -> Answer:
    """The letter of one decision of the round as it would be; nothing is issued, and files are not kept."""
    session, actor = db.session(), current_actor()
    entered = _entered()
    entry = next((entry for entry in entered.entries if entry.found.row.key == request.form.get("preview")), None)
    if entry is None:
        raise NotFound
    found = entry.found
    said = suggested_answers(session, found.case, found.pack, found.step)
    try:
        letter = preview_letter(session, found.case, found.step, actor=actor, data={**said, **entered.data_of(entry)})
    except Invalid:
        judge_round(session, entered)
        return _page(entered), 422
    return preview_page(found.row.key, found.pack, found.step, letter)


@blueprint.get("/issuing/<int:round_id>")
@access(ISSUERS)
def issuing_round(round_id: int) -> str:
    """What became of each decision of a round; while some wait, the page asks again by itself."""
    view = round_view(db.session(), round_id, actor=current_actor())
    return render_template("applications/issuing_round.html", view=view)


def _entered() -> RoundEntry:
    keys = request.form.getlist("case")
    found = chosen(db.session(), keys, actor=current_actor())
    if not found:
        raise Blocked("moved_meanwhile")
    if len(found) < len(set(keys)):
        flash(_("Some of the chosen dossiers can no longer be decided and were left out."), "warning")
    return read_round(request.form, found)


def _received(entered: RoundEntry) -> list[tuple[Entry, Arrival]]:
    """The signed originals that came, checked and stored; no connection is held meanwhile."""
    arrivals = []
    db.session().rollback()
    for entry in entered.entries:
        for spec, upload in arrived_files(request.files, entry.own_specs, prefix=entry.prefix):
            accept, max_mb = spec.limits.get("accept", ALL_KINDS), spec.limits.get("max_mb", LARGEST_MB)
            stream = cast(BinaryIO, upload.stream)
            try:
                arrival = receive_file(stream, upload.filename or "", upload.mimetype, accept=accept, max_mb=max_mb)
            except Invalid as refusal:
                entry.faults[spec.key] = refusal.fields["file"]
            else:
                arrivals.append((entry, arrival))
    return arrivals


def _keep(session: Session, entered: RoundEntry, arrivals: list[tuple[Entry, Arrival]]) -> None:
    """Keep the files with their dossiers, so that none is sent twice when something else needs correction."""
    original = OWN[-1]
    for entry, arrival in arrivals:
        spec = next(spec for spec in entry.own_specs if spec.key == original)
        found = entry.found
        kept = add_step_file(session, found.case, found.step.key, spec, arrival, actor=current_actor())
        entry.own[original] = kept.id


def _page(entered: RoundEntry) -> str:
    spoken, files = language(), _names(entered)
    return render_template(
        "applications/issuing_new.html",
        entered=entered,
        shared=entered.form(spoken),
        entries=[(entry, entry.form(spoken, files)) for entry in entered.entries],
        confirm_errors=[sentence_of(reason) for reason in entered.faults.get(CONFIRMED, [])],
    )


def _names(entered: RoundEntry) -> dict[int, str]:
    """The names of the signed originals that are kept already, by number."""
    kept = [entry.own[OWN[-1]] for entry in entered.entries if isinstance(entry.own.get(OWN[-1]), int)]
    cases = [entry.found.case.id for entry in entered.entries]
    query = select(Document.id, Document.filename).where(Document.id.in_(kept), Document.case_id.in_(cases))
    return {row.id: row.filename for row in db.session().execute(query)}

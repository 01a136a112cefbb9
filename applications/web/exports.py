"""Lists of dossiers and the audit trail as files for spreadsheets, narrowed as on their pages."""

from collections.abc import Callable
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from applications.channels import CHANNEL_TITLES
from applications.packs.catalogue import pack_of_version
from applications.packs.model import State
from applications.queries.audit_trail import search_trail
from applications.queries.desk import all_lines
from applications.queries.facets import facets_of
from applications.queries.issuing import issuable_page
from applications.queries.lists import applicant_name, my_reviews
from applications.queries.queue import filters_from, queue_choices, queue_lines
from applications.queries.registers import register_lines
from applications.queries.search import found
from applications.queries.stuck import stuck_lines
from applications.stuck import REASONS
from applications.web.audit_trail import SUPERVISORS, asked_of_trail, trail_filters
from applications.web.blueprint import blueprint
from applications.web.issuing import ISSUERS
from applications.web.queue import AT_ONCE, STAFF_WITH_CASES, asked_for
from applications.web.registers import asked_period
from applications.web.reviews import REVIEWERS, STANDINGS, standing_of
from applications.web.wording import language
from foundation.access import SIGNED_IN, access, current_actor
from foundation.audit import registered_actions, title_of
from foundation.database import db
from foundation.downloads import all_rows, list_file
from foundation.exports import MOST_ROWS, Column
from foundation.paging import Page
from foundation.wording import in_language
from foundation.workdays import local_date

ENDING = "<any(csv, xlsx):extension>"


@blueprint.get(f"/queue.{ENDING}")
@access(STAFF_WITH_CASES)
def queue_file(extension: str) -> Response:
    """The queue; a long one is asked for and fetched when it is written."""
    session, actor, asked = db.session(), current_actor(), asked_for()
    choices = queue_choices(session, actor=actor)
    filters = filters_from(asked, choices)
    counted = facets_of(session, filters, choices, actor=actor)
    if counted is None or counted.total > AT_ONCE:
        named: dict[str, Any] = {name: value for name, value in asked.items() if value}
        return redirect(url_for("applications.queue_exports", **named), 303)
    lines = all_rows(lambda cursor, size: queue_lines(session, filters, actor=actor, cursor=cursor, size=size))
    return list_file(extension, _("dossiers"), _queue_columns(), lines)


@blueprint.get(f"/stuck.{ENDING}")
@access(STAFF_WITH_CASES)
def stuck_file(extension: str) -> Response:
    """What stands still."""
    session, actor = db.session(), current_actor()
    lines = all_rows(lambda cursor, size: stuck_lines(session, actor=actor, cursor=cursor, size=size))
    spoken = language()
    columns = [
        *_dossier(),
        Column(_("State"), lambda line: in_language(line.state.title, spoken)),
        Column(_("Why"), lambda line: str(REASONS[line.row.reason])),
        Column(_("Since"), lambda line: line.row.since),
        Column(_("Working days"), lambda line: line.days),
        Column(_("In charge"), lambda line: line.row.holder),
        Column(_("Unit"), lambda line: in_language(line.row.unit, spoken)),
    ]
    return list_file(extension, _("dossiers-that-stand-still"), columns, lines)


@blueprint.get(f"/desk.{ENDING}")
@access(SIGNED_IN)
def desk_file(extension: str) -> Response:
    """The dossiers of one's organisations."""
    session, actor = db.session(), current_actor()
    spoken = language()
    columns = [
        Column(_("Dossier"), lambda row: row.code or row.key),
        Column(_("Title"), lambda row: row.title),
        Column(_("Applicant"), lambda row: applicant_name(row, spoken)),
        Column(_("Procedure"), lambda row: in_language(pack_of_version(session, row.version_id).title, spoken)),
        Column(_("State"), lambda row: _public(pack_of_version(session, row.version_id).state_by_key[row.state])),
        Column(_("Received"), lambda row: row.received_at),
        Column(_("Answer due"), lambda row: local_date(row.due_at) if row.due_at else None),
        Column(_("Last change"), lambda row: row.updated_at),
    ]
    lines = all_rows(lambda cursor, size: all_lines(session, actor=actor, cursor=cursor, size=size))
    return list_file(extension, _("my-dossiers"), columns, lines)


@blueprint.get(f"/search.{ENDING}")
@access(SIGNED_IN)
def search_file(extension: str) -> Response:
    """What the search finds."""
    session, actor, spoken = db.session(), current_actor(), language()
    words = request.args.get("q", "")
    read: Callable[[str | None, int], Page[Any]] = lambda cursor, size: (  # noqa: E731 - read as the others are
        found(session, words, actor=actor, cursor=cursor, size=size) or Page([], None)
    )
    columns = [
        *_dossier(),
        Column(_("Applicant"), lambda line: applicant_name(line.row, spoken)),
        Column(_("Procedure"), lambda line: in_language(line.pack.title, spoken)),
        Column(_("State"), lambda line: _public(line.state) if line.is_own else in_language(line.state.title, spoken)),
        Column(_("Last change"), lambda line: line.row.updated_at),
    ]
    return list_file(extension, _("dossiers-found"), columns, all_rows(read))


@blueprint.get(f"/reviews.{ENDING}")
@access(REVIEWERS)
def reviews_file(extension: str) -> Response:
    """One's review tasks, open ones first."""
    session, spoken = db.session(), language()
    columns = [
        Column(_("Dossier"), lambda row: row.code or row.key),
        Column(_("Title"), lambda row: row.title),
        Column(_("Applicant"), lambda row: applicant_name(row, spoken)),
        Column(_("Asked on"), lambda row: local_date(row.assigned_at)),
        Column(_("Dossier due"), lambda row: local_date(row.due_at) if row.due_at else None),
        Column(
            _("Your review"), lambda row: str(STANDINGS[standing_of(row, pack_of_version(session, row.version_id))][0])
        ),
    ]
    rows = my_reviews(session, actor=current_actor(), most=MOST_ROWS)
    return list_file(extension, _("my-reviews"), columns, rows)


@blueprint.get(f"/issuing.{ENDING}")
@access(ISSUERS)
def issuing_file(extension: str) -> Response:
    """The dossiers that wait for their decision, the most urgent first."""
    session, actor, spoken = db.session(), current_actor(), language()
    lines = all_rows(lambda cursor, size: issuable_page(session, actor=actor, cursor=cursor, size=size))
    columns = [
        *_dossier(),
        Column(_("Applicant"), lambda line: applicant_name(line.row, spoken)),
        Column(_("Proposal"), lambda line: in_language(line.step.title, spoken)),
        Column(_("Due"), lambda line: local_date(line.row.due_at) if line.row.due_at else None),
        Column(_("Drafted by you"), lambda line: _("Yes") if line.is_own_draft else _("No")),
    ]
    return list_file(extension, _("decisions-to-issue"), columns, lines)


@blueprint.get(f"/queue/register.{ENDING}")
@access(STAFF_WITH_CASES)
def dossier_register_file(extension: str) -> Response:
    """Form 07, to go on with in a spreadsheet."""
    lines = register_lines(db.session(), asked_period(), actor=current_actor())
    spoken = language()
    columns = [
        Column(_("Dossier"), lambda line: line["code"]),
        Column(_("Title"), lambda line: line["title"]),
        Column(_("Applicant"), lambda line: line["organisation"][spoken] if line["organisation"] else None),
        Column(_("Procedure"), lambda line: in_language(line["procedure"], spoken)),
        Column(_("Channel"), lambda line: str(CHANNEL_TITLES[line["channel"]])),
        Column(_("Received"), lambda line: line["received_on"]),
        Column(_("Due"), lambda line: line["due_on"]),
        Column(_("Closed"), lambda line: line["closed_on"]),
        Column(_("State"), lambda line: in_language(line["state"], spoken)),
    ]
    return list_file(extension, _("register"), columns, lines)


@blueprint.get(f"/admin/audit.{ENDING}")
@access(SUPERVISORS)
def audit_file(extension: str) -> Response:
    """Entries of the audit trail, with what proves each."""
    session, actor, filters = db.session(), current_actor(), trail_filters(asked_of_trail())
    lines = all_rows(lambda cursor, size: search_trail(session, filters, actor=actor, cursor=cursor, size=size))
    known = registered_actions()
    columns = [
        Column(_("When"), lambda row: row.at),
        Column(_("What happened"), lambda row: title_of(row.action) if row.action in known else row.action),
        Column(_("Action"), lambda row: row.action),
        Column(_("Who"), lambda row: row.full_name or row.actor_kind),
        Column(_("Role"), lambda row: row.role),
        Column(_("Dossier"), lambda row: row.case_code or row.case_key),
        Column(_("Basis"), lambda row: row.legal_basis),
        Column(_("Entry"), lambda row: f"{row.stream} #{row.seq}"),
        Column(_("Hash"), lambda row: row.hash.hex()),
    ]
    return list_file(extension, _("audit-trail"), columns, lines)


def _standing(session: Session, row: Any) -> str:
    """What a review task waits for, in words."""
    title, _colour = STANDINGS[standing_of(row, pack_of_version(session, row.version_id))]
    return str(title)


def _public(state: State) -> str:
    """A state as applicants read it."""
    return in_language(state.public_title or state.title, language())


def _dossier() -> list[Column]:
    return [
        Column(_("Dossier"), lambda line: line.row.code or line.row.key),
        Column(_("Title"), lambda line: line.row.title),
    ]


def _queue_columns() -> list[Column]:
    spoken = language()
    return [
        *_dossier(),
        Column(_("Applicant"), lambda line: applicant_name(line.row, spoken)),
        Column(_("Procedure"), lambda line: in_language(line.pack.title, spoken)),
        Column(_("State"), lambda line: in_language(line.state.title, spoken)),
        Column(_("In charge"), lambda line: line.row.holder_name),
        Column(_("Channel"), lambda line: str(CHANNEL_TITLES[line.row.channel])),
        Column(_("Received"), lambda line: line.row.received_at),
        Column(_("Due"), lambda line: local_date(line.row.due_at) if line.row.due_at else None),
        Column(_("Working days late"), lambda line: line.days_late),
        Column(_("Working days left"), lambda line: line.days_left),
    ]

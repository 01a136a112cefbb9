"""Lists of dossiers and the audit trail as files for spreadsheets, narrowed as on their pages."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import Connection

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
from applications.queries.wholequeue import Reading, measure, whole_queue
from applications.stuck import REASONS
from applications.visibility import READING_ROLES
from applications.web.audit_trail import FILTERS as TRAIL_FILTERS
from applications.web.audit_trail import SUPERVISORS, asked_of_trail, trail_filters
from applications.web.blueprint import blueprint
from applications.web.issuing import ISSUERS
from applications.web.queue import FILTERS, STAFF_WITH_CASES, asked_for
from applications.web.registers import period_of
from applications.web.reviews import REVIEWERS, STANDINGS, standing_of
from applications.web.wording import language
from foundation.access import SIGNED_IN
from foundation.audit import registered_actions, title_of
from foundation.database import now
from foundation.downloads import MOST_IN_AN_ANSWER, all_rows, list_at
from foundation.exports import MOST_ROWS, Column
from foundation.listkinds import Asking, Listed
from foundation.longlists import LongList
from foundation.paging import Page
from foundation.wording import in_language
from foundation.workdays import local_date


def _whole_queue(asking: Asking, connection: Connection) -> tuple[int, LongList]:
    """The queue as one statement, however long it is."""
    filters = filters_from(asked_for(asking.asked), queue_choices(asking.session, actor=asking.actor))
    reading = Reading(asking.actor, filters, language(), now())
    total, days = measure(connection, reading)
    return total, whole_queue(asking.session, reading, days)


@list_at(
    blueprint,
    "/queue",
    STAFF_WITH_CASES,
    lazy_gettext("Dossiers to process"),
    asked=FILTERS,
    roles=READING_ROLES,
    whole=_whole_queue,
)
def queue_file(asking: Asking) -> Listed:
    """The queue; a long one is asked for and fetched when it is written."""
    session, actor = asking.session, asking.actor
    choices = queue_choices(session, actor=actor)
    filters = filters_from(asked_for(asking.asked), choices)
    counted = facets_of(session, filters, choices, actor=actor)
    lines = all_rows(lambda cursor, size: queue_lines(session, filters, actor=actor, cursor=cursor, size=size))
    is_long = counted is None or counted.total > MOST_IN_AN_ANSWER
    return Listed(_("dossiers"), _queue_columns(), lines, is_long)


@list_at(blueprint, "/stuck", STAFF_WITH_CASES, lazy_gettext("Dossiers that stand still"), roles=READING_ROLES)
def stuck_file(asking: Asking) -> Listed:
    """What stands still."""
    session, actor = asking.session, asking.actor
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
    return Listed(_("dossiers-that-stand-still"), columns, lines)


@list_at(blueprint, "/desk", SIGNED_IN, lazy_gettext("My dossiers"))
def desk_file(asking: Asking) -> Listed:
    """The dossiers of one's organisations."""
    session, actor = asking.session, asking.actor
    spoken = language()
    columns = [
        Column(_("Dossier"), lambda row: row.code or row.key),
        Column(_("Title"), lambda row: row.title),
        Column(_("Applicant"), lambda row: applicant_name(row, spoken)),
        Column(_("Procedure"), lambda row: in_language(pack_of_version(session, row.version_id).title, spoken)),
        Column(_("State"), lambda row: _public(pack_of_version(session, row.version_id).state_by_key[row.state])),
        Column(_("Received"), lambda row: row.received_at),
        Column(_("Answer due"), lambda row: local_date(row.promised_at) if row.promised_at else None),
        Column(_("Last change"), lambda row: row.updated_at),
    ]
    lines = all_rows(lambda cursor, size: all_lines(session, actor=actor, cursor=cursor, size=size))
    return Listed(_("my-dossiers"), columns, lines)


@list_at(blueprint, "/search", SIGNED_IN, lazy_gettext("Search"), asked=("q",))
def search_file(asking: Asking) -> Listed:
    """What the search finds."""
    session, actor, spoken = asking.session, asking.actor, language()
    words = asking["q"]
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
    return Listed(_("dossiers-found"), columns, all_rows(read))


@list_at(blueprint, "/reviews", REVIEWERS, lazy_gettext("My reviews"))
def reviews_file(asking: Asking) -> Listed:
    """One's review tasks, open ones first."""
    session, spoken = asking.session, language()
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
    rows = my_reviews(session, actor=asking.actor, most=MOST_ROWS)
    return Listed(_("my-reviews"), columns, rows)


@list_at(blueprint, "/issuing", ISSUERS, lazy_gettext("Decisions to issue"))
def issuing_file(asking: Asking) -> Listed:
    """The dossiers that wait for their decision, the most urgent first."""
    session, actor, spoken = asking.session, asking.actor, language()
    lines = all_rows(lambda cursor, size: issuable_page(session, actor=actor, cursor=cursor, size=size))
    columns = [
        *_dossier(),
        Column(_("Applicant"), lambda line: applicant_name(line.row, spoken)),
        Column(_("Proposal"), lambda line: in_language(line.step.title, spoken)),
        Column(_("Due"), lambda line: local_date(line.row.due_at) if line.row.due_at else None),
        Column(_("Drafted by you"), lambda line: _("Yes") if line.is_own_draft else _("No")),
    ]
    return Listed(_("decisions-to-issue"), columns, lines)


@list_at(
    blueprint,
    "/queue/register",
    STAFF_WITH_CASES,
    lazy_gettext("Register of dossiers"),
    page="dossier_register",
    asked=("unit", "from_on", "to_on"),
    roles=READING_ROLES,
)
def dossier_register_file(asking: Asking) -> Listed:
    """Form 07, to go on with in a spreadsheet."""
    session, actor = asking.session, asking.actor
    lines = register_lines(session, period_of(session, asking.asked, actor=actor), actor=actor)
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
    return Listed(_("register"), columns, lines)


@list_at(blueprint, "/admin/audit", SUPERVISORS, lazy_gettext("Audit trail"), page="audit_trail", asked=TRAIL_FILTERS)
def audit_file(asking: Asking) -> Listed:
    """Entries of the audit trail, with what proves each."""
    session, actor, filters = asking.session, asking.actor, trail_filters(asked_of_trail(asking.asked))
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
    return Listed(_("audit-trail"), columns, lines)


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

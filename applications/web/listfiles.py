"""Lists beside the dossiers as files for spreadsheets: procedures, days of a calendar, sheets taken over, notices."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from applications.packs.catalogue import pack_of_version
from applications.queries.dossier import DossierView, dossier_view
from applications.queries.filters import saved_filters
from applications.queries.procedures import known_procedures, open_procedures, versions_of
from applications.queries.queue import queue_choices
from applications.queries.takeovers import sheets_page
from applications.web.blueprint import blueprint
from applications.web.calendars import READERS
from applications.web.queue import STAFF_WITH_CASES
from applications.web.story import Entry, entries_of
from applications.web.takeovers import IMPORTERS
from applications.web.wording import language
from foundation.access import EVERYONE, SIGNED_IN, STAFF
from foundation.calendars import load_calendar
from foundation.database import now
from foundation.downloads import all_rows, list_at
from foundation.errors import NotAllowed
from foundation.exports import Column
from foundation.listkinds import Asking, Listed
from foundation.notices import notices_of
from foundation.wording import in_language
from foundation.workdays import local_date


@list_at(blueprint, "/procedures", EVERYONE, lazy_gettext("Procedures"))
def procedures_file(asking: Asking) -> Listed:
    """What the city can be asked for today."""
    spoken = language()
    columns = [
        Column(_("Code"), lambda row: row.code),
        Column(_("Procedure"), lambda row: in_language(row.pack.title, spoken)),
        Column(_("What it is"), lambda row: in_language(row.pack.summary, spoken)),
        Column(_("Version"), lambda row: row.pack.version),
    ]
    return Listed("procedures", columns, open_procedures(asking.session, local_date(now())))


@list_at(blueprint, "/admin/procedures", STAFF, lazy_gettext("Procedures"), page="procedures_admin")
def versions_file(asking: Asking) -> Listed:
    """Every version that was published."""
    session, spoken = asking.session, language()
    rows = ((known, version) for known in known_procedures(session) for version in versions_of(session, known.code))
    columns = [
        Column(_("Code"), lambda pair: pair[0].code),
        Column(_("Procedure"), lambda pair: in_language(pair[0].pack.title, spoken)),
        Column(_("Version"), lambda pair: pair[1].version),
        Column(_("In force from"), lambda pair: pair[1].in_force_from),
        Column(_("In force to"), lambda pair: pair[1].in_force_to),
    ]
    return Listed("procedures", columns, rows)


@list_at(blueprint, "/admin/calendars/<code>", READERS, lazy_gettext("Working calendars"), page="calendar")
def calendar_file(asking: Asking) -> Listed:
    """The listed days of a calendar, of all years. Raises NotFound."""
    spoken, known = language(), load_calendar(asking.session, asking["code"])
    columns = [
        Column(_("Day"), lambda pair: pair[0]),
        Column(_("Reason"), lambda pair: in_language(pair[1].title, spoken)),
        Column(_("Worked?"), lambda pair: _("Working day") if pair[1].is_working else _("Day off")),
        Column(_("Source"), lambda pair: pair[1].source),
        Column(_("Confirmed"), lambda pair: _("Yes") if pair[1].is_confirmed else _("No")),
    ]
    return Listed(known.code, columns, sorted(known.days.items()))


@list_at(blueprint, "/takeovers", IMPORTERS, lazy_gettext("Take over an older register"))
def takeovers_file(asking: Asking) -> Listed:
    """The sheets that were sent, newest first."""
    session, spoken = asking.session, language()
    said = {"looked": _("Looked at, nothing written"), "done": _("Taken over"), "failed": _("Failed")}
    columns = [
        Column(_("Older register"), lambda row: row.register),
        Column(_("File"), lambda row: row.filename),
        Column(_("Procedure"), lambda row: in_language(pack_of_version(session, row.version_id).title, spoken)),
        Column(_("Sent"), lambda row: row.sent_at),
        Column(_("Status"), lambda row: said.get(row.status, row.status)),
        Column(_("Taken over on"), lambda row: row.done_at),
    ]
    rows = all_rows(lambda cursor, size: sheets_page(session, actor=asking.actor, cursor=cursor, size=size))
    return Listed("sheets", columns, rows)


@list_at(blueprint, "/notices", SIGNED_IN, lazy_gettext("Notices"))
def notices_file(asking: Asking) -> Listed:
    """What the reader was told, newest first."""
    session, spoken, reader = asking.session, language(), asking.actor.person_id
    if reader is None:
        raise NotAllowed
    pages = all_rows(lambda after, size: notices_of(session, reader, after=after, size=size))
    columns = [
        Column(_("When"), lambda told: told[0].created_at),
        Column(_("Subject"), lambda told: told[1]),
        Column(_("Message"), lambda told: told[2]),
        Column(_("Read on"), lambda told: told[0].read_at),
    ]
    return Listed("notices", columns, ((one, *one.in_language(session, spoken)) for one in pages))


@list_at(blueprint, "/queue/filters", STAFF_WITH_CASES, lazy_gettext("Saved filters"), page="queue_filters")
def filters_file(asking: Asking) -> Listed:
    """The filters of the queue that the reader can use: their own, and those shared with their units."""
    session, actor, spoken = asking.session, asking.actor, language()
    units = {unit.id: unit.title(spoken) for unit in queue_choices(session, actor=actor).units}
    named = {"q": _("Words"), "procedure": _("Procedure"), "state": _("State"), "unit": _("Unit")}
    columns = [
        Column(_("Name"), lambda row: row.name),
        Column(_("Filter"), lambda row: "; ".join(f"{named.get(name, name)}: {row.asked[name]}" for name in row.asked)),
        Column(_("Unit"), lambda row: units.get(row.unit_id)),
        Column(_("Owner"), lambda row: row.owner),
    ]
    return Listed("filters", columns, saved_filters(session, tuple(units), actor=actor))


@list_at(blueprint, "/dossiers/<key>/timeline", SIGNED_IN, lazy_gettext("Timeline"), page="story")
def timeline_file(asking: Asking) -> Listed:
    """Everything that happened to a dossier, oldest first, as far as the reader gets to see it."""
    spoken = language()
    view = dossier_view(asking.session, asking["key"], actor=asking.actor)
    kinds = {
        "step": _("Step"),
        "message": _("Message"),
        "added": _("Document added"),
        "removed": _("Document taken out"),
    }
    columns = [
        Column(_("When"), lambda entry: entry.at),
        Column(_("Kind"), lambda entry: kinds[entry.kind]),
        Column(_("What happened"), lambda entry: _told(entry, spoken)),
        Column(_("Who"), lambda entry: _who(entry, view)),
        Column(_("State after"), lambda entry: _state(entry, spoken, is_public=not view.is_staff)),
    ]
    return Listed(f"{view.case.key}-timeline", columns, sorted(entries_of(view), key=lambda entry: entry.at))


def _told(entry: Entry, spoken: str) -> str:
    what = entry.what
    if entry.kind == "step":
        return in_language(what.title, spoken)
    return str(what.text if entry.kind == "message" else what.filename)


def _who(entry: Entry, view: DossierView) -> str | None:
    if entry.kind == "message":
        return view.names[entry.what.author_id]
    return entry.what.person if entry.kind == "step" else None


def _state(entry: Entry, spoken: str, *, is_public: bool) -> str | None:
    if entry.kind != "step":
        return None
    after = entry.what.after
    return in_language((after.public_title if is_public else None) or after.title, spoken)

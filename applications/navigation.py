"""The lines that this package adds to the main navigation."""

from flask_babel import lazy_gettext

from applications.queries.audit_trail import SUPERVISING_ROLES
from applications.queries.issuing import ISSUING_ROLES
from applications.visibility import IMPORTING_ROLES, READING_ROLES, REGISTERING_ROLES
from foundation.actors import Actor
from foundation.register import NavigationEntry, public_page


def _applies(actor: Actor) -> bool:
    return bool(actor.organisation_ids) or (actor.is_signed_in and not actor.is_staff)


def _registers(actor: Actor) -> bool:
    return actor.holds(*REGISTERING_ROLES)


def _takes_over(actor: Actor) -> bool:
    return actor.holds(*IMPORTING_ROLES)


def _reads_cases(actor: Actor) -> bool:
    return actor.holds(*READING_ROLES)


def _finds_cases(actor: Actor) -> bool:
    return bool(actor.organisation_ids) or _reads_cases(actor)


def _issues(actor: Actor) -> bool:
    return actor.holds(*ISSUING_ROLES)


def _reviews(actor: Actor) -> bool:
    return actor.holds("reviewer")


def _supervises(actor: Actor) -> bool:
    return actor.holds(*SUPERVISING_ROLES)


NAVIGATION = [
    NavigationEntry(
        endpoint="applications.desk",
        title=lazy_gettext("My dossiers"),
        icon="folders",
        is_for=_applies,
        order=10,
        active_prefix="/desk",
    ),
    public_page(
        "applications.procedures", lazy_gettext("Procedures"), "list-details", order=10, active_prefix="/procedures"
    ),
    NavigationEntry(
        endpoint="applications.track",
        title=lazy_gettext("Track a dossier"),
        icon="route",
        is_for=lambda actor: not actor.is_staff,
        order=20,
        group="public",
        active_prefix="/track",
    ),
    NavigationEntry(
        endpoint="applications.search",
        title=lazy_gettext("Search"),
        icon="search",
        is_for=_finds_cases,
        order=5,
    ),
    NavigationEntry(
        endpoint="applications.queue",
        title=lazy_gettext("Dossiers to process"),
        icon="inbox",
        is_for=_reads_cases,
        order=10,
        group="work",
        active_prefix="/queue",
    ),
    NavigationEntry(
        endpoint="applications.issuing",
        title=lazy_gettext("Decisions to issue"),
        icon="signature",
        is_for=_issues,
        order=12,
        group="work",
        active_prefix="/issuing",
    ),
    NavigationEntry(
        endpoint="applications.stuck",
        title=lazy_gettext("Dossiers that stand still"),
        icon="hourglass-empty",
        is_for=_reads_cases,
        order=12,
        group="work",
        active_prefix="/stuck",
    ),
    NavigationEntry(
        endpoint="applications.register",
        title=lazy_gettext("Register a dossier"),
        icon="file-plus",
        is_for=_registers,
        order=15,
        group="work",
        active_prefix="/register",
    ),
    NavigationEntry(
        endpoint="applications.takeovers",
        title=lazy_gettext("Take over an older register"),
        icon="archive",
        is_for=_takes_over,
        order=16,
        group="work",
        active_prefix="/takeovers",
    ),
    NavigationEntry(
        endpoint="applications.reviews",
        title=lazy_gettext("My reviews"),
        icon="checklist",
        is_for=_reviews,
        order=20,
        group="work",
        active_prefix="/reviews",
    ),
    NavigationEntry(
        endpoint="applications.procedures_admin",
        title=lazy_gettext("Procedures"),
        icon="schema",
        is_for=_supervises,
        order=40,
        group="administration",
        active_prefix="/admin/procedures",
    ),
    NavigationEntry(
        endpoint="applications.calendars",
        title=lazy_gettext("Working calendars"),
        icon="calendar-cog",
        is_for=_supervises,
        order=50,
        group="administration",
        active_prefix="/admin/calendars",
    ),
    NavigationEntry(
        endpoint="applications.audit_trail",
        title=lazy_gettext("Audit trail"),
        icon="history",
        is_for=_supervises,
        order=60,
        group="administration",
        active_prefix="/admin/audit",
    ),
]

"""The lists of people and organisations as files for spreadsheets, narrowed as on their pages."""

from collections.abc import Iterator
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from accounts.identifiers import show_tax_code
from accounts.queries.organisations import organisations_page
from accounts.queries.people import PersonLine, holder_counts, people_page
from accounts.queries.units import unit_tree
from accounts.web.blueprint import blueprint
from accounts.web.people import ADMINISTRATORS
from accounts.wording import LEGAL_FORM_TITLES, SCOPE_TITLES, UNIT_KIND_TITLES
from foundation.downloads import AT_ONCE, all_rows, list_at
from foundation.errors import NotFound
from foundation.exports import Column
from foundation.listkinds import Asking, Listed
from foundation.mails import outbox, words_of
from foundation.register import ROLES
from foundation.speech import current_language
from foundation.wording import in_language


@list_at(
    blueprint,
    "/admin/organisations",
    ADMINISTRATORS,
    lazy_gettext("Organisations"),
    page="admin_organisations",
    asked=("q",),
)
def organisations_file(asking: Asking) -> Listed:
    """Organisations by name."""
    session, actor, search = asking.session, asking.actor, asking["q"]
    rows = all_rows(lambda after, size: organisations_page(session, actor, search=search, after=after, size=size))
    columns = [
        Column(_("Code"), lambda row: row.code),
        Column(_("Name"), lambda row: row.name_vi),
        Column(_("English name"), lambda row: row.name_en),
        Column(_("Legal form"), lambda row: str(LEGAL_FORM_TITLES[row.legal_form])),
        Column(_("Tax code"), lambda row: show_tax_code(row.tax_code)),
        Column(_("Registered"), lambda row: row.created_at),
    ]
    return Listed(_("organisations"), columns, rows)


@list_at(blueprint, "/admin/people", ADMINISTRATORS, lazy_gettext("People"), page="admin_people", asked=("q",))
def people_file(asking: Asking) -> Listed:
    """People by name, with the roles that they hold today."""
    session, actor, search = asking.session, asking.actor, asking["q"]
    rows = all_rows(lambda after, size: people_page(session, actor, search=search, after=after, size=size))
    columns = [
        Column(_("Name"), lambda line: line.person.full_name),
        Column(_("E-mail address"), lambda line: line.person.email),
        Column(_("Roles today"), _roles),
        Column(_("State"), lambda line: _("Disabled") if line.person.disabled_at else _("Active")),
    ]
    return Listed(_("people"), columns, rows)


@list_at(blueprint, "/admin/roles", ADMINISTRATORS, lazy_gettext("Roles"), page="admin_roles")
def roles_file(asking: Asking) -> Listed:
    """Every role that can be granted, and how many hold it today."""
    spoken, holders = current_language(), holder_counts(asking.session, asking.actor)
    columns = [
        Column(_("Role"), lambda role: in_language(role.title, spoken)),
        Column(_("Code"), lambda role: role.code),
        Column(_("Can be narrowed by"), lambda role: ", ".join(str(SCOPE_TITLES[scope]) for scope in role.scopes)),
        Column(_("Holders today"), lambda role: holders.get(role.code, 0)),
    ]
    return Listed(_("roles"), columns, ROLES.values())


@list_at(blueprint, "/admin/units", ADMINISTRATORS, lazy_gettext("Units"), page="admin_units")
def units_file(asking: Asking) -> Listed:
    """The tree of units, each with the code of the one above it."""
    spoken, units = current_language(), unit_tree(asking.session)
    codes = {unit.id: unit.code for unit in units}
    columns = [
        Column(_("Code"), lambda unit: unit.code),
        Column(_("Unit"), lambda unit: unit.title(spoken)),
        Column(_("Kind"), lambda unit: str(UNIT_KIND_TITLES[unit.kind])),
        Column(_("Belongs to"), lambda unit: codes.get(unit.parent_id)),
        Column(_("Pattern of dossier codes"), lambda unit: unit.dossier_code_pattern),
    ]
    return Listed(_("units"), columns, units)


@list_at(blueprint, "/admin/outbox", ADMINISTRATORS, lazy_gettext("Outbox"), page="admin_outbox")
def outbox_file(asking: Asking) -> Listed:
    """The mails of a demonstration by address and subject; their texts, with links that work, stay on the page.

    Raises:
        NotFound: this is no demonstration.
    """
    if not current_app.config["KHUEVAN"].is_demo:
        raise NotFound
    session = asking.session
    columns = [
        Column(_("When"), lambda mail: mail.created_at),
        Column(_("Recipient"), lambda mail: mail.to_address),
        Column(_("Subject"), lambda mail: words_of(session, mail)[0]),
        Column(_("Sent on"), lambda mail: mail.sent_at),
    ]
    return Listed(_("outbox"), columns, _mails(session))


def _mails(session: Session) -> Iterator[Any]:
    before = None
    while mails := outbox(session, before=before, limit=AT_ONCE):
        yield from mails
        before = mails[-1].id


def _roles(line: PersonLine) -> str:
    spoken = current_language()
    return ", ".join(in_language(ROLES[role].title, spoken) if role in ROLES else role for role in line.roles)

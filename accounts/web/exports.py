"""The lists of people and organisations as files for spreadsheets, narrowed as on their pages."""

from collections.abc import Iterator
from typing import Any

from flask import current_app, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.identifiers import show_tax_code
from accounts.queries.organisations import organisations_page
from accounts.queries.people import PersonLine, holder_counts, people_page
from accounts.queries.units import unit_tree
from accounts.web.blueprint import blueprint
from accounts.web.entrance import language
from accounts.web.people import ADMINISTRATORS
from accounts.wording import LEGAL_FORM_TITLES, SCOPE_TITLES, UNIT_KIND_TITLES
from foundation.access import access, current_actor
from foundation.database import db
from foundation.downloads import AT_ONCE, all_rows, list_file
from foundation.errors import NotFound
from foundation.exports import MOST_ROWS, Column
from foundation.mails import outbox, words_of
from foundation.register import ROLES
from foundation.wording import in_language

ENDING = "<any(csv, xlsx):extension>"


@blueprint.get(f"/admin/organisations.{ENDING}")
@access(ADMINISTRATORS)
def organisations_file(extension: str) -> Response:
    """Organisations by name."""
    session, actor, search = db.session(), current_actor(), request.args.get("q", "")
    rows = all_rows(lambda after, size: organisations_page(session, actor, search=search, after=after, size=size))
    columns = [
        Column(_("Code"), lambda row: row.code),
        Column(_("Name"), lambda row: row.name_vi),
        Column(_("English name"), lambda row: row.name_en),
        Column(_("Legal form"), lambda row: str(LEGAL_FORM_TITLES[row.legal_form])),
        Column(_("Tax code"), lambda row: show_tax_code(row.tax_code)),
        Column(_("Registered"), lambda row: row.created_at),
    ]
    return list_file(extension, _("organisations"), columns, rows)


@blueprint.get(f"/admin/people.{ENDING}")
@access(ADMINISTRATORS)
def people_file(extension: str) -> Response:
    """People by name, with the roles that they hold today."""
    session, actor, search = db.session(), current_actor(), request.args.get("q", "")
    rows = all_rows(lambda after, size: people_page(session, actor, search=search, after=after, size=size))
    columns = [
        Column(_("Name"), lambda line: line.person.full_name),
        Column(_("E-mail address"), lambda line: line.person.email),
        Column(_("Roles today"), _roles),
        Column(_("State"), lambda line: _("Disabled") if line.person.disabled_at else _("Active")),
    ]
    return list_file(extension, _("people"), columns, rows)


@blueprint.get(f"/admin/roles.{ENDING}")
@access(ADMINISTRATORS)
def roles_file(extension: str) -> Response:
    """Every role that can be granted, and how many hold it today."""
    spoken, holders = language(), holder_counts(db.session(), current_actor())
    columns = [
        Column(_("Role"), lambda role: in_language(role.title, spoken)),
        Column(_("Code"), lambda role: role.code),
        Column(_("Can be narrowed by"), lambda role: ", ".join(str(SCOPE_TITLES[scope]) for scope in role.scopes)),
        Column(_("Holders today"), lambda role: holders.get(role.code, 0)),
    ]
    return list_file(extension, _("roles"), columns, ROLES.values())


@blueprint.get(f"/admin/units.{ENDING}")
@access(ADMINISTRATORS)
def units_file(extension: str) -> Response:
    """The tree of units, each with the code of the one above it."""
    spoken, units = language(), unit_tree(db.session())
    codes = {unit.id: unit.code for unit in units}
    columns = [
        Column(_("Code"), lambda unit: unit.code),
        Column(_("Unit"), lambda unit: unit.title(spoken)),
        Column(_("Kind"), lambda unit: str(UNIT_KIND_TITLES[unit.kind])),
        Column(_("Belongs to"), lambda unit: codes.get(unit.parent_id)),
        Column(_("Pattern of dossier codes"), lambda unit: unit.dossier_code_pattern),
    ]
    return list_file(extension, _("units"), columns, units)


@blueprint.get(f"/admin/outbox.{ENDING}")
@access(ADMINISTRATORS)
def outbox_file(extension: str) -> Response:
    """The mails of a demonstration by address and subject; their texts, with links that work, stay on the page.

    Raises:
        NotFound: this is no demonstration.
    """
    if not current_app.config["KHUEVAN"].is_demo:
        raise NotFound
    session = db.session()
    columns = [
        Column(_("When"), lambda mail: mail.created_at),
        Column(_("Recipient"), lambda mail: mail.to_address),
        Column(_("Subject"), lambda mail: words_of(session, mail)[0]),
        Column(_("Sent on"), lambda mail: mail.sent_at),
    ]
    return list_file(extension, _("outbox"), columns, _mails())


def _mails() -> Iterator[Any]:
    before, left = None, MOST_ROWS
    while left > 0:
        mails = outbox(db.session(), before=before, limit=min(AT_ONCE, left))
        yield from mails
        if not mails:
            return
        before, left = mails[-1].id, left - len(mails)


def _roles(line: PersonLine) -> str:
    spoken = language()
    return ", ".join(in_language(ROLES[role].title, spoken) if role in ROLES else role for role in line.roles)

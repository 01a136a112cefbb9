"""The lists of people and organisations as files for spreadsheets, narrowed as on their pages."""

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.identifiers import show_tax_code
from accounts.queries.organisations import organisations_page
from accounts.queries.people import PersonLine, people_page
from accounts.web.blueprint import blueprint
from accounts.web.entrance import language
from accounts.web.people import ADMINISTRATORS
from accounts.wording import LEGAL_FORM_TITLES
from foundation.access import access, current_actor
from foundation.database import db
from foundation.downloads import all_rows, list_file
from foundation.exports import Column
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


def _roles(line: PersonLine) -> str:
    spoken = language()
    return ", ".join(in_language(ROLES[role].title, spoken) if role in ROLES else role for role in line.roles)

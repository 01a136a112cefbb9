"""What belongs to one's own account as files for spreadsheets: sessions, access tokens, organisations."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from accounts.browsers import browser_name
from accounts.identifiers import show_tax_code
from accounts.queries.organisations import own_organisations
from accounts.queries.people import sessions_of, tokens_of
from accounts.web.blueprint import blueprint
from accounts.wording import LEGAL_FORM_TITLES
from foundation.access import SIGNED_IN
from foundation.downloads import list_at
from foundation.exports import Column
from foundation.listkinds import Asking, Listed


@list_at(blueprint, "/account/sessions", SIGNED_IN, lazy_gettext("Where you are signed in"), page="own_sessions")
def own_sessions_file(asking: Asking) -> Listed:
    """The browsers in which the reader is signed in."""
    columns = [
        Column(_("Browser"), lambda row: browser_name(row.user_agent) or _("Unknown")),
        Column(_("Network address"), lambda row: str(row.ip or "")),
        Column(_("Signed in"), lambda row: row.created_at),
        Column(_("Last used"), lambda row: row.last_seen_at),
    ]
    return Listed("sessions", columns, sessions_of(asking.session, asking.actor))


@list_at(blueprint, "/account/tokens", SIGNED_IN, lazy_gettext("Access tokens"), page="own_tokens")
def own_tokens_file(asking: Asking) -> Listed:
    """The reader's tokens that still work; never what they are."""
    columns = [
        Column(_("Name"), lambda row: row.name),
        Column(_("Begins with"), lambda row: row.prefix),
        Column(_("Permission"), lambda row: _("Read and change") if "write" in row.scopes else _("Read")),
        Column(_("Valid until"), lambda row: row.expires_at),
        Column(_("Last used"), lambda row: row.last_used_on),
    ]
    return Listed("tokens", columns, tokens_of(asking.session, asking.actor))


@list_at(blueprint, "/organisation", SIGNED_IN, lazy_gettext("My organisations"), page="own_organisations_page")
def own_organisations_file(asking: Asking) -> Listed:
    """The organisations that the reader acts for."""
    columns = [
        Column(_("Code"), lambda row: row.code),
        Column(_("Name"), lambda row: row.name_vi),
        Column(_("English name"), lambda row: row.name_en),
        Column(_("Legal form"), lambda row: str(LEGAL_FORM_TITLES[row.legal_form])),
        Column(_("Tax code"), lambda row: show_tax_code(row.tax_code)),
    ]
    return Listed(_("organisations"), columns, own_organisations(asking.session, asking.actor))

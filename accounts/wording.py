"""What the codes of this package are called on pages."""

from flask_babel import lazy_gettext as _

LEGAL_FORM_TITLES = {
    "joint_stock_company": _("Joint-stock company"),
    "limited_company": _("Limited liability company with two or more members"),
    "single_member_company": _("Single-member limited liability company"),
    "partnership": _("Partnership"),
    "private_enterprise": _("Private enterprise"),
    "cooperative": _("Cooperative"),
    "household_business": _("Household business"),
    "university": _("University or college"),
    "research_institute": _("Research institute"),
    "public_service_unit": _("Public service unit"),
    "foreign_branch": _("Branch of a foreign company"),
    "other": _("Other"),
}
MEMBERSHIP_TITLES = {
    "owner": _("Owner"),
    "editor": _("Editor"),
    "viewer": _("Viewer"),
}
MEMBERSHIP_MEANINGS = {
    "owner": _("Prepares and sends applications, and manages the members."),
    "editor": _("Prepares and sends applications."),
    "viewer": _("Sees everything and changes nothing."),
}
UNIT_KIND_TITLES = {
    "committee": _("People’s Committee"),
    "office": _("Office"),
    "one_stop": _("One-stop shop"),
    "department": _("Department"),
    "division": _("Division"),
    "park_board": _("Park management board"),
    "operator": _("Operator"),
    "ward": _("Ward or commune"),
}
TOKEN_SCOPE_TITLES = {
    "read": _("Read"),
    "write": _("Read and change"),
}
SCOPE_TITLES = {
    "procedure": _("Procedure"),
    "unit": _("Unit"),
    "park": _("Park"),
    "fund": _("Fund"),
}

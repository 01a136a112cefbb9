"""What the domains share: procedures as data, the dossier, the workflow engine, review and decisions."""

from flask_babel import lazy_gettext

from applications import consultation, counting, effects, jobs, panel, rules
from applications.api import BLUEPRINTS
from applications.fields import reasons
from applications.navigation import NAVIGATION
from applications.queries.procedures import procedure_choices
from applications.web import blueprint
from applications.web.companypanel import dossiers_panel
from foundation.register import Domain, Scope, register_domain, register_scope

__all__ = ["APPLICATIONS", "consultation", "counting", "effects", "jobs", "panel", "reasons", "rules"]

APPLICATIONS = register_domain(
    Domain(
        "applications",
        blueprints=[blueprint],
        api_blueprints=BLUEPRINTS,
        navigation=NAVIGATION,
        company_panels=[dossiers_panel],
    )
)

register_scope(Scope("procedure", lazy_gettext("Procedure"), procedure_choices))

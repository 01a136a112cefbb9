"""What the domains share: procedures as data, the dossier, the workflow engine, review and decisions."""

from applications import effects, jobs, rules
from applications.api import BLUEPRINTS
from applications.fields import reasons
from applications.web import blueprint
from foundation.register import Domain, register_domain

__all__ = ["APPLICATIONS", "effects", "jobs", "reasons", "rules"]

APPLICATIONS = register_domain(Domain("applications", blueprints=[blueprint], api_blueprints=BLUEPRINTS))

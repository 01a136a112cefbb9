"""The pages on procedures and dossiers; each module adds its routes to the one blueprint."""

from applications.web import (
    audit_trail,
    calendars,
    dossier,
    notices,
    previews,
    procedures_admin,
    queue,
    reviews,
    steps,
)
from applications.web.blueprint import blueprint

__all__ = [
    "audit_trail",
    "blueprint",
    "calendars",
    "dossier",
    "notices",
    "previews",
    "procedures_admin",
    "queue",
    "reviews",
    "steps",
]

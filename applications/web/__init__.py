"""The pages on procedures and dossiers; each module adds its routes to the one blueprint."""

from applications.web import (
    audit_trail,
    calendars,
    corrections,
    desk,
    documents,
    dossier,
    drafting,
    notices,
    previews,
    procedures,
    procedures_admin,
    queue,
    reviewers,
    reviews,
    sending,
    steps,
    verification,
)
from applications.web.blueprint import blueprint

__all__ = [
    "audit_trail",
    "blueprint",
    "calendars",
    "corrections",
    "desk",
    "documents",
    "dossier",
    "drafting",
    "notices",
    "previews",
    "procedures",
    "procedures_admin",
    "queue",
    "reviewers",
    "reviews",
    "sending",
    "steps",
    "verification",
]

"""The endpoints of procedures, dossiers, their steps and their reviews."""

from applications.api import (
    calendars,
    cases,
    corrections,
    documents,
    drafting,
    messages,
    procedures,
    reviews,
    search,
    steps,
    submissions,
    tracking,
    trail,
)

BLUEPRINTS = [
    procedures.blueprint,
    cases.blueprint,
    corrections.blueprint,
    documents.blueprint,
    drafting.blueprint,
    steps.blueprint,
    search.blueprint,
    submissions.blueprint,
    tracking.blueprint,
    trail.blueprint,
    messages.blueprint,
    reviews.blueprint,
    calendars.blueprint,
]

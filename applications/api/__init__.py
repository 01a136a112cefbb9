"""The endpoints of procedures, dossiers, their steps and their reviews."""

from applications.api import (
    calendars,
    cases,
    comparing,
    corrections,
    documents,
    drafting,
    messages,
    procedures,
    reviews,
    search,
    steps,
    submissions,
    takeovers,
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
    comparing.blueprint,
    takeovers.blueprint,
    calendars.blueprint,
]

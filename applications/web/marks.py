"""Small marks that stand on many lines of many pages: written once for equal words, by the templates' macros."""

from functools import lru_cache
from urllib.parse import quote

from flask import current_app, url_for
from markupsafe import Markup

from applications.packs.model import State
from applications.queries.queue import QueueLine
from applications.web.blueprint import blueprint
from applications.web.wording import language

PARTS = "applications/parts.html"
DRAFT_PARTS = "applications/draft_parts.html"

_states: dict[tuple[int, str, str], tuple[State, Markup]] = {}
"""Marks of states; the state is held so that no other takes its identity."""


def state_badge(state: State, is_public: bool = False) -> Markup:
    """The state of a dossier in a word, coloured by who has to act; for applicants the public word."""
    key = (id(state), language(), "public" if is_public else "staff")
    if key not in _states:
        _states[key] = (state, _macro(PARTS, "state_badge", state, is_public))
    return _states[key][1]


def standing(state: State) -> Markup:
    """The state of a dossier on the applicant's pages."""
    key = (id(state), language(), "applicant")
    if key not in _states:
        _states[key] = (state, _macro(DRAFT_PARTS, "state", state))
    return _states[key][1]


def due_mark(line: QueueLine) -> Markup:
    """How many working days are left to a line of the queue, or have passed; empty when no deadline runs."""
    for macro, days in (("days_late", line.days_late), ("days_over", line.days_over), ("days_left", line.days_left)):
        if days is not None:
            return _due_mark(macro, days, language())
    return Markup("")


@lru_cache(maxsize=2048)
def _due_mark(macro: str, days: int, spoken: str) -> Markup:
    return _macro(PARTS, macro, days)


def _macro(template: str, name: str, *values: object) -> Markup:
    written: Markup = getattr(current_app.jinja_env.get_template(template).module, name)(*values)
    return written


_addresses: dict[str, str] = {}
"""The address of each page on a dossier, with a place for the key."""

PLACE = "KEY"


def path_of(key: str, endpoint: str = "applications.dossier") -> str:
    """The address of a dossier's page, as ``url_for`` builds it: long lists ask for many."""
    if endpoint not in _addresses:
        _addresses[endpoint] = url_for(endpoint, key=PLACE)
    return _addresses[endpoint].replace(PLACE, quote(key))


# Filters, because a template calls them directly; a global is called with ten times the effort.
blueprint.add_app_template_filter(state_badge, "state_badge")
blueprint.add_app_template_filter(standing, "standing")
blueprint.add_app_template_filter(due_mark, "due_mark")
blueprint.add_app_template_filter(path_of, "path_of")

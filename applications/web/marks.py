"""Small marks that stand on many lines of many pages: written once for equal words, by the templates' macros."""

from functools import lru_cache

from flask import current_app
from markupsafe import Markup

from applications.packs.model import State
from applications.queries.queue import QueueLine
from applications.web.blueprint import blueprint
from applications.web.wording import language

MACROS = "applications/parts.html"

_badges: dict[tuple[int, str, bool], tuple[State, Markup]] = {}
"""Badges by state; the state is held so that no other takes its identity."""


def state_badge(state: State, is_public: bool = False) -> Markup:
    """The state of a dossier in a word, coloured by who has to act; for applicants the public word."""
    key = (id(state), language(), is_public)
    if key not in _badges:
        _badges[key] = (state, _macro("state_badge", state, is_public))
    return _badges[key][1]


def due_mark(line: QueueLine) -> Markup:
    """How many working days are left to a line of the queue, or have passed; empty when no deadline runs."""
    for macro, days in (("days_late", line.days_late), ("days_over", line.days_over), ("days_left", line.days_left)):
        if days is not None:
            return _due_mark(macro, days, language())
    return Markup("")


@lru_cache(maxsize=2048)
def _due_mark(macro: str, days: int, spoken: str) -> Markup:
    return _macro(macro, days)


def _macro(name: str, *values: object) -> Markup:
    written: Markup = getattr(current_app.jinja_env.get_template(MACROS).module, name)(*values)
    return written


blueprint.add_app_template_global(state_badge, "state_badge")
blueprint.add_app_template_global(due_mark, "due_mark")

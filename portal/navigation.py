"""The main navigation: what the domains registered, narrowed to what the reader may use."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, request
from flask_babel import lazy_gettext

from foundation.access import current_actor
from foundation.register import DOMAINS, NavigationEntry

GROUPS: dict[str, Any] = {
    "main": "",
    "work": lazy_gettext("Work"),
    "administration": lazy_gettext("Administration"),
    "public": lazy_gettext("Public information"),
    "account": lazy_gettext("Account"),
}
"""The groups of the navigation in the order shown; "account" is the menu under the person's name."""


@dataclass(frozen=True, slots=True)
class Group:
    """Some lines of the navigation under one heading (empty for the first)."""

    code: str
    title: Any
    entries: Sequence[NavigationEntry]


def entries_of(group: str) -> list[NavigationEntry]:
    """The lines of one group that the reader may use, in order."""
    actor = current_actor()
    entries = [
        entry
        for domain in DOMAINS.values()
        for entry in domain.navigation
        if entry.group == group and entry.is_for(actor)
    ]
    return sorted(entries, key=lambda entry: entry.order)


def navigation(*codes: str) -> list[Group]:
    """The named groups that have something to show."""
    groups = [Group(code, GROUPS[code], entries_of(code)) for code in codes]
    return [group for group in groups if group.entries]


def is_current(entry: NavigationEntry) -> bool:
    """Whether the page shown belongs to this line."""
    if entry.active_prefix:
        return request.path == entry.active_prefix or request.path.startswith(entry.active_prefix + "/")
    return request.endpoint == entry.endpoint


def install(app: Flask) -> None:
    """Offer the navigation to every template."""
    app.jinja_env.globals.update(
        navigation=navigation, entries_of=entries_of, is_current=is_current, current_actor=current_actor
    )

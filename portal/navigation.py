"""The main navigation: what the domains registered, narrowed to what the reader may use."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, render_template, request
from flask_babel import lazy_gettext
from markupsafe import Markup

from foundation.access import current_actor
from foundation.actors import Actor
from foundation.register import DOMAINS, NavigationEntry
from foundation.speech import current_language

GROUPS: dict[str, Any] = {
    "main": "",
    "work": lazy_gettext("Work"),
    "administration": lazy_gettext("Administration"),
    "public": lazy_gettext("Public information"),
    "account": lazy_gettext("Account"),
}
"""The groups of the navigation in the order shown; "account" is the menu under the person's name."""

SIDE_GROUPS = ("main", "work", "administration", "public")


@dataclass(frozen=True, slots=True)
class Group:
    """Some lines of the navigation under one heading (empty for the first)."""

    code: str
    title: Any
    entries: Sequence[NavigationEntry]


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines that somebody may use, those of the page shown, and what tells equal ones."""

    actor: Actor
    entries: Sequence[NavigationEntry]
    current: Sequence[NavigationEntry]
    key: tuple[tuple[int, ...], tuple[int, ...]]


def entries_for(actor: Actor) -> list[NavigationEntry]:
    """The lines that somebody may use, in order."""
    entries = [entry for domain in DOMAINS.values() for entry in domain.navigation if entry.is_for(actor)]
    return sorted(entries, key=lambda entry: entry.order)


def groups_of(entries: Sequence[NavigationEntry], codes: Sequence[str]) -> list[Group]:
    """The named groups that have something to show."""
    groups = [Group(code, GROUPS[code], [entry for entry in entries if entry.group == code]) for code in codes]
    return [group for group in groups if group.entries]


def is_current(entry: NavigationEntry, path: str, endpoint: str | None) -> bool:
    """Whether the page shown belongs to this line."""
    if entry.active_prefix:
        return path == entry.active_prefix or path.startswith(entry.active_prefix + "/")
    return endpoint == entry.endpoint


_parts: dict[tuple[str, str, tuple[int, ...], tuple[int, ...]], Markup] = {}
"""Parts of the frame as they were written for a language, the lines shown and those of the page: few, and the
same on every page."""


def frame_part(name: str) -> Markup:
    """A part of the frame around each page ("side", "links", "account", "foot"), written once for equal readers."""
    lines = _lines()
    key = (name, current_language(), *lines.key)
    part = _parts.get(key)
    if part is None:
        part = _parts[key] = _written(name, lines.entries, lines.current)
    return part


def _lines() -> Lines:
    """Those of the reader on this page, found once for all parts of the frame."""
    actor = current_actor()
    known: Lines | None = g.get("navigation")
    if known is None or known.actor is not actor:
        entries, path, endpoint = entries_for(actor), request.path, request.endpoint
        current = [entry for entry in entries if is_current(entry, path, endpoint)]
        known = g.navigation = Lines(actor, entries, current, (tuple(map(id, entries)), tuple(map(id, current))))
    return known


def _written(name: str, entries: Sequence[NavigationEntry], current: Sequence[NavigationEntry]) -> Markup:
    groups = groups_of(entries, SIDE_GROUPS)
    by_code = {group.code: group.entries for group in groups_of(entries, ("public", "account"))}
    text = render_template(
        f"portal/frame/{name}.html",
        groups=groups,
        current=current,
        public=by_code.get("public", ()),
        account=by_code.get("account", ()),
    )
    return Markup(text)  # noqa: S704 - our own template


def install(app: Flask) -> None:
    """Offer the navigation to every template."""
    app.jinja_env.globals.update(frame_part=frame_part, current_actor=current_actor)

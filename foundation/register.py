"""Where the floors above are found: each domain registers what it brings, the portal walks the register."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Blueprint
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from foundation.actors import Actor
from foundation.calculators import PublicCalculator
from foundation.companypanels import MakePanel
from foundation.wording import Trilingual


@dataclass(frozen=True, slots=True)
class Role:
    """A role that an administrator can grant, and the scopes that narrow it (procedure, unit, park, fund)."""

    code: str
    title: Trilingual
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What can narrow a role besides a unit: its choices for a reader, as pairs of code and title."""

    code: str
    title: Any
    choices: Callable[[Session, str], Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """A line of the main navigation; ``title`` is a lazy translation, ``order`` sorts within ``group``."""

    endpoint: str
    title: Any
    icon: str
    is_for: Callable[[Actor], bool]
    order: int = 100
    group: str = "main"
    active_prefix: str = ""


def public_page(endpoint: str, title: Any, icon: str, *, order: int, active_prefix: str = "") -> NavigationEntry:
    """The line of a page that is open to everybody."""
    return NavigationEntry(endpoint, title, icon, _everybody, order, "public", active_prefix)


def _everybody(_: Actor) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The page that takes the place of home for those who do nothing else here."""

    endpoint: str
    is_for: Callable[[Actor], bool]


@dataclass(frozen=True, slots=True)
class CasePage:
    """Where a package tells staff more of one of its dossiers; the endpoint takes its ``key``."""

    endpoint: str
    title: LazyString


@dataclass(slots=True)
class Domain:
    """What one package brings to the product."""

    name: str
    blueprints: list[Blueprint] = field(default_factory=list)
    api_blueprints: list[Any] = field(default_factory=list)
    navigation: list[NavigationEntry] = field(default_factory=list)
    company_panels: list[MakePanel] = field(default_factory=list)
    packs_folder: Path | None = None
    commands: list[Any] = field(default_factory=list)
    calculators: list[PublicCalculator] = field(default_factory=list)
    front_page: FrontPage | None = None
    case_page: CasePage | None = None


DOMAINS: dict[str, Domain] = {}
ROLES: dict[str, Role] = {}
SCOPES: dict[str, Scope] = {}


def register_domain(domain: Domain) -> Domain:
    """Add a package's contribution. Raises ValueError when the name is taken."""
    if domain.name in DOMAINS:
        raise ValueError(f"domain {domain.name!r} is registered twice")
    DOMAINS[domain.name] = domain
    return domain


def register_role(role: Role) -> Role:
    """Make a role grantable. Raises ValueError when the code is taken."""
    if role.code in ROLES:
        raise ValueError(f"role {role.code!r} is registered twice")
    ROLES[role.code] = role
    return role


def register_scope(scope: Scope) -> Scope:
    """Let grants be narrowed by this kind of thing ("procedure", "park", "fund").

    Raises ValueError when the code is taken.
    """
    if scope.code in SCOPES:
        raise ValueError(f"scope {scope.code!r} is registered twice")
    SCOPES[scope.code] = scope
    return scope

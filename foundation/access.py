"""Access rules of routes: every route declares who may call it; what declares nothing is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from foundation.actors import PUBLIC, Actor
from foundation.errors import NotAllowed

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class AccessRule:
    """Who may call a route. ``name`` is what the access table shows."""

    name: str
    admits: Callable[[Actor], bool]
    sends_to_sign_in: bool = True


EVERYONE = AccessRule("everyone", lambda actor: True)
SIGNED_IN = AccessRule("signed in", lambda actor: actor.is_signed_in)
STAFF = AccessRule("staff", lambda actor: actor.is_staff)


def roles(*names: str) -> AccessRule:
    """Admits whoever holds one of these roles with any scope; the operation checks the exact scope."""
    return AccessRule(" or ".join(names), lambda actor: actor.holds(*names))


def access(rule: AccessRule) -> Callable[[View], View]:
    """Decorator (outermost but for the route) that declares the access rule of a view or MethodView class."""

    def declare(view: View) -> View:
        view.__access__ = rule  # type: ignore[attr-defined]  # functions accept attributes
        return view

    return declare


def rule_of(view: Callable[..., Any]) -> AccessRule | None:
    """The rule that a view function, or the class behind it, declares."""
    declared = getattr(view, "__access__", None) or getattr(getattr(view, "view_class", None), "__access__", None)
    return declared if isinstance(declared, AccessRule) else None


def accepts_files(view: View) -> View:
    """Decorator of a route that takes documents: its request may be as large as a document may be."""
    view.__accepts_files__ = True  # type: ignore[attr-defined]  # functions accept attributes
    return view


def takes_files(view: Callable[..., Any]) -> bool:
    """Whether a view function, or the class behind it, declares that it takes documents."""
    return bool(
        getattr(view, "__accepts_files__", False)
        or getattr(getattr(view, "view_class", None), "__accepts_files__", False)
    )


def current_actor() -> Actor:
    """The actor of this request; the public before anybody was recognised."""
    actor: Actor = g.get("actor", PUBLIC)
    return actor


def for_people(view: View) -> View:
    """Decorator of a page that stands among the addresses of the API."""
    view.__for_people__ = True  # type: ignore[attr-defined]  # functions accept attributes
    return view


def is_api_request() -> bool:
    """Whether a program asks."""
    if not request.path.startswith("/api/"):
        return False
    view = current_app.view_functions.get(request.endpoint or "")
    return not getattr(view, "__for_people__", False)


def _enforce() -> Response | None:
    if request.endpoint is None:
        return None  # no such address: the 404 page answers
    rule = rule_of(current_app.view_functions[request.endpoint])
    if rule is None:
        raise NotAllowed
    actor = current_actor()
    if rule.admits(actor):
        return None
    if not actor.is_signed_in and rule.sends_to_sign_in and not is_api_request() and request.method == "GET":
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    raise NotAllowed


def install(app: Flask, *, identify: Callable[[], Actor], count: Callable[[], None] | None = None) -> None:
    """Recognise the actor of each request with ``identify``, ``count`` it, and enforce the declared rules."""

    def recognise() -> None:
        g.actor = identify()

    app.before_request(recognise)
    if count is not None:
        app.before_request(count)
    app.before_request(_enforce)
    access(EVERYONE)(app.view_functions["static"])


def access_table(app: Flask) -> list[tuple[str, str, str]]:
    """Every route with its methods and the name of its rule, for the published table and its test."""
    rows = []
    for route in app.url_map.iter_rules():
        rule = rule_of(app.view_functions[route.endpoint])
        methods = ",".join(sorted((route.methods or set()) - {"HEAD", "OPTIONS"}))
        rows.append((route.rule, methods, rule.name if rule else "DENIED"))
    return sorted(rows)

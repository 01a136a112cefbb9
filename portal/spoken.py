"""Templates compiled once for each language: plain words are translated then, not on every page."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from flask import Flask
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer

GETTEXT = frozenset({"_", "gettext"})


class SpokenEnvironment(Environment):
    """Flask's environment; each template asked of it is that of the present reader's language.

    ``language`` is None here and set in the environments made for each language, which share everything else.
    """

    language: str | None = None

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self._spoken: dict[str, SpokenEnvironment] = {}
        self._choose: Callable[[], str] = lambda: ""
        self._translate: Callable[[str], str] = str

    def speak(self, choose: Callable[[], str], translate: Callable[[str], str]) -> None:
        """From now on ``choose`` tells the language of a page, ``translate`` words into that language."""
        self._choose, self._translate = choose, translate

    def get_template(self, name: str | Template, parent: str | None = None, globals: Any = None) -> Template:
        if self.language is not None or isinstance(name, Template):
            return super().get_template(name, parent, globals)
        return self._now_spoken().get_template(name, parent, globals)

    def select_template(self, names: Any, parent: str | None = None, globals: Any = None) -> Template:
        if self.language is not None:
            return super().select_template(names, parent, globals)
        return self._now_spoken().select_template(names, parent, globals)

    def _now_spoken(self) -> "SpokenEnvironment":
        language = self._choose()
        found = self._spoken.get(language)
        if found is None:
            found = self.overlay()
            found.language = language
            self._spoken[language] = found
        return found

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if self.language is None:
            return tree
        return cast(nodes.Template, _Translator(self._translate).visit(tree))


class _Translator(NodeTransformer):
    """Puts the translation in place of each ``_("…")`` without placeholders, marked as safe as gettext marks it."""

    def __init__(self, translate: Callable[[str], str]) -> None:
        self._translate = translate

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the name Jinja calls
        node = cast(nodes.Call, self.generic_visit(node))
        message = _plain_message(node)
        if message is None:
            return node
        no_values: Mapping[str, object] = {}
        return nodes.MarkSafe(nodes.Const(self._translate(message) % no_values), lineno=node.lineno)


def _plain_message(node: nodes.Call) -> str | None:
    if not isinstance(node.node, nodes.Name) or node.node.name not in GETTEXT:
        return None
    if len(node.args) != 1 or node.kwargs or node.dyn_args or node.dyn_kwargs:
        return None
    message = node.args[0]
    return message.value if isinstance(message, nodes.Const) and isinstance(message.value, str) else None

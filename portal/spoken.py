"""Templates compiled once for each language: what stays the same on every page is settled then, not each time."""

import re
from collections.abc import Callable, Mapping, MutableMapping
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any, cast

from flask import Flask
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

GETTEXT = frozenset({"_", "gettext"})
SETTLED = frozenset({"static_url", "icon"})
"""Globals that answer the same for the same words as long as the process runs."""

BY_READER, BY_LANGUAGE = "localized", "in_language"
"""The filter that asks for the reader's language, and the same which is told."""

PIECE_BY_PIECE = (
    (re.compile(r"yield from (context\.blocks\[.*)"), r"yield ''.join(\1)"),
    (re.compile(r"for event in gen:\s+yield event"), "yield ''.join(\ngen)"),
)
"""A block and an included template as Jinja writes them, each piece wandering through every template around."""

PLAIN_KINDS = frozenset({FunctionType, MethodType, BuiltinMethodType})
NOT_THERE = object()

MEANING = re.compile("[&<>'\"]")
PLACEHOLDER = re.compile(r"%\((\w+)\)s|%(%)")


def shown(value: Any) -> str:
    """A value as HTML: most are texts without any sign that means something there, and stay as they are."""
    kind = type(value)
    if kind is str:
        text: str = value
        return escape(text) if MEANING.search(text) else text
    if kind is Markup:
        safe: Markup = value
        return safe
    return str(value) if kind is int else escape(value)


class PlainContext(Context):
    """Calls macros and plain functions at once; only the others are asked whether they want the page with it."""

    def call(self, asked: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        kind = type(asked)
        is_macro = kind is Macro
        if is_macro or (kind in PLAIN_KINDS and not hasattr(asked, "jinja_pass_arg")):
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
            return asked(self.eval_ctx, *args, **kwargs) if is_macro else asked(*args, **kwargs)
        return super().call(asked, *args, **kwargs)


class PlainlyShown(CodeGenerator):
    """Writes values into the page by :func:`shown`, and each block and each included template as one piece."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's name
        super().visit_Template(node, frame)
        self.writeline(f"from {shown.__module__} import {shown.__name__}, NOT_THERE")

    def visit_Block(self, node: nodes.Block, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        self._as_one_piece(super().visit_Block, node, frame)

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        self._as_one_piece(super().visit_Include, node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        """What is no attribute is looked for as Jinja does; asking Jinja for each takes longer than the answer."""
        self.write("(found if (found := getattr((asked := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, NOT_THERE)) is not NOT_THERE else environment.getattr(asked, {node.attr!r}))")

    def _as_one_piece(self, visit: Callable[[Any, Frame], None], node: nodes.Node, frame: Frame) -> None:
        start = self.stream.tell()
        visit(node, frame)
        self.stream.seek(start)
        written = self.stream.read()
        for pieces, whole in PIECE_BY_PIECE:
            written = pieces.sub(whole, written)
        self.stream.seek(start)
        self.stream.truncate()
        self.stream.write(written)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write(f"{shown.__name__}(")


class SpokenEnvironment(Environment):
    """Flask's environment; each template asked of it is that of the present reader's language.

    ``language`` is None here and set in the environments made for each language, which share everything else.
    """

    language: str | None = None
    code_generator_class = PlainlyShown
    context_class = PlainContext

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self._spoken: dict[str, SpokenEnvironment] = {}
        self._choose: Callable[[], str] = lambda: ""
        self._translate: Callable[[str], str] = str

    def speak(self, choose: Callable[[], str], translate: Callable[[str], str]) -> None:
        """From now on ``choose`` tells the language of a page, ``translate`` words into that language."""
        self._choose, self._translate = choose, translate

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A template without globals of its own has those of the environment, not a copy that is asked twice."""
        return super().make_globals(d) if d else self.globals

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
        return cast(nodes.Template, _Settler(self, self._translate).visit(tree))


class _Settler(NodeTransformer):
    """Puts a call's answer in its place where that is known by now, and a quicker call where it is not.

    ``_("…")`` becomes its translation, marked as safe as gettext marks it, with its values between the words; a global
    that is a filter as well is called as one, which Jinja does directly.
    """

    def __init__(self, environment: SpokenEnvironment, translate: Callable[[str], str]) -> None:
        self._environment, self._translate = environment, translate

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the name Jinja calls
        node = cast(nodes.Call, self.generic_visit(node))
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
            return node
        name, words = node.node.name, _only_words(node)
        if name in GETTEXT:
            return self._translation(node)
        if name in SETTLED and words is not None:
            return self._answer(name, words, node.lineno)
        if node.args and name in self._environment.filters and name in self._environment.globals:
            return nodes.Filter(node.args[0], name, node.args[1:], node.kwargs, None, None, lineno=node.lineno)
        return node

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:  # noqa: N802 - the name Jinja calls
        node = cast(nodes.Filter, self.generic_visit(node))
        if node.name == BY_READER and BY_LANGUAGE in self._environment.filters:
            language = nodes.Const(self._environment.language)
            return nodes.Filter(node.node, BY_LANGUAGE, [language], [], None, None, lineno=node.lineno)
        return node

    def _translation(self, node: nodes.Call) -> nodes.Node:
        """The translation in pieces, each value between its neighbours; ``node`` where that cannot be known yet."""
        message = node.args[0] if len(node.args) == 1 else None
        if not isinstance(message, nodes.Const) or not isinstance(message.value, str):
            return node
        values = {one.key: one.value for one in node.kwargs}
        pieces = _pieces(self._translate(message.value), values)
        if pieces is None:
            return node
        return pieces[0] if len(pieces) == 1 else nodes.Concat(pieces, lineno=node.lineno)

    def _answer(self, name: str, words: str, line: int) -> nodes.Node:
        answer = cast(Callable[[str], str], self._environment.globals[name])(words)
        constant = nodes.Const(str(answer), lineno=line)
        return nodes.MarkSafe(constant, lineno=line) if isinstance(answer, Markup) else constant


def _pieces(translated: str, values: Mapping[str, nodes.Expr]) -> list[nodes.Expr] | None:
    """Words marked as safe and the values between them; None where one is missing or wants a form of its own."""
    rest = PLACEHOLDER.sub("", translated)
    names = [name for name, _ in PLACEHOLDER.findall(translated) if name]
    if "%" in rest or not all(name in values for name in names):
        return None
    found: list[nodes.Expr] = []
    place = 0
    words = ""
    for match in PLACEHOLDER.finditer(translated):
        words += translated[place : match.start()] + (match[2] or "")
        place = match.end()
        if match[1]:
            found += [nodes.MarkSafe(nodes.Const(words)), values[match[1]]]
            words = ""
    return [*found, nodes.MarkSafe(nodes.Const(words + translated[place:]))]


def _only_words(node: nodes.Call) -> str | None:
    """The call's one argument, if that is all it has and stands written in the template."""
    if len(node.args) != 1 or node.kwargs:
        return None
    words = node.args[0]
    return words.value if isinstance(words, nodes.Const) and isinstance(words.value, str) else None

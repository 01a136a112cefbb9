"""Rules combined with ``& | ~``: a small boolean language over registered names."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Ask = Callable[[str], bool]


class ExpressionError(ValueError):
    """The text is no combination of names with ``& | ~`` and brackets."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed combination, e.g. ``case_officer & ~conflicted | administrator``."""

    text: str

    @classmethod
    def parse(cls, text: str) -> "Expression":
        """Check and keep ``text``. Raises ExpressionError."""
        _check(_tree(text))
        return cls(text)

    def names(self) -> Iterator[str]:
        """Every rule name used."""
        return (node.id for node in ast.walk(_tree(self.text)) if isinstance(node, ast.Name))

    def kept_out(self) -> frozenset[str]:
        """The rule names that must not hold."""
        inverted = [node for node in ast.walk(_tree(self.text)) if isinstance(node, ast.UnaryOp)]
        return frozenset(inner.id for node in inverted for inner in ast.walk(node) if isinstance(inner, ast.Name))

    def admitted(self) -> list[str]:
        """The rule names of which one opens the step, each once, in their order."""
        return [name for name in dict.fromkeys(self.names()) if name not in self.kept_out()]

    def holds(self, ask: Ask) -> bool:
        """The value, with ``ask`` answering for each name."""
        return _value(_tree(self.text), ask)


_parsed: dict[str, ast.expr] = {}


def _tree(text: str) -> ast.expr:
    if text not in _parsed:
        try:
            _parsed[text] = ast.parse(text, mode="eval").body
        except SyntaxError as error:
            raise ExpressionError(f"{text!r} is no rule expression") from error
    return _parsed[text]


def _check(node: ast.expr) -> None:
    match node:
        case ast.Name():
            return
        case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr(), right=right):
            _check(left)
            _check(right)
        case ast.UnaryOp(op=ast.Invert(), operand=operand):
            _check(operand)
        case _:
            raise ExpressionError(f"{ast.unparse(node)!r}: only names, '&', '|', '~' and brackets")


def _value(node: ast.expr, ask: Ask) -> bool:
    match node:
        case ast.Name(id=name):
            return ask(name)
        case ast.BinOp(left=left, op=ast.BitAnd(), right=right):
            return _value(left, ask) and _value(right, ask)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _value(left, ask) or _value(right, ask)
        case ast.UnaryOp(op=ast.Invert(), operand=operand):
            return not _value(operand, ask)
    raise ExpressionError(ast.unparse(node))

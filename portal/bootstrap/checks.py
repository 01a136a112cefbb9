"""The checks that need no database: style, types, the order of the floors, templates, translations."""

from collections.abc import Sequence
from dataclasses import dataclass

TYPED = ("portal", "sandbox", "fund", "parks", "applications", "accounts", "foundation", "wsgi.py")


@dataclass(frozen=True, slots=True)
class Check:
    """A program of the virtualenv that succeeds or says what is wrong."""

    name: str
    arguments: Sequence[str]

    def command(self, python: str) -> list[str]:
        return [python, *self.arguments]


CHECKS = (
    Check("style", ("-m", "ruff", "check", ".")),
    Check("format", ("-m", "ruff", "format", "--check", ".")),
    Check("types", ("-m", "mypy", *TYPED)),
    Check(
        "floors",
        ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"),
    ),
    Check("templates", ("-m", "djlint", "templates", "--lint", "--quiet")),
    Check("translations", ("-m", "portal.catalogues", "check")),
)

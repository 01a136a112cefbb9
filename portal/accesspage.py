"""The page for administrators of an installation on who may call which address, made from the routes themselves."""

from collections.abc import Iterable

Row = tuple[str, str, str]

OPENING = """# Who may call what

Made by `flask access document`; do not edit.

Every address declares one rule; an address without a rule is refused to everybody. "Everyone" includes the public.
A rule on a role lets its holders reach the address; the operation behind it then checks their scope (unit,
procedure, organisation) and answers 404 for what lies outside it. Programs call `/api/` with a token and are never
recognised by the cookie of a browser.
"""

HEAD = ("| Address | Methods | Who |", "| --- | --- | --- |")


def document(rows: Iterable[Row]) -> str:
    """The Markdown page of the access table, with pages and programs' addresses apart."""
    listed = list(rows)
    pages = [row for row in listed if not row[0].startswith("/api/")]
    api = [row for row in listed if row[0].startswith("/api/")]
    return "\n".join([OPENING, *_table("Pages", pages), "", *_table("Programs", api), ""])


def _table(title: str, rows: Iterable[Row]) -> list[str]:
    lines = [f"| `{address}` | {methods.replace(',', ', ')} | {rule} |" for address, methods, rule in rows]
    return [f"## {title}", "", *HEAD, *lines]

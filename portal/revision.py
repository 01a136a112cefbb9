"""Which migration the code needs and the database has, known without the tools that migrate: they take 20 MB."""

import re
from functools import cache

from sqlalchemy import text
from sqlalchemy.engine import Connection

from portal.settings import ROOT

MIGRATIONS = ROOT / "migrations"
NAMES = re.compile(r"^(revision|down_revision)\b[^=\n]*= *[\"'](\w+)[\"']", re.MULTILINE)
HAS_ANY = text("SELECT to_regclass('alembic_version') IS NOT NULL")
PRESENT = text("SELECT version_num FROM alembic_version")


@cache
def newest_revision() -> str | None:
    """The migration that this code needs: the one that no other follows."""
    named: dict[str, set[str]] = {"revision": set(), "down_revision": set()}
    for file in (MIGRATIONS / "versions").glob("*.py"):
        for which, name in NAMES.findall(file.read_text(encoding="utf-8")):
            named[which].add(name)
    newest = named["revision"] - named["down_revision"]
    return newest.pop() if len(newest) == 1 else None


def is_at_head(connection: Connection) -> bool:
    """Whether the database has the schema of this code."""
    return bool(connection.scalar(HAS_ANY)) and connection.scalar(PRESENT) == newest_revision()

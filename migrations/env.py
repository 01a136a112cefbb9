"""How Alembic reaches the database, what it compares and how it writes types down."""

from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import text

from foundation.database import NfcText
from foundation.jobs import include_name

MIGRATION_LOCK = 4_815_162_342
"""Several machines may start at once: the first one migrates, the others wait for it."""


def render_item(kind: str, item: Any, autogen_context: AutogenContext) -> str | bool:
    """Migrations speak of the database alone: none of our own types, which may change later."""
    return "sa.Text()" if kind == "type" and isinstance(item, NfcText) else False


def run_migrations() -> None:
    database = current_app.extensions["migrate"].db
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            include_name=include_name,
            render_item=render_item,
        )
        with context.begin_transaction():
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
            context.run_migrations()


run_migrations()

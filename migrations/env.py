"""How Alembic reaches the database and what it compares."""

from alembic import context
from flask import current_app
from sqlalchemy import text

from foundation.jobs import include_name

MIGRATION_LOCK = 4_815_162_342
"""Several machines may start at once: the first one migrates, the others wait for it."""


def run_migrations() -> None:
    database = current_app.extensions["migrate"].db
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            include_name=include_name,
            compare_server_default=True,
        )
        with context.begin_transaction():
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
            context.run_migrations()


run_migrations()

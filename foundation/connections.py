"""Connections taken from the pool: one whose server has gone is put away without asking the server first."""

import select
from typing import Any

from psycopg.pq import ConnStatus
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import Pool

MOST_PLANS = 400
"""Statements of one connection that the server keeps prepared: some kilobytes each."""


def is_dead(connection: Any) -> bool:
    """Whether the server closed this idle connection: nothing but an end can be waiting to be read from it."""
    if connection.closed or connection.pgconn.status != ConnStatus.OK:
        return True
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


def _refuse_the_dead(connection: Any, record: Any, proxy: Any) -> None:
    if is_dead(connection):
        raise DisconnectionError("the server closed this connection")


def _keep_plans(connection: Any, _: Any) -> None:
    """The driver forgets the least used statement beyond a hundred, which a day's pages together are."""
    connection.prepared_max = MOST_PLANS


def watch_connections() -> None:
    """Let every pool look at a connection before it hands it out, and keep the plans of its statements."""
    if not event.contains(Pool, "checkout", _refuse_the_dead):
        event.listen(Pool, "checkout", _refuse_the_dead)
        event.listen(Pool, "connect", _keep_plans)

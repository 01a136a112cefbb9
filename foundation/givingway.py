"""Work that nobody waits for gives way: a process of the database that does it comes after those that answer pages."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

BEHIND_PAGES = 10
"""Niceness: who waits for a page comes before what can wait."""
LAST = 15
"""Niceness: about a thirtieth of a processor while others want it, all of it while none does."""

SERVER = "postgres"


def all_give_way(engine: Engine) -> None:
    """Let what the database does for this process from now on give way."""

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, record: object) -> None:
        give_way(connection, BEHIND_PAGES)


def give_way(connection: Any, niceness: int = LAST) -> bool:
    """Let the server's process behind this connection give way, if it is ours to tell; whether it does."""
    if not connection.info.host.startswith("/"):
        return False  # on another machine
    number = connection.info.backend_pid
    with suppress(OSError):  # no such process here, or it is not ours
        if Path(f"/proc/{number}/comm").read_text(encoding="utf-8").startswith(SERVER):
            os.setpriority(os.PRIO_PROCESS, number, niceness)
            return True
    return False

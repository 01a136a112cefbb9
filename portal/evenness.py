"""Connections are spread evenly over the processes that answer: one of those in the fullest process is closed after its
answer, and the one that the client opens instead may come to a process with less to do.

The system's kernel gives a new connection to any process at random. Of eight that stay open, often six came to one
process, and whoever waited there waited three times as long as those who came to the other.
"""

import fcntl
import mmap
import os
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SLOT = struct.Struct("<qdd")
"""Of each process: its number, when it last wrote, and how many requests are in it, smoothed."""

MOST_PROCESSES = 64
SIZE = SLOT.size * MOST_PROCESSES
SMOOTHING = 0.2
TOO_MANY = 1.5
"""More requests than in the emptiest process, from which on one connection is sent away."""

SECONDS_BETWEEN = 0.3
"""Until the others are looked at again after a connection was closed, so that its leaving shows."""

FORGOTTEN = 1.0
"""Seconds after which a process that began no request has none."""


class Evenness:
    """How full this process is, written where the other processes read it.

    ``file`` is one that all of them share, of any content; each takes a place in it that its end frees.
    """

    def __init__(self, file: Path) -> None:
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        os.ftruncate(handle, SIZE)
        self._shared = mmap.mmap(handle, SIZE)
        self._place = _free_place(handle)
        self._smoothed = 0.0
        self._looked = 0.0

    def note(self, present: int) -> None:
        """So many requests are at work or wait for their turn here."""
        self._smoothed += SMOOTHING * (present - self._smoothed)
        SLOT.pack_into(self._shared, self._place, os.getpid(), time.monotonic(), self._smoothed)

    def sends_away(self) -> bool:
        """Whether a connection ought to look for another process."""
        now = time.monotonic()
        if self._smoothed < TOO_MANY or now - self._looked < SECONDS_BETWEEN:
            return False
        least = min(self._others(now), default=self._smoothed)
        if self._smoothed - least < TOO_MANY:
            return False
        self._looked = now
        return True

    def _others(self, now: float) -> Iterator[float]:
        for place in range(0, SIZE, SLOT.size):
            process, written, present = SLOT.unpack_from(self._shared, place)
            if not process:
                return  # places are taken from the first on
            if place != self._place and _lives(process):
                yield present if now - written < FORGOTTEN else 0.0


def _free_place(handle: int) -> int:
    """The first place that no living process holds; it is freed when this process ends."""
    for place in range(0, SIZE, SLOT.size):
        with suppress(OSError):
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, SLOT.size, place)
            return place
    raise RuntimeError("more processes answer than have places")


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True

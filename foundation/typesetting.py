"""Documents set in type by a process of its own, which starts when first needed and ends when idle.

Whoever serves pages holds neither the fonts nor what Typst remembers, some 50 MB, and goes on while it works.
"""

import atexit
import json
import os
import select
import struct
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any

from foundation.apart import PROGRAMS, WorkFailed

SECONDS = 60
"""How long one document may take."""

CHUNK = 1 << 18
ANSWER = struct.Struct(">BI")
LENGTH = struct.Struct(">I")


class Typesetter:
    """One process, asked for one document at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def set(self, path: str, facts: Mapping[str, Any], *, root: str, standards: Sequence[str]) -> bytes:
        """The PDF of the template at ``path``.

        Raises:
            WorkFailed: the template and the facts make no document, or it takes too long.
        """
        asked = json.dumps({"root": root, "input": path, "standards": [*standards], "facts": json.dumps(facts)})
        with self._lock:
            try:
                kind, content = self._answer(asked.encode())
            except OSError:  # it had ended, as it does when idle: a new one is asked, once
                self.end()
                kind, content = self._answer_or_fail(asked.encode())
        if kind:
            raise WorkFailed(content.decode(errors="replace"))
        return content

    def end(self) -> None:
        """Let the process go; the next document starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        with suppress(OSError):
            process.communicate()

    def _answer_or_fail(self, asked: bytes) -> tuple[int, bytes]:
        try:
            return self._answer(asked)
        except OSError as error:
            self.end()
            raise WorkFailed("the process that sets documents in type does not answer") from error

    def _answer(self, asked: bytes) -> tuple[int, bytes]:
        process = self._process = self._process or _started()
        assert process.stdin  # noqa: S101 - a pipe
        assert process.stdout  # noqa: S101 - another
        process.stdin.write(LENGTH.pack(len(asked)) + asked)
        process.stdin.flush()
        end = time.monotonic() + SECONDS
        source = process.stdout.fileno()
        kind, length = ANSWER.unpack(self._read(source, ANSWER.size, end))
        return kind, self._read(source, length, end)

    def _read(self, source: int, length: int, end: float) -> bytes:
        found = bytearray()
        while len(found) < length:
            if not select.select([source], [], [], max(0, end - time.monotonic()))[0]:
                self.end()
                raise WorkFailed("it takes too long")
            piece = os.read(source, min(CHUNK, length - len(found)))
            if not piece:
                raise ConnectionResetError("it ended before it answered")
            found += piece
        return bytes(found)


def _started() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-I", str(PROGRAMS / "typesetter.py")]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - a program of ours


typesetter = Typesetter()
"""The one of this process."""

atexit.register(typesetter.end)

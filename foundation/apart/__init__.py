"""Work on files that may be hostile, done by a process of its own that can neither hang nor eat the machine.

The programs in this room import nothing of the product, so that they start in a tenth of a second.
"""

import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, BinaryIO

PROGRAMS = Path(__file__).resolve().parent
SECONDS = 60
LIMITS = ((resource.RLIMIT_AS, 1 << 30), (resource.RLIMIT_CPU, 30), (resource.RLIMIT_CORE, 0))
"""What the process may take: bytes of memory, seconds of work, and nothing written down of its end."""
CHUNK = 1 << 18


class WorkFailed(Exception):  # noqa: N818 - says what happened
    """The process broke, took too long, or wanted too much."""


def work_apart(program: str | Path, argument: str, stream: BinaryIO) -> bytes:
    """What a program of this room, or one at a path, writes, given the file as its input and one argument.

    Raises:
        WorkFailed: see there.
    """
    with TemporaryFile() as copy:
        stream.seek(0)
        while chunk := stream.read(CHUNK):
            copy.write(chunk)
        copy.seek(0)
        path = program if isinstance(program, Path) else PROGRAMS / f"{program}.py"
        return _run([sys.executable, "-I", str(path), argument], copy)


def _run(command: list[str], file: IO[bytes]) -> bytes:
    with subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        with suppress(ProcessLookupError):
            for what, most in LIMITS:
                resource.prlimit(process.pid, what, (most, most))
        try:
            written, said = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise WorkFailed("it takes too long") from error
    if process.returncode:
        raise WorkFailed(said.decode(errors="replace")[-500:].strip() or f"it ended with {process.returncode}")
    return written

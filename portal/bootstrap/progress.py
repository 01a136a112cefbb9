"""Work that takes a while, shown while it lasts: what is done, for how long, and why it failed."""

import fcntl
import hashlib
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

HEARTBEAT_SECONDS = 10.0
LINES_OF_A_FAILURE = 40


class SetUpFailed(Exception):  # noqa: N818 - named after what happened
    """Set-up cannot go on; the message tells a person what to do."""


def say(text: str) -> None:
    print(text, flush=True)


class Work:
    """A program of the set-up, running beside others; its output goes to a log."""

    def __init__(self, title: str, command: Sequence[str], *, log: Path, environment: Mapping[str, str]) -> None:
        self.title = title
        self.log = log
        self._started = self._spoke = time.monotonic()
        log.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                list(command), stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=dict(environment)
            )
        say(f"  {title} …")

    def is_done(self) -> bool:
        """Whether it ended; says now and then that it has not.

        Raises:
            SetUpFailed: it ended badly; the message holds the end of its log.
        """
        code = self._process.poll()
        seconds = time.monotonic() - self._started
        if code is None:
            if time.monotonic() - self._spoke > HEARTBEAT_SECONDS:
                self._spoke = time.monotonic()
                say(f"  {self.title} … {seconds:.0f} s")
            return False
        if code:
            raise SetUpFailed(f"{self.title} failed ({code}); from {self.log}:\n{self._end_of_log()}")
        say(f"  {self.title}: {seconds:.0f} s")
        return True

    def end(self) -> None:
        self._process.terminate()
        self._process.wait()

    def _end_of_log(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-LINES_OF_A_FAILURE:])


def finish(*works: Work) -> None:
    """Wait for all; when one fails, or we are interrupted, the others are ended."""
    waiting = list(works)
    try:
        while waiting:
            waiting = [work for work in waiting if not work.is_done()]
            time.sleep(0.05)
    except BaseException:
        for work in waiting:
            work.end()
        raise


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Two set-ups of one state folder follow each other."""
    with lock.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("  another set-up is at work here; waiting for it …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


class Stamp:
    """Remembers from what a thing was made, so that it is made again only when that changed."""

    def __init__(self, file: Path, *ingredients: str | Path) -> None:
        self._file = file
        digest = hashlib.sha256()
        for ingredient in ingredients:
            content = ingredient.read_bytes() if isinstance(ingredient, Path) else ingredient.encode()
            digest.update(hashlib.sha256(content).digest())
        self._digest = digest.hexdigest()

    def is_current(self) -> bool:
        return self._file.exists() and self._file.read_text(encoding="ascii") == self._digest

    def set(self) -> None:
        self._file.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        self._file.write_text(self._digest, encoding="ascii")

    def clear(self) -> None:
        self._file.unlink(missing_ok=True)

"""A program that has to run for as long as the supervisor does."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from portal.lifeline import die_with_parent

LONGEST_DELAY = 30.0
STEADY_SECONDS = 30.0
"""Whoever ran this long is started at once when it dies; who dies sooner waits ever longer."""

SECONDS_TO_END = 20.0


class Child:
    """One supervised program with all that it starts itself."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        when_orphaned: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._not_before = 0.0
        self._delay = 0.0
        self._kill_at: float | None = None
        self._when_orphaned = when_orphaned

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent(self._when_orphaned),
        )

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def watch(self) -> str | None:
        """Start it again when it is dead and its time has come; what there is to tell."""
        if self.is_running():
            if self._kill_at is not None and time.monotonic() > self._kill_at:
                self._kill_group()
            return None
        if self._process is not None:
            code = self._process.returncode
            self._forget()
            return f"{self.name} ended ({_ending(code)}), starting it again"
        if time.monotonic() >= self._not_before:
            self.start()
        return None

    def ask_to_end(self) -> None:
        """Ask the program to finish what it is at and end; :meth:`watch` kills it when it does not."""
        if self._process is not None and self.is_running():
            self._process.terminate()
            self._kill_at = time.monotonic() + SECONDS_TO_END

    def end(self) -> None:
        """End it and all that it started; kill what does not."""
        if self._process is None:
            return
        self.ask_to_end()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(SECONDS_TO_END)
        self._kill_group()
        self._process.wait()
        self._process = None

    def _forget(self) -> None:
        """After a death: clear what it left, and set when to try again."""
        self._kill_group()
        is_steady = time.monotonic() - self._started >= STEADY_SECONDS
        self._not_before = time.monotonic() + (0 if is_steady else self._delay)
        self._delay = 0.0 if is_steady else min(LONGEST_DELAY, max(0.5, self._delay * 2))
        self._kill_at = None
        self._process = None

    def _kill_group(self) -> None:
        """End what the program started: a killed web server leaves workers that hold its port."""
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"status {code}"

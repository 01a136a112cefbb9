"""The order in which the product comes up, and what keeps it up."""

import fcntl
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import IO

from portal.embedded import EMBEDDED_HOME, EmbeddedServer, ServerFailed
from portal.keys import key_files
from portal.lifeline import die_with_parent
from portal.preparation import UNASKED, accounts_file
from portal.statefolder import CHECKOUT, environment_for, open_state_folder
from portal.supervisor.address import Address, CannotAnswerThere, choose_address
from portal.supervisor.children import LONGEST_DELAY, Child
from portal.turns import WAITING_THREADS

SECONDS_BETWEEN_LOOKS = 0.25
WORKER = "worker"
BACKLOG = "1024"
ARENAS = "1"
"""Of memory, for the C library: with one for each of many threads, a web process holds what it does not use."""


class ToldToEnd(Exception):  # noqa: N818 - a wish, not an error
    """SIGINT or SIGTERM arrived."""


class CannotStart(Exception):  # noqa: N818 - named after what happened
    """The product cannot come up; the message says why."""


def keep_house() -> int:
    """Bring the product up and keep it up; the exit status when it has ended."""
    os.chdir(CHECKOUT)
    _end_on_signals()
    try:
        with ExitStack() as opened:
            try:
                House(opened).run()
            except ToldToEnd:
                _ignore_signals()
                say("Ending; data stay.")
            except BaseException:
                _ignore_signals()
                raise
    except (CannotStart, CannotAnswerThere, ServerFailed, PermissionError) as reason:
        say(str(reason))
        return 1
    say("Ended.")
    return 0


class House:
    """What runs, in the order in which it was started; ``opened`` ends it in the opposite order."""

    def __init__(self, opened: ExitStack) -> None:
        self.state = open_state_folder()
        self.environment = environment_for(self.state)
        self._opened = opened
        self._opened.enter_context(_alone(self.state))
        self.server: EmbeddedServer | None = None
        self.address: Address = choose_address(self.environment)
        self._opened.callback(self.address.release)
        self.children: list[Child] = []
        self._database_delay = self._database_not_before = 0.0

    def run(self) -> None:
        """Start everything, say where it is, and watch until told to end."""
        self.environment |= key_files(self.state)
        self.environment.setdefault("PUBLIC_URL", self.address.url)
        self._open_database()
        self._prepare()
        self._start_children()
        self._announce()
        while True:
            self._look()
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def _open_database(self) -> None:
        """Our own server, unless ``DATABASE_URL`` names one. Only ours gets the demonstration unasked."""
        if self.environment.get("DATABASE_URL"):
            self.environment.setdefault("DEMO", "0")
            return
        self.server = EmbeddedServer(self.state / EMBEDDED_HOME)
        self._opened.callback(self.server.stop)
        self.server.start()
        self.server.ensure_database()
        self.environment["DATABASE_URL"] = self.server.url()
        self.environment.setdefault("DEMO", UNASKED)
        say("Database is up.")

    def _prepare(self) -> None:
        """Migrations, procedure packs and the demonstration, in a process of their own."""
        process = subprocess.Popen(
            [sys.executable, "-m", "portal.preparation"],
            env=self.environment,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        try:
            code = process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
        if code:
            raise CannotStart("The database could not be prepared; the reason stands above.")
        if self.environment["DEMO"] == UNASKED:
            self.environment["DEMO"] = "1" if accounts_file(self.state).exists() else "0"

    def _start_children(self) -> None:
        environment = {"MALLOC_ARENA_MAX": ARENAS, **self.environment}
        serving = {"SERVING": "1", "EVENNESS_FILE": str(self.state / "web-processes")}
        web = Child("web", self._web_command(), environment | serving)
        command = [sys.executable, "-m", "portal.worker"]
        worker = Child(WORKER, command, environment, when_orphaned=signal.SIGKILL)
        for child in (web, worker):
            self.children.append(child)
            self._opened.callback(child.end)
            child.start()
        self._opened.callback(self._ask_all_to_end)

    def _web_command(self) -> list[str]:
        workers = self.environment.get("WEB_WORKERS") or "2"
        if not workers.isascii() or not workers.isdigit() or int(workers) < 1:
            raise CannotStart(f"WEB_WORKERS={workers} is no number from 1 on.")
        return [
            *(sys.executable, "-m", "granian", "wsgi:app", "--interface", "wsgi", "--no-ws"),
            *("--host", self.address.host, "--port", str(self.address.port), "--backlog", BACKLOG),
            *("--workers", workers, "--blocking-threads", str(WAITING_THREADS), "--respawn-failed-workers"),
            *("--respawn-interval", "0.2", "--workers-kill-timeout", "10", "--log-level", "error"),
        ]

    def _ask_all_to_end(self) -> None:
        for child in self.children:
            child.ask_to_end()

    def _announce(self) -> None:
        """Wait for the first answer and say where it came from, and who can sign in."""
        while not _answers(f"{self.address.url}/healthz"):
            self._look()
            time.sleep(SECONDS_BETWEEN_LOOKS)
        asked = self.environment.get("PORT")
        moved = "" if asked or self.address.port == 8000 else " (port 8000 is taken)"
        say(f"\nKhuê Văn answers at {self.address.url}{moved}")
        accounts = accounts_file(self.state)
        if self.environment["DEMO"] != "0" and accounts.exists():
            say("\nAccounts of the demonstration:")
            say(accounts.read_text(encoding="utf-8").rstrip())
        say("Ctrl-C ends it; data stay.\n")

    def _look(self) -> None:
        """Start again what died."""
        if self.server is not None and not self.server.is_running():
            self._restart_database(self.server)
        for child in self.children:
            if news := child.watch():
                say(news)

    def _restart_database(self, server: EmbeddedServer) -> None:
        """Start it again, later each time it fails. Web connects anew by itself, the worker when started anew."""
        if time.monotonic() < self._database_not_before:
            return
        say("The database ended; starting it again")
        try:
            server.start()
        except ServerFailed as failure:
            self._database_delay = min(LONGEST_DELAY, max(1.0, self._database_delay * 2))
            self._database_not_before = time.monotonic() + self._database_delay
            say(f"{failure}\nTrying again in {self._database_delay:.0f} s")
            return
        self._database_delay = 0.0
        say("Database is up again.")
        for child in self.children:
            if child.name == WORKER:
                child.ask_to_end()


def say(text: str) -> None:
    print(text, flush=True)


def _end_on_signals() -> None:
    def tell(number: int, frame: FrameType | None) -> None:
        raise ToldToEnd

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, tell)


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """One supervisor for one state folder."""
    lock: IO[str]
    with (state / "supervisor.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotStart(f"It runs already, as process {lock.read().strip()}: end that one first.") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False

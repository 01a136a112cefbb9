"""One PostgreSQL server as a child of this process: it starts with us and ends with us."""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg

from portal.account import Account, place_for, server_account
from portal.embedded.cluster import ROLE, clear_after_sudden_death, ensure_cluster
from portal.embedded.programs import major_version, programs_for
from portal.embedded.tuning import disposable_options, durable_options
from portal.lifeline import die_with_parent

EMBEDDED_HOME = "postgresql"
"""The home of the product's own server within the state folder."""

LONGEST_SOCKET_FOLDER = 88
"""A socket's path may have 107 bytes, of which ``/.s.PGSQL.5432.lock`` takes the last."""

LARGEST_LOG = 16 * 1024 * 1024


class ServerFailed(RuntimeError):  # noqa: N818 - named after what happened
    """The server did not start; the message holds the end of its log."""


class EmbeddedServer:
    """The server over one home folder: ``data``, its log, its lock."""

    def __init__(self, home: Path, *, is_disposable: bool = False) -> None:
        self.account: Account = server_account()
        self.home = place_for(self.account, home.absolute())
        self.data = self.home / "data"
        self.is_disposable = is_disposable
        self.programs = programs_for(self.account)
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self._socket_folder: Path | None = None

    def start(self) -> None:
        """Start the server and return when it takes connections; crash recovery may take its time.

        Raises:
            ServerFailed: it ended instead.
            BlockingIOError: another process of ours runs a server here.
        """
        self.hold_home()
        version = major_version()
        ensure_cluster(self.data, programs=self.programs, account=self.account, version=version)
        clear_after_sudden_death(self.data)
        self._launch()
        self._await_ready()

    def hold_home(self) -> None:
        """Hold the home for as long as this object runs its server."""
        self.account.give(self.home)
        if self._lock is None:
            lock = (self.home / "lock").open("a")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                raise
            self._lock = lock

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Stop in order: sessions are ended, what was committed is kept."""
        if self.process is not None and self.is_running():
            self._signal_until_ended(self.process)
        self.process = None
        if self._socket_folder is not None and self._socket_folder.parent != self.home:
            shutil.rmtree(self._socket_folder, ignore_errors=True)
        self._socket_folder = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def url(self, database: str = ROLE) -> str:
        """The address of a database of this server, in libpq's form."""
        return _url(self._socket(), database)

    def ensure_database(self, name: str = ROLE) -> bool:
        """Create the database when it is missing; whether it was."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if known is None:
                connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
            return known is None

    def _socket(self) -> Path:
        """The private folder of the socket: in the home where its path will do, else a temporary one."""
        if self._socket_folder is None:
            inside = self.home / "socket"
            if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER and "," not in str(inside):
                self._socket_folder = self.account.give(inside)
            else:
                short = tempfile.mkdtemp(prefix="khuevan-", dir="/tmp")
                self._socket_folder = self.account.give(Path(short))
        return self._socket_folder

    def _launch(self) -> None:
        options = disposable_options() if self.is_disposable else durable_options()
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with self._open_log() as log:
            self.process = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.data), "-k", str(self._socket()), *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.home,
                env={"LC_ALL": "C", "PATH": os.defpath, "TZ": "UTC"},
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGINT),
                **self.account.launch_options(),
            )

    def _open_log(self) -> IO[bytes]:
        log = self.home / "server.log"
        too_large = log.exists() and log.stat().st_size > LARGEST_LOG
        return log.open("wb" if too_large else "ab")

    def _await_ready(self) -> None:
        assert self.process is not None  # noqa: S101 - narrows the type for mypy
        while self.process.poll() is None:
            with suppress(OSError, IndexError):
                lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
                if int(lines[0]) == self.process.pid and lines[7].strip() == "ready":
                    return
            time.sleep(0.02)
        end_of_log = (self.home / "server.log").read_text(encoding="utf-8", errors="replace")[-4000:]
        raise ServerFailed(f"PostgreSQL ended with {self.process.returncode}:\n{end_of_log}")

    def _signal_until_ended(self, process: subprocess.Popen[bytes]) -> None:
        for number, seconds in ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
                return


def _url(socket_folder: Path, database: str) -> str:
    return f"postgresql://{ROLE}@/{database}?host={quote(str(socket_folder), safe='')}"


def running_url(home: Path, database: str = ROLE) -> str | None:
    """The address of the server that runs over ``home``, for commands beside it; ``None`` when none runs."""
    account = server_account()
    data = place_for(account, home.absolute()) / "data"
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        os.kill(int(lines[0]), 0)
        return _url(Path(lines[4]), database)
    except (OSError, IndexError, ValueError):
        return None


@contextmanager
def disposable_server(state: Path) -> Iterator[EmbeddedServer]:
    """A fast server that forgets everything at its end, beside any number of others."""
    folder = state / "disposable"
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    with (folder / "lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        _sweep(folder)
        ticket = Path(tempfile.mkdtemp(dir=folder))
        server = EmbeddedServer(ticket, is_disposable=True)
        server.hold_home()
    try:
        server.start()
        yield server
    finally:
        server.stop()
        _remove(server.home, ticket)


def _sweep(folder: Path) -> None:
    """Remove the homes whose process died before it could."""
    account = server_account()
    for ticket in (path for path in folder.iterdir() if path.is_dir()):
        home = place_for(account, ticket)
        if home.exists():
            with suppress(OSError), (home / "lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                clear_after_sudden_death(home / "data")
                _remove(home, ticket)
        else:
            _remove(ticket)


def _remove(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)

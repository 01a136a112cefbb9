"""The product itself, started for a measurement in a state folder of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from portal.embedded.server import EMBEDDED_HOME, running_url
from portal.supervisor.address import choose_address

LONGEST_START = 420
SHOWN = 6
"""Processes of one kind that are told one by one: a database has many that are small."""


@dataclass(frozen=True, slots=True)
class RunningHouse:
    """Where the product answers, its database, and the process of its supervisor."""

    url: str
    database_url: str
    supervisor: psutil.Process
    state: Path

    def resident_megabytes(self) -> dict[str, int]:
        """The largest process of each kind, in MB of resident memory."""
        found: dict[str, int] = {}
        for name, process in self._children():
            with suppress(psutil.NoSuchProcess):
                found[name] = max(found.get(name, 0), process.memory_info().rss // 1_000_000)
        return found

    def resident_of_each(self) -> list[str]:
        """Every process of the product with its MB of resident memory; of many alike, the largest."""
        found: dict[str, list[int]] = {}
        for name, process in self._children():
            with suppress(psutil.NoSuchProcess):
                found.setdefault(name, []).append(process.memory_info().rss // 1_000_000)
        largest = {name: sorted(sizes, reverse=True)[:SHOWN] for name, sizes in sorted(found.items())}
        return [f"{name} {', '.join(map(str, sizes))}" for name, sizes in largest.items()]

    def processes(self, kind: str) -> list[psutil.Process]:
        """The processes of a kind, those first that started the others."""
        return [process for name, process in self._children() if name == kind]

    def _children(self) -> Iterator[tuple[str, psutil.Process]]:
        for process in self.supervisor.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                yield _kind(" ".join(process.cmdline())), process


def _kind(command: str) -> str:
    for part, name in (
        ("granian", "web"),
        ("portal.worker", "worker"),
        ("postgres", "database"),
        ("typesetter", "typesetter"),
    ):
        if part in command:
            return name
    return "web"


@contextmanager
def running_house(**settings: str) -> Iterator[RunningHouse]:
    """Start the product as ``make run`` does, with the demonstration, and end it afterwards."""
    state = Path(tempfile.mkdtemp(prefix="khuevan-bench-"))
    state.chmod(0o755)
    address = choose_address({})
    port = address.port
    address.release()
    environment = {**os.environ, "KHUEVAN_INSTANCE": str(state), "PORT": str(port), **settings}
    environment.pop("DATABASE_URL", None)
    with (state / "house.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "portal.supervisor"], env=environment, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        _await(url, process, state)
        database = running_url(state / EMBEDDED_HOME)
        if database is None:
            raise RuntimeError("the database is not where it should be")
        yield RunningHouse(url, database, psutil.Process(process.pid), state)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        shutil.rmtree(state, ignore_errors=True)


def _await(url: str, process: subprocess.Popen[bytes], state: Path) -> None:
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError((state / "house.log").read_text(encoding="utf-8")[-3000:])
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError("the product did not become ready")

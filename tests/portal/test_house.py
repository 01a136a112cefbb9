"""A whole installation under its supervisor: it comes up, comes back, and goes without a trace."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from portal.account import place_for, server_account
from portal.embedded import EMBEDDED_HOME
from portal.embedded.server import EmbeddedServer
from portal.statefolder import CHECKOUT, open_state_folder
from tests.databases import free_port

SECONDS = 90


@dataclass(frozen=True, slots=True)
class Installation:
    """A running supervisor and where it answers."""

    process: subprocess.Popen[bytes]
    url: str
    state: Path

    def part(self, mark: str) -> psutil.Process:
        """The supervisor's living child whose command line holds ``mark``, as soon as there is one."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            for child in psutil.Process(self.process.pid).children():
                with suppress(psutil.Error):
                    if any(mark in word for word in child.cmdline()):
                        return child
            time.sleep(0.1)
        pytest.fail(f"no {mark} within {SECONDS} s")

    def await_ready(self, *, beyond: float = 0) -> None:
        """Wait until database, migrations and worker are in order."""
        time.sleep(beyond)
        deadline = time.monotonic() + SECONDS
        said = ""
        while time.monotonic() < deadline:
            assert self.process.poll() is None, "the supervisor ended"
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                    assert json.load(answer)["status"] == "ok"
                    return
            except (urllib.error.URLError, OSError) as reason:
                said = str(reason)
            time.sleep(0.1)
        pytest.fail(f"not ready after {SECONDS} s: {said}")


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    state = open_state_folder() / "disposable" / f"house-{uuid4().hex[:8]}"
    port = free_port()
    wanted = {"KHUEVAN_INSTANCE": str(state), "PORT": str(port), "DEMO": "0", "WEB_WORKERS": "1"}
    inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "PUBLIC_URL"}}
    process = subprocess.Popen([sys.executable, "-m", "portal.supervisor"], cwd=CHECKOUT, env=inherited | wanted)
    installation = Installation(process, f"http://127.0.0.1:{port}", state)
    try:
        installation.await_ready()
        yield installation
    finally:
        process.terminate()
        process.wait(60)
        shutil.rmtree(place_for(server_account(), state / EMBEDDED_HOME), ignore_errors=True)
        shutil.rmtree(state, ignore_errors=True)


def test_an_installation_comes_up_and_says_so(installation: Installation) -> None:
    with urllib.request.urlopen(f"{installation.url}/healthz", timeout=5) as answer:
        assert json.load(answer) == {"status": "ok"}


@pytest.mark.parametrize("mark", ["granian", "portal.worker", "bin/postgres"])
def test_a_killed_part_comes_back(installation: Installation, mark: str) -> None:
    killed = installation.part(mark)

    killed.kill()
    psutil.wait_procs([killed], timeout=10)
    installation.await_ready(beyond=1)

    assert installation.part(mark).pid != killed.pid


def test_a_second_supervisor_of_the_same_state_is_refused(installation: Installation) -> None:
    environment = os.environ | {"KHUEVAN_INSTANCE": str(installation.state)}

    second = subprocess.run(
        [sys.executable, "-m", "portal.supervisor"],
        check=False,
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert second.returncode == 1
    assert f"It runs already, as process {installation.process.pid}" in second.stdout


def test_secrets_are_for_their_owner_alone(installation: Installation) -> None:
    modes = {file.name: oct(file.stat().st_mode & 0o777) for file in (installation.state / "secrets").iterdir()}

    assert modes == {"secret_key": "0o600", "anchor_key": "0o600"}


def test_told_to_end_everything_ends_and_data_stay(installation: Installation) -> None:
    family = psutil.Process(installation.process.pid).children(recursive=True)

    installation.process.send_signal(signal.SIGINT)
    code = installation.process.wait(60)

    _, alive = psutil.wait_procs(family, timeout=10)
    assert (code, alive) == (0, [])
    assert (EmbeddedServer(installation.state / EMBEDDED_HOME).data / "PG_VERSION").exists()

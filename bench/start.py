"""How long a web process takes from its start until its first answers, while the database runs."""

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

from bench.house import RunningHouse
from portal.supervisor.address import choose_address

LONGEST = 60
TARGET = 3.0
ROUNDS = 3
FIRST, SECOND = "/readyz", "/"


@dataclass(frozen=True, slots=True)
class Started:
    """Seconds from the start until the first answer, and until the welcome page had come behind it."""

    ready: float
    welcome: float

    def line(self) -> str:
        """What a report says."""
        verdict = "met" if self.ready <= TARGET else "not met"
        return (
            f"Cold start of the web server, the database running: {self.ready:.1f} s until its first answer "
            f"(target: {TARGET:.0f} s: {verdict}), {self.welcome:.1f} s until the welcome page had come.\n"
        )


def measure_start(house: RunningHouse) -> Started:
    """Start the web server of this house once more beside itself; the quickest of some starts."""
    return min((_started(house) for _ in range(ROUNDS)), key=lambda started: started.ready)


def _started(house: RunningHouse) -> Started:
    running = house.processes("web")[0]
    address = choose_address({})
    address.release()
    command = running.cmdline()
    command[command.index("--port") + 1] = str(address.port)
    apart = {**running.environ(), "EVENNESS_FILE": str(house.state / "web-processes-apart")}
    begun = time.monotonic()
    process = subprocess.Popen(command, env=apart, start_new_session=True)
    try:
        _await(f"{address.url}{FIRST}", begun)
        ready = time.monotonic() - begun
        _await(f"{address.url}{SECOND}", begun)
        return Started(ready, time.monotonic() - begun)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _await(url: str, begun: float) -> None:
    while time.monotonic() - begun < LONGEST:
        try:
            with urllib.request.urlopen(url, timeout=LONGEST) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise RuntimeError(f"{url} did not answer")

"""Closed-loop load by wrk: one journey at a time, a fixed number of connections."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("targets.lua")


@dataclass(frozen=True, slots=True)
class Journey:
    """What is asked, by whom (a session cookie or a bearer token), in which order.

    ``connections`` where the journey is not measured with as many as the others; ``is_once`` where nothing can be
    asked twice, and so not to warm up either; ``is_from_everywhere`` where each request names an address of its own.
    ``things`` are what one request does, where that is what is counted a second.
    """

    name: str
    targets: Sequence[str]
    cookie: str = ""
    bearer: str = ""
    connections: int | None = None
    is_once: bool = False
    is_from_everywhere: bool = False
    things: int = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """Requests answered, seconds, latencies in milliseconds, and answers that were errors."""

    journey: str
    connections: int
    requests: int
    seconds: float
    p50: float
    p95: float
    p99: float
    errors: int
    things: int = 1

    @property
    def per_second(self) -> float:
        return self.requests * self.things / self.seconds


def ensure_wrk() -> None:
    """Find wrk, or install Debian's package as root; else say how."""
    if shutil.which("wrk"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-qq", "wrk"], check=True)
        return
    sys.exit("The load generator wrk is missing: install it (Debian: apt-get install wrk) and try again.")


def run(journey: Journey, url: str, *, connections: int, seconds: int) -> Outcome:
    """Put a journey under load. Raises RuntimeError when wrk fails."""
    threads = min(2, connections)
    with tempfile.NamedTemporaryFile("w", suffix=".targets", encoding="utf-8") as file:
        file.write("\n".join(journey.targets) + "\n")
        file.flush()
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "BENCH_TARGETS": file.name,
            "BENCH_THREADS": str(threads),
            **({"BENCH_COOKIE": journey.cookie} if journey.cookie else {}),
            **({"BENCH_BEARER": journey.bearer} if journey.bearer else {}),
            **({"BENCH_FROM_EVERYWHERE": "1"} if journey.is_from_everywhere else {}),
        }
        load = [f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s"]
        command = ["wrk", *load, "-s", str(SCRIPT), url]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    line = next((line for line in done.stdout.splitlines() if line.startswith("RESULT")), None)
    if line is None:
        raise RuntimeError(done.stdout + done.stderr)
    count, lasted, *percentiles, errors = line.split()[1:]
    p50, p95, p99 = map(float, percentiles)
    return Outcome(
        journey.name, connections, int(count), float(lasted), p50, p95, p99, int(errors), things=journey.things
    )

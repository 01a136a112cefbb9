"""The tasks of the Makefile: each brings the installation up to date, then hands over."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from portal.account import place_for, server_account
from portal.bootstrap.checks import CHECKS, Check
from portal.bootstrap.chromium import ensure_chromium
from portal.bootstrap.installation import Installation
from portal.bootstrap.locks import make_locks
from portal.bootstrap.packages import EVERYTHING, RUNTIME
from portal.bootstrap.progress import SetUpFailed, say
from portal.statefolder import CHECKOUT

DATA = ("postgresql", "documents", "anchors", "secrets")
"""What ``clean`` keeps in the state folder unless told otherwise."""

TEST_WORKERS = "2"


def main(arguments: Sequence[str]) -> int:
    """Run one task; the exit status of the process."""
    name, *rest = arguments or ["help"]
    task = TASKS.get(name)
    if task is None:
        say("Tasks: " + ", ".join(TASKS))
        return 2
    os.chdir(CHECKOUT)
    try:
        return task(rest)
    except SetUpFailed as failure:
        say(f"\n{failure}")
        return 1
    except KeyboardInterrupt:
        return 130


def run(arguments: Sequence[str]) -> int:
    installation = Installation()
    installation.prepare(RUNTIME)
    hand_over(installation, "-m", "portal.supervisor", *arguments)


def test(arguments: Sequence[str]) -> int:
    installation = Installation()
    installation.prepare(EVERYTHING)
    ensure_chromium(installation.environment, log=installation.state / "logs" / "chromium.log")
    hand_over(installation, "-m", "pytest", *_test_options(installation, arguments))


def _test_options(installation: Installation, arguments: Sequence[str]) -> list[str]:
    cache = installation.environment["PYTEST_CACHE_DIR"]
    workers = os.environ.get("TEST_WORKERS", TEST_WORKERS)
    return ["-q", "-o", f"cache_dir={cache}", "-n", workers, "--dist", "worksteal", *arguments]


def fuzz(arguments: Sequence[str]) -> int:
    """The property tests with Hypothesis' profile ``fuzz``, which runs many more examples."""
    installation = Installation()
    installation.prepare(EVERYTHING)
    chosen = arguments or ["-m", "hypothesis"]
    hand_over(installation, "-m", "pytest", *_test_options(installation, ["--hypothesis-profile=fuzz", *chosen]))


def lint(_: Sequence[str]) -> int:
    installation = Installation()
    installation.prepare(EVERYTHING)
    failed = [check.name for check in CHECKS if not _passes(check, installation)]
    say(f"{len(CHECKS) - len(failed)} checks passed, {len(failed)} failed: {', '.join(failed) or 'none'}")
    return 1 if failed else 0


def _passes(check: Check, installation: Installation) -> bool:
    command = check.command(installation.python)
    run = subprocess.run(command, check=False, env=installation.environment, capture_output=True, text=True)
    say(f"{'passed' if run.returncode == 0 else 'FAILED'}  {check.name}")
    if run.returncode:
        say(run.stdout + run.stderr)
    return run.returncode == 0


def format_code(_: Sequence[str]) -> int:
    installation = Installation()
    installation.prepare(EVERYTHING)
    for options in (["check", "--fix", "--quiet", "."], ["format", "."]):
        subprocess.run([installation.python, "-m", "ruff", *options], check=True, env=installation.environment)
    return 0


def lock(arguments: Sequence[str]) -> int:
    installation = Installation()
    installation.prepare(EVERYTHING)
    make_locks(installation, upgrade="--upgrade" in arguments)
    return 0


def bench(arguments: Sequence[str]) -> int:
    installation = Installation()
    installation.prepare(EVERYTHING)
    hand_over(installation, "-m", "bench.run", *arguments)


def bench_full(arguments: Sequence[str]) -> int:
    installation = Installation()
    installation.prepare(EVERYTHING)
    hand_over(installation, "-m", "bench.full", *arguments)


def soak(arguments: Sequence[str]) -> int:
    installation = Installation()
    installation.prepare(EVERYTHING)
    hand_over(installation, "-m", "bench.soak", *arguments)


def flask(arguments: Sequence[str]) -> int:
    installation = Installation()
    installation.prepare(RUNTIME)
    hand_over(installation, "-m", "portal.embedded", "-m", "flask", "--app", "wsgi", *arguments)


def setup(_: Sequence[str]) -> int:
    Installation().prepare(RUNTIME)
    return 0


def clean(arguments: Sequence[str]) -> int:
    """Remove packages, caches and generated files; ``--data`` also the data."""
    state = Installation().state
    kept = () if "--data" in arguments else DATA
    for path in state.iterdir():
        if path.name not in kept:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    if not kept:
        shutil.rmtree(place_for(server_account(), state / "postgresql"), ignore_errors=True)
    say(f"Cleaned {state}" + (f"; the data in it stay ({', '.join(DATA)})" if kept else ""))
    return 0


def hand_over(installation: Installation, *arguments: str) -> NoReturn:
    """Become a program of the virtualenv, so that signals reach it directly."""
    sys.stdout.flush()
    os.execve(installation.python, [installation.python, *arguments], installation.environment)  # noqa: S606 - on purpose


TASKS: dict[str, Callable[[Sequence[str]], int]] = {
    "run": run,
    "test": test,
    "lint": lint,
    "format": format_code,
    "lock": lock,
    "bench": bench,
    "bench-full": bench_full,
    "soak": soak,
    "fuzz": fuzz,
    "flask": flask,
    "setup": setup,
    "clean": clean,
}

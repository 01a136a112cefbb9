"""The locks: every package that an installation takes, by version and digest, for every platform at once."""

import shutil
import subprocess
from pathlib import Path

from portal.bootstrap.frontend import INGREDIENTS, node_of_this_machine
from portal.bootstrap.installation import Installation
from portal.bootstrap.packages import EVERYTHING, NODE, RUNTIME
from portal.bootstrap.progress import SetUpFailed, Work, finish
from portal.statefolder import CHECKOUT

EXTRAS: dict[str, tuple[str, ...]] = {RUNTIME: (), EVERYTHING: ("dev",), NODE: ("node",)}

OPTIONS = (
    *("--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"),
)


def make_locks(installation: Installation, *, upgrade: bool) -> None:
    """Write the locks anew. Versions stay as they are unless ``upgrade`` or ``pyproject.toml`` moves them."""
    _lock_python(installation, RUNTIME, "--upgrade" if upgrade else None)
    for lock in (EVERYTHING, NODE):
        _lock_python(installation, lock, "--upgrade" if upgrade else None, "--constraint", RUNTIME)
    _lock_npm(installation)


def _lock_python(installation: Installation, lock: str, *options: str | None) -> None:
    extras = [part for extra in EXTRAS[lock] for part in ("--extra", extra)]
    chosen = [option for option in options if option]
    command = [installation.python, "-m", "uv", "pip", "compile", *OPTIONS, *extras, *chosen]
    work = Work(
        lock,
        [*command, "pyproject.toml", "--output-file", lock],
        log=installation.state / "logs" / "lock.log",
        environment=installation.environment,
    )
    finish(work)


def _lock_npm(installation: Installation) -> None:
    """Lock the front-end packages; ``.npmrc`` keeps the address of the registry out of the lock."""
    if not node_of_this_machine(installation.environment):
        raise SetUpFailed("package-lock.json is made by a Node on this machine: install it")
    folder = Path(installation.state / "lock")
    folder.mkdir(exist_ok=True)
    for name in INGREDIENTS:
        shutil.copyfile(CHECKOUT / name, folder / name)
    subprocess.run(
        ["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"],
        check=True,
        cwd=folder,
        env=installation.environment,
    )
    shutil.copyfile(folder / "package-lock.json", CHECKOUT / "package-lock.json")
    shutil.rmtree(folder)

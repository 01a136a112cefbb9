"""The state folder: the one place where an installation keeps what it made and what it must not lose.

Standard library only: the bootstrap reads it before any package is installed.
"""

import hashlib
import os
import pwd
import stat
from collections.abc import Mapping
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent

CACHES = {
    "PYTHONPYCACHEPREFIX": "cache/python",
    "MYPY_CACHE_DIR": "cache/mypy",
    "RUFF_CACHE_DIR": "cache/ruff",
    "HYPOTHESIS_STORAGE_DIRECTORY": "cache/hypothesis",
    "PYTEST_CACHE_DIR": "cache/pytest",
    "IMPORT_LINTER_CACHE_DIR": "cache/import-linter",
    "npm_config_cache": "cache/npm",
}
"""Environment variables that keep every tool's cache out of the checkout, and the folder each is given."""


def user_name() -> str:
    """The login name of the user behind this process, or its number where it has no name."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"uid-{os.geteuid()}"


def state_folder(environment: Mapping[str, str] | None = None, *, checkout: Path = CHECKOUT) -> Path:
    """The state folder of this user for this checkout; :func:`open_state_folder` also creates it.

    ``KHUEVAN_INSTANCE`` names another one. A checkout that may not be written to keeps no state.
    """
    env = os.environ if environment is None else environment
    if named := env.get("KHUEVAN_INSTANCE"):
        return Path(named).expanduser().absolute()
    inside = checkout / "instance"
    if os.access(inside if os.path.isdir(inside) else checkout, os.W_OK | os.X_OK):
        return inside / user_name()
    return _outside(env) / _digest(checkout)


def open_state_folder(environment: Mapping[str, str] | None = None, *, checkout: Path = CHECKOUT) -> Path:
    """The state folder, created when it is missing; other users may pass through it but not list it.

    Raises:
        PermissionError: somebody else owns the folder.
    """
    folder = state_folder(environment, checkout=checkout)
    if folder.parent == checkout / "instance":
        _share_instance_folder(folder.parent, checkout)
    for made in (folder.parent, folder):
        made.mkdir(mode=0o711, parents=True, exist_ok=True)
    if os.geteuid() != 0 and (folder.stat().st_uid != os.geteuid() or not is_writable(folder)):
        raise PermissionError(f"{folder} belongs to another user: name your own in KHUEVAN_INSTANCE")
    return folder


def environment_for(state: Path, environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a program that works for this installation: its caches and home lie in ``state``."""
    env = dict(os.environ if environment is None else environment)
    env["KHUEVAN_INSTANCE"] = str(state)
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # it lies outside the checkout, and every start would compile
    env.update({name: str(state / folder) for name, folder in CACHES.items()})
    env.setdefault("VENDOR_FOLDER", str(state / "vendor"))
    env.setdefault("TRANSLATIONS_FOLDER", str(state / "translations"))
    if not env.get("HOME") or not is_writable(Path(env["HOME"])):
        home = state / "home"
        home.mkdir(mode=0o700, exist_ok=True)
        env["HOME"] = str(home)
    return env


def is_writable(folder: Path) -> bool:
    """Whether ``folder``, or the nearest parent of it that exists, can be written to by this user."""
    while not os.path.exists(folder) and folder != folder.parent:  # False too where we may not look
        folder = folder.parent
    return os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)


def _outside(env: Mapping[str, str]) -> Path:
    """Where this user keeps state that does not fit in the checkout, even without a home."""
    base = Path(env["XDG_STATE_HOME"]) if env.get("XDG_STATE_HOME") else None
    if base is None and env.get("HOME"):
        base = Path(env["HOME"]) / ".local" / "state"
    if base is not None and is_writable(base):
        return base / "khuevan"
    private = Path("/var/tmp") / f"khuevan-{os.geteuid()}"  # noqa: S108 - ownership is checked on the next lines
    private.mkdir(mode=0o711, exist_ok=True)
    if private.stat().st_uid != os.geteuid():
        raise PermissionError(f"{private} belongs to another user: name a folder in KHUEVAN_INSTANCE")
    return private


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


def _share_instance_folder(folder: Path, checkout: Path) -> None:
    """Create ``instance/`` so that whoever comes first does not shut the owner of the checkout out."""
    try:
        folder.mkdir(mode=0o755)
    except FileExistsError:
        return
    owner = checkout.stat()
    if os.geteuid() == 0:
        os.chown(folder, owner.st_uid, owner.st_gid)
        folder.chmod(0o755)
    elif owner.st_uid != os.geteuid():
        folder.chmod(0o777 | stat.S_ISVTX)

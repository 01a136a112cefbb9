"""Whose process the server is: PostgreSQL refuses to run as root, so root lends it a plain account."""

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ACCOUNTS = ("postgres", "pgserver", "khuevan-db")
"""Accounts that may run the server for root, in order of preference; the last one is created on demand."""

LAST_RESORT = "nobody"
OWN_PLACE = Path("/var/lib/khuevan")


@dataclass(frozen=True, slots=True)
class Account:
    """The user that the server runs as."""

    name: str
    uid: int
    gid: int

    @property
    def is_lent(self) -> bool:
        """Whether root lends this account to the server, instead of the server running as ourselves."""
        return self.uid != os.geteuid()

    def launch_options(self) -> dict[str, Any]:
        """What :mod:`subprocess` needs in order to start a program as this account."""
        if not self.is_lent:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can(self, right: str, path: Path) -> bool:
        """Whether this account may read (``-r``), write (``-w``) or pass (``-x``) at ``path``."""
        program = shutil.which("test") or "/usr/bin/test"
        run = subprocess.run([program, right, str(path)], check=False, cwd="/", **self.launch_options())
        return run.returncode == 0

    def give(self, folder: Path) -> Path:
        """Make ``folder`` this account's private one, creating it when it is missing."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid != self.uid:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)
        return folder


def server_account() -> Account:
    """Ourselves; for root an unprivileged account of this machine."""
    if os.geteuid() == 0:
        return _lent_account()
    try:
        entry = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise PermissionError(
            f"PostgreSQL needs a user with a name, and number {os.geteuid()} has none here: "
            "add it to /etc/passwd, or name a server in DATABASE_URL"
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _lent_account() -> Account:
    for name in ACCOUNTS:
        if account := _existing(name):
            return account
    if shutil.which("useradd"):
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNTS[-1]],
            check=False,
            capture_output=True,
        )
    account = _existing(ACCOUNTS[-1]) or _existing(LAST_RESORT)
    if account is None:
        raise PermissionError("PostgreSQL does not run as root and found no other account: create 'postgres'")
    return account


def _existing(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid)


def place_for(account: Account, wanted: Path) -> Path:
    """``wanted``, or a folder in our own place when ``account`` cannot pass the folders above ``wanted``.

    Permissions of folders that are not ours stay as they are.
    """
    parent = wanted.parent
    parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    if not account.is_lent or account.can("-x", parent):
        return wanted
    digest = hashlib.sha256(str(wanted).encode()).hexdigest()[:12]
    return _own_place() / digest


def _own_place() -> Path:
    OWN_PLACE.mkdir(mode=0o755, parents=True, exist_ok=True)
    OWN_PLACE.chmod(0o755)
    return OWN_PLACE


def program_place(name: str) -> Path:
    """Where a copy of programs lies that every account can reach."""
    return _own_place() / name

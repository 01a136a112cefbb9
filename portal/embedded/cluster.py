"""A PostgreSQL data folder: made once, readable by its owner alone, and settled after a sudden death."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import psutil

from portal.account import Account

ROLE = "khuevan"

LOCALES = {
    "18": ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    "16": ("--locale=C.UTF-8",),
}
"""Case and order by Unicode's own tables, alike on every machine."""

SECONDS_FOR_ORPHANS = 5.0


def ensure_cluster(data: Path, *, programs: Path, account: Account, version: str) -> None:
    """Make the data folder when there is none. It appears whole or not at all."""
    if not (data / "PG_VERSION").exists():
        _make(data, programs=programs, account=account, version=version)
    held = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    if held != version:
        raise RuntimeError(f"{data} holds data of PostgreSQL {held}, not {version}: restore a backup instead")
    _write_access_rules(data, account)


def _make(data: Path, *, programs: Path, account: Account, version: str) -> None:
    half = data.with_name("data.half")
    shutil.rmtree(half, ignore_errors=True)
    command = [
        str(programs / "initdb"),
        *("-D", str(half), "-U", ROLE, "--encoding=UTF8", *LOCALES[version]),
        *("--auth-local=peer", "--auth-host=reject", "--no-sync", "--no-instructions", "--data-checksums"),
    ]
    run = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=data.parent,
        env={"LC_ALL": "C", "PATH": os.defpath, "TZ": "UTC"},
        **account.launch_options(),
    )
    if run.returncode:
        raise RuntimeError(f"initdb failed:\n{run.stdout}\n{run.stderr}")
    half.rename(data)


def _write_access_rules(data: Path, account: Account) -> None:
    """Only this user and the server's account get in, recognised by the system, without any password."""
    users = sorted({account.name, _own_name(account)})
    (data / "pg_hba.conf").write_text("local all all peer map=owner\n", encoding="utf-8")
    lines = [f'owner "{name}" {ROLE}\n' for name in users]
    (data / "pg_ident.conf").write_text("".join(lines), encoding="utf-8")


def _own_name(account: Account) -> str:
    return "root" if account.is_lent else account.name


def clear_after_sudden_death(data: Path) -> None:
    """Remove what a killed server left: a stale ``postmaster.pid``, backends that outlived their postmaster.

    Only for the holder of the folder's lock: nobody else may be starting a server there.
    """
    postmaster = _recorded_postmaster(data)
    if postmaster is not None:
        _end(postmaster)
    (data / "postmaster.pid").unlink(missing_ok=True)
    _, alive = psutil.wait_procs(_servers_in(data), timeout=SECONDS_FOR_ORPHANS)
    for orphan in alive:
        orphan.kill()
    psutil.wait_procs(alive, timeout=SECONDS_FOR_ORPHANS)


def _recorded_postmaster(data: Path) -> psutil.Process | None:
    """The running server that ``postmaster.pid`` names, unless its number now belongs to another program."""
    try:
        number = int((data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
        process = psutil.Process(number)
        return process if _works_in(process, data) else None
    except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
        return None


def _servers_in(data: Path) -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["name"])
        if (process.info["name"] or "").startswith("postgres") and _works_in(process, data)
    ]


def _works_in(process: psutil.Process, data: Path) -> bool:
    try:
        return process.name().startswith("postgres") and Path(process.cwd()) == data.resolve()
    except (psutil.Error, OSError):
        return False


def _end(postmaster: psutil.Process) -> None:
    """Ask an orphaned server to stop at once and in order (SIGINT is PostgreSQL's fast shutdown)."""
    try:
        postmaster.send_signal(2)
        postmaster.wait(30)
    except psutil.TimeoutExpired:
        postmaster.kill()
    except psutil.NoSuchProcess:
        time.sleep(0)

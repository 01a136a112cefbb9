"""The database as a file and back, by PostgreSQL's own programs."""

import re
import shutil
import subprocess
from pathlib import Path

import psycopg

from portal.embedded.programs import shipped_programs

REPLACE = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
LOCK_TIMEOUT = "SET lock_timeout = '15s';"


class DumpFailed(Exception):  # noqa: N818 - named after what happened
    """PostgreSQL's program refused; the message is what it said."""


def dump_database(url: str, target: Path) -> None:
    """Write a consistent image of the database, taken while others work."""
    programs = _programs(url)
    _run(programs / "pg_dump", f"--dbname={url}", "--format=custom", "--no-owner", "--no-acl", f"--file={target}")


def restore_database(url: str, dump: Path, *, replace: bool) -> None:
    """Put the image into the database, all or nothing; with ``replace`` instead of what was there."""
    programs = _programs(url)
    script = dump.with_suffix(".sql")
    _run(programs / "pg_restore", "--no-owner", "--no-acl", f"--file={script}", str(dump))
    first = ["--command", LOCK_TIMEOUT, *(["--command", REPLACE] if replace else [])]
    options = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", "--output=/dev/null"]
    _run(programs / "psql", f"--dbname={url}", *options, *first, f"--file={script}")


def is_empty(url: str) -> bool:
    """Whether the database holds no table yet."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone()
    return found is None


def _programs(url: str) -> Path:
    """The system's programs where they are new enough for the server, since they speak TLS; else ours."""
    with psycopg.connect(url) as connection:
        server = connection.info.server_version // 10000
    system = shutil.which("pg_dump")
    if system and _major(system) >= server:
        return Path(system).parent
    return shipped_programs()


def _major(program: str) -> int:
    said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    found = re.search(r"(\d+)(?:\.\d+)?", said)
    return int(found[1]) if found else 0


def _run(program: Path, *arguments: str) -> None:
    run = subprocess.run([str(program), *arguments], check=False, capture_output=True, text=True)
    if run.returncode:
        raise DumpFailed(f"{program.name} failed: {run.stderr.strip()}")

"""The secrets of one installation: made once, kept beside its data, readable by its owner alone."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

NAMES = ("SECRET_KEY", "ANCHOR_KEY")


def key_file(state: Path, name: str) -> Path:
    """Where the state folder keeps the secret ``name``."""
    return state / "secrets" / name.lower()


def key_files(state: Path, environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """``NAME_FILE`` for every secret that the environment does not give; a missing one is made.

    Losing them signs everybody out (``SECRET_KEY``) or ends the proof of the audit anchors (``ANCHOR_KEY``).
    """
    env = os.environ if environment is None else environment
    (state / "secrets").mkdir(mode=0o700, exist_ok=True)
    wanted = [name for name in NAMES if not env.get(name) and not env.get(f"{name}_FILE")]
    return {f"{name}_FILE": str(_ensure(key_file(state, name))) for name in wanted}


def _ensure(file: Path) -> Path:
    """The file, with a new secret in it if there was none; two at once agree on one."""
    with suppress(FileExistsError):
        half = file.with_name(f".{file.name}.{os.getpid()}")
        half.touch(mode=0o600)
        half.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            os.link(half, file)
        finally:
            half.unlink()
    return file

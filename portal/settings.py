"""Settings of one installation, read once from the environment."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _flag(value: str | None) -> bool:
    return (value or "").strip().lower() in {"1", "true", "yes", "on"}


def _secret(environment: Mapping[str, str], name: str) -> str:
    """A secret from the environment, or from the file that NAME_FILE names, or new for this process."""
    if environment.get(name):
        return environment[name]
    if path := environment.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return secrets.token_urlsafe(48)


@dataclass(frozen=True, slots=True)
class Settings:
    """All that differs from one installation to the next."""

    database_url: str
    secret_key: str
    anchor_key: str
    state_folder: Path
    storage_url: str
    vendor_folder: Path
    translations_folder: Path
    mail_url: str
    mail_sender: str
    public_url: str
    is_demo: bool
    is_https: bool

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings; ``docs/operations.md`` lists them."""
        env = os.environ if environment is None else environment
        state = Path(env.get("KHUEVAN_INSTANCE", ROOT / "instance"))
        return cls(
            database_url=_with_driver(env.get("DATABASE_URL", "postgresql:///khuevan")),
            secret_key=_secret(env, "SECRET_KEY"),
            anchor_key=_secret(env, "ANCHOR_KEY"),
            state_folder=state,
            storage_url=env.get("STORAGE_URL", f"file://{state / 'documents'}"),
            vendor_folder=Path(env.get("VENDOR_FOLDER", ROOT / "static" / "vendor")),
            translations_folder=Path(env.get("TRANSLATIONS_FOLDER", ROOT / "translations")),
            mail_url=env.get("MAIL_URL", ""),
            mail_sender=env.get("MAIL_SENDER", "khong-tra-loi@khuevan.invalid"),
            public_url=env.get("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
            is_demo=_flag(env.get("DEMO")),
            is_https=_flag(env.get("HTTPS")),
        )


def _with_driver(url: str) -> str:
    """The address of the database in SQLAlchemy's form, with the psycopg 3 driver."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url

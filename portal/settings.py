"""Settings of one installation, read once from the environment."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from portal.embedded import EMBEDDED_HOME, running_url
from portal.keys import key_file
from portal.statefolder import state_folder

ROOT = Path(__file__).resolve().parent.parent


class WrongSetting(click.ClickException):
    """A variable of the environment holds what cannot be used; the message is for people."""


def _flag(value: str | None) -> bool:
    return (value or "").strip().lower() in {"1", "true", "yes", "on"}


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name) or str(default)
    if not value.isascii() or not value.isdigit():
        raise WrongSetting(f"{name}={value} is no number.")
    return int(value)


def _secret(environment: Mapping[str, str], name: str, state: Path) -> str:
    """A secret from the environment, or from the file that NAME_FILE names, or from the state folder.

    Without any it is new for this process: good for a test, not for an installation.
    """
    if environment.get(name):
        return environment[name]
    named = environment.get(f"{name}_FILE")
    file = Path(named or key_file(state, name))
    if named and not file.is_file():
        raise WrongSetting(f"{name}_FILE={named} is no file.")
    return file.read_text(encoding="utf-8").strip() if file.exists() else secrets.token_urlsafe(48)


def _database_url(environment: Mapping[str, str], state: Path) -> str:
    """The database that is named, else that of the embedded server running here."""
    url = environment.get("DATABASE_URL") or running_url(state / EMBEDDED_HOME) or "postgresql:///khuevan"
    return _with_driver(url)


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
    trusted_proxies: int = 0
    is_serving: bool = False
    web_threads: int = 4
    web_waiting: int = 32
    evenness_file: Path | None = None
    clamd_url: str = ""
    digest_hour: int = 7
    api_requests_per_minute: int = 600
    api_public_requests_per_minute: int = 600

    @property
    def libpq_url(self) -> str:
        """The address of the database for PostgreSQL's own programs."""
        return self.database_url.replace("postgresql+psycopg://", "postgresql://", 1)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings; ``docs/operations.md`` lists them."""
        env = os.environ if environment is None else environment
        state = state_folder(env)
        return cls(
            database_url=_database_url(env, state),
            secret_key=_secret(env, "SECRET_KEY", state),
            anchor_key=_secret(env, "ANCHOR_KEY", state),
            state_folder=state,
            storage_url=env.get("STORAGE_URL", f"file://{state / 'documents'}"),
            vendor_folder=Path(env.get("VENDOR_FOLDER", state / "vendor")),
            translations_folder=Path(env.get("TRANSLATIONS_FOLDER", state / "translations")),
            mail_url=env.get("MAIL_URL", ""),
            mail_sender=env.get("MAIL_SENDER", "khong-tra-loi@khuevan.invalid"),
            public_url=env.get("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
            is_demo=_flag(env.get("DEMO")),
            is_https=_flag(env.get("HTTPS")),
            trusted_proxies=_number(env, "TRUSTED_PROXIES", 0),
            is_serving=_flag(env.get("SERVING")),
            web_threads=_number(env, "WEB_THREADS", 4),
            web_waiting=_number(env, "WEB_WAITING", 32),
            evenness_file=Path(env["EVENNESS_FILE"]) if env.get("EVENNESS_FILE") else None,
            clamd_url=env.get("CLAMD_URL", ""),
            digest_hour=_number(env, "DIGEST_HOUR", 7),
            api_requests_per_minute=_number(env, "API_REQUESTS_PER_MINUTE", 600),
            api_public_requests_per_minute=_number(env, "API_PUBLIC_REQUESTS_PER_MINUTE", 600),
        )


def _with_driver(url: str) -> str:
    """The address of the database in SQLAlchemy's form, with the psycopg 3 driver."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            url = "postgresql+psycopg://" + url.removeprefix(prefix)
    try:
        if make_url(url).drivername == "postgresql+psycopg":
            return url
    except (ArgumentError, ValueError):
        pass
    raise WrongSetting("DATABASE_URL is no address of a PostgreSQL database: postgresql://USER:PASSWORD@HOST/DATABASE")

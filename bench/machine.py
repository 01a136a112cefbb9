"""On what was measured."""

import platform
from importlib.metadata import version

import psutil


def machine() -> str:
    """Machine and versions, in a sentence."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"**Machine**: {psutil.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()},"
        f" Python {platform.python_version()}, granian {version('granian')} with 2 workers, embedded PostgreSQL with"
        " durable commits. Whoever asks runs on the same cores."
    )

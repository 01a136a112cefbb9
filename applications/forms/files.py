"""The form field of a question that a file answers, and what is said about files that are accepted."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext

from applications.forms.fields import AnswerField, number_or_text
from foundation.inspection import ENDINGS


class FileField(AnswerField):
    """A file that was stored before, by number; a new one arrives under ``upload_name``."""

    def read(self, text: str) -> Any:
        return number_or_text(text)

    @property
    def upload_name(self) -> str:
        return f"{self.name}-upload"

    @property
    def anchor(self) -> str:
        return self.upload_name

    @property
    def accept(self) -> str:
        """The file endings for the browser's dialogue."""
        return accepted_endings(self.spec.limits.get("accept", ()))

    @property
    def limit_text(self) -> str:
        return file_limits(self.spec.limits.get("accept", ()), self.spec.limits.get("max_mb"))

    @property
    def filename(self) -> str:
        return self.surroundings.files.get(self.data, "") if isinstance(self.data, int) else ""


def accepted_endings(kinds: Sequence[str]) -> str:
    """File endings, as the ``accept`` of a file input wants them."""
    return ",".join(f".{ending}" for kind in kinds for ending in ENDINGS[kind])


def file_limits(kinds: Sequence[str], max_mb: int | None) -> str:
    """Which files are taken, in words."""
    names = ", ".join(kind.upper() for kind in kinds)
    if not names:
        return ""
    if max_mb is None:
        return str(gettext("Accepted: %(kinds)s.", kinds=names))
    return str(gettext("Accepted: %(kinds)s, up to %(limit)s MB.", kinds=names, limit=max_mb))

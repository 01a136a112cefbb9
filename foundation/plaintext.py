"""The words of a PDF or DOCX file, read apart from the product, since files may be hostile."""

from typing import BinaryIO

from foundation.apart import WorkFailed, work_apart

KINDS = frozenset({"pdf", "docx"})


class TextUnreadable(Exception):  # noqa: N818 - says what the file is
    """No words could be read from a file within the limits."""


def words_of(stream: BinaryIO, kind: str) -> str:
    """The words of a file of one of :data:`KINDS`, at most a million letters.

    Raises:
        TextUnreadable: it is damaged, or hostile, or takes too long or too much.
    """
    try:
        return work_apart("words", kind, stream).decode(errors="replace")
    except WorkFailed as failure:
        raise TextUnreadable(str(failure)) from failure

"""The decision file of a deal: one PDF that tells what the decision rests on, with every file attached to it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO

from applications.letters import TEMPLATES, printable
from applications.models import Document
from foundation.storage import open_blob
from foundation.typesetting import typesetter

TEMPLATE = "1/decision_file.typ"
STANDARDS = ["a-3a", "ua-1"]
"""Kept for ever with its attachments (PDF/A-3a), and readable by everybody (PDF/UA-1)."""
SUMS = "SHA256SUMS"

Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the file: a title, and rows of a label and what is said."""

    title: str
    rows: Sequence[tuple[str, str]]


def named(documents: Sequence[Document]) -> Iterator[tuple[str, Document]]:
    """A name of its own for each file, in the order in which they came; what a scanner objects to is left out."""
    for number, row in enumerate((row for row in documents if row.infection is None), start=1):
        yield f"{number:02}-{row.filename}", row


def decision_pdf(
    facts: Mapping[str, str], chapters: Sequence[Chapter], documents: Sequence[Document], tell: Tell = lambda _: None
) -> IO[bytes]:
    """The file, open at its beginning; its list of digests is what ``sha256sum --check`` takes.

    ``tell`` is told how many documents are attached.
    """
    files = list(named(documents))
    said = {name: printable(text) for name, text in facts.items()} | {
        "chapters": [{"title": one.title, "rows": [[*map(printable, row)] for row in one.rows]} for one in chapters],
        "files": [{"name": printable(name), "sha256": row.sha256} for name, row in files],
        "check": None,
        "is_preview": False,
    }
    page = typesetter.set(str(TEMPLATES / TEMPLATE), said, root=str(TEMPLATES), standards=STANDARDS)
    return _with_attachments(page, files, tell)


def _with_attachments(page: bytes, files: Sequence[tuple[str, Document]], tell: Tell) -> IO[bytes]:
    from pikepdf import AttachedFileSpec, Name, Pdf  # noqa: PLC0415 - heavy, and needed by few requests

    target = TemporaryFile()  # noqa: SIM115 - the caller sends it and closes it
    sums = "".join(f"{row.sha256}  {name}\n" for name, row in files).encode()
    with Pdf.open(BytesIO(page)) as pdf:

        def attach(name: str, content: bytes, media_type: str) -> None:
            attachment = AttachedFileSpec(
                pdf, content, filename=name, mime_type=media_type, description="", creation_date="", mod_date=""
            )
            attachment.relationship = Name.Supplement
            pdf.attachments[name] = attachment

        attach(SUMS, sums, "text/plain")
        for number, (name, row) in enumerate(files, start=1):
            with open_blob(row.sha256) as source:
                attach(name, source.read(), row.media_type)
            tell(number)
        pdf.save(target)
    target.seek(0)
    return target

"""What was sent, as an archive that proves itself: the frozen answers, the same to read, the files, all digests."""

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from applications.dossier import canonical
from applications.fields import visible_fields
from applications.fields.inwords import in_all_languages, table_in_all_languages
from applications.packs.model import FieldSpec, Pack
from foundation.storage import open_blob

SUMS = "SHA256SUMS"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The day that every entry carries, so that the same submission is the same archive each time."""


def readable_facts(pack: Pack, sent: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, in words of all languages: sections with their answers, documents with their digests."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for section, spec in visible_fields(pack.sections, sent["answers"]):
        sections.setdefault(section.key, []).append(_answer(spec, sent["answers"].get(spec.key)))
    return {
        "sections": [
            {"title": dict(pack.section_by_key[key].title), "answers": answers} for key, answers in sections.items()
        ],
        "documents": [_document(pack, row) for row in sent["documents"]],
    }


def _answer(spec: FieldSpec, value: Any) -> dict[str, Any]:
    if spec.type == "table":
        return {"label": dict(spec.label), **table_in_all_languages(spec, value or [])}
    return {"label": dict(spec.label), "text": in_all_languages(spec, value)}


def _document(pack: Pack, row: Mapping[str, Any]) -> dict[str, Any]:
    spec = pack.document_by_key.get(row["slot"])
    return {"label": dict(spec.label) if spec else row["slot"], "filename": row["filename"], "sha256": row["sha256"]}


def archive(sent: Mapping[str, Any], readable: bytes) -> IO[bytes]:
    """The archive as an open temporary file, at its beginning; ``readable`` is what was sent as PDF.

    Its ``SHA256SUMS`` is what ``sha256sum --check`` takes.
    """
    target = TemporaryFile()  # noqa: SIM115 - the caller sends it and closes it
    sums: list[tuple[str, str]] = []
    with ZipFile(target, "w") as package:
        for name, content in (("submission.json", canonical(sent)), ("submission.pdf", readable)):
            package.writestr(ZipInfo(name, FIRST_DAY), content, ZIP_DEFLATED)
            sums.append((hashlib.sha256(content).hexdigest(), name))
        for name, sha256 in _named(sent["documents"]):
            with open_blob(sha256) as source, package.open(ZipInfo(name, FIRST_DAY), "w") as place:
                shutil.copyfileobj(source, place)
            sums.append((sha256, name))
        listed = "".join(f"{sha256}  {name}\n" for sha256, name in sums)
        package.writestr(ZipInfo(SUMS, FIRST_DAY), listed, ZIP_STORED)
    target.seek(0)
    return target


def _named(documents: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """A name of its own for each file, and its digest."""
    for number, row in enumerate(documents, start=1):
        yield f"documents/{number:02}-{row['slot']}-{row['filename']}", row["sha256"]

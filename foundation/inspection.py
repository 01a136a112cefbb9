"""The look at a file on arrival: is it what it says, can it be opened, does it hold anything that acts."""

import json
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from flask_babel import lazy_gettext
from PIL import Image

from foundation.apart import WorkFailed, work_apart
from foundation.errors import Invalid, Reason
from foundation.reasons import register_reasons

MEDIA_TYPES = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "image/png": "png",
    "image/jpeg": "jpeg",
}
KINDS = frozenset(MEDIA_TYPES.values())
ENDINGS = {
    "pdf": ("pdf",),
    "docx": ("docx",),
    "xlsx": ("xlsx",),
    "png": ("png",),
    "jpeg": ("jpg", "jpeg"),
}
"""How names of files of each kind end; the first is given to a file whose name ends otherwise."""

MOST_PIXELS = 60_000_000
MOST_UNPACKED = 300_000_000
MOST_RELATIONS = 5_000_000
"""Bytes of the list of what one part of an office file refers to."""
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TORN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
    OSError,
    SyntaxError,
)
"""What the readers of packages and pictures raise for damaged or hostile content."""

FETCHED = re.compile(r"/(attachedTemplate|oleObject|frame|subDocument)$")
"""Kinds of references that an office program follows by itself when it opens a file."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file is (``None`` when unknown), its pages where it has any, and why it cannot be taken."""

    kind: str | None
    pages: int | None = None
    faults: tuple[Reason, ...] = ()


def inspect(stream: BinaryIO, declared_type: str, *, accept: frozenset[str] = KINDS) -> Inspection:
    """Look at a seekable file declared as a media type, where only the kinds in ``accept`` are wanted."""
    kind = sniff(stream)
    if kind is None or kind not in accept:
        return Inspection(kind, faults=(_unwanted(stream, kind, accept),))
    if MEDIA_TYPES.get(declared_type, kind) != kind:
        return Inspection(kind, faults=(Reason("file_type_differs", {"kind": kind.upper()}),))
    stream.seek(0)
    return _LOOKS[kind](stream)


def fitting_name(filename: str, kind: str) -> str:
    """The name, ending as names of this kind of file do, whatever a program would make of its own ending.

    Raises:
        Invalid: it ends as the name of another kind that is known here.
    """
    ending = filename.rpartition(".")[2].lower() if "." in filename else ""
    if ending in ENDINGS[kind]:
        return filename
    if any(ending in endings for endings in ENDINGS.values()):
        raise Invalid({"file": [Reason("file_type_differs", {"kind": kind.upper()})]})
    return f"{filename}.{ENDINGS[kind][0]}"


def sniff(stream: BinaryIO) -> str | None:
    """The kind of a file by its content alone."""
    stream.seek(0)
    head = stream.read(1024)
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    return _office_kind(stream) if head.startswith(b"PK") else None


def _office_kind(stream: BinaryIO) -> str | None:
    try:
        with zipfile.ZipFile(stream) as package:
            names = set(package.namelist())
    except TORN:
        return None
    if "[Content_Types].xml" not in names:
        return None
    return "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else None


def _unwanted(stream: BinaryIO, kind: str | None, accept: frozenset[str]) -> Reason:
    stream.seek(0)
    head = stream.read(8)
    if not head:
        return Reason("file_empty")
    if head == OLD_OFFICE:
        return Reason("office_old_or_locked")
    if kind:
        return Reason("file_type_unwanted", {"kind": kind.upper()})
    if accept == KINDS:
        return Reason("file_type_unknown")
    return Reason("file_type_not_taken", {"kinds": ", ".join(sorted(one.upper() for one in accept))})


def _look_at_pdf(stream: BinaryIO) -> Inspection:
    """One that is small when packed and huge when not costs no more than any other."""
    from foundation.apart import pdflook  # noqa: PLC0415 - a process that only shows pages does without

    try:
        look = json.loads(work_apart("pdflook", "", stream)) if pdflook.is_packed(stream) else pdflook.look(stream)
    except WorkFailed:
        return Inspection("pdf", faults=(Reason("file_unpacks_too_large"),))
    pages, faults = look
    return Inspection("pdf", pages or None, tuple(Reason(code, facts) for code, facts in faults))


def _look_at_office(kind: str) -> Callable[[BinaryIO], Inspection]:
    def look(stream: BinaryIO) -> Inspection:
        return Inspection(kind, faults=tuple(_office_faults(stream)))

    return look


def _office_faults(stream: BinaryIO) -> list[Reason]:
    try:
        with zipfile.ZipFile(stream) as package:
            entries = package.infolist()
            if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                return [Reason("file_unpacks_too_large")]
            if _has_macros(package):
                return [Reason("office_macros")]
            if any("/activex/" in entry.filename.lower() for entry in entries) or _fetches(package):
                return [Reason("office_active_content")]
            return [Reason("file_broken")] if package.testzip() else []
    except TORN:
        return [Reason("file_broken")]


def _has_macros(package: zipfile.ZipFile) -> bool:
    names = package.namelist()
    return any(name.lower().endswith("vbaproject.bin") for name in names) or any(
        b"macroEnabled" in package.read(name) for name in names if name == "[Content_Types].xml"
    )


def _fetches(package: zipfile.ZipFile) -> bool:
    """Whether the file has a program fetch something from elsewhere as soon as it is opened."""
    from lxml import etree  # noqa: PLC0415 - a process that only shows pages does without

    for entry in package.infolist():
        if entry.filename.endswith(".rels"):
            if entry.file_size > MOST_RELATIONS:
                raise ValueError("the list of references is too long")
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            for relation in etree.fromstring(package.read(entry), parser).iter("{*}Relationship"):
                if relation.get("TargetMode") == "External" and FETCHED.search(relation.get("Type", "")):
                    return True
    return False


def _look_at_image(kind: str) -> Callable[[BinaryIO], Inspection]:
    def look(stream: BinaryIO) -> Inspection:
        try:
            return Inspection(kind, faults=tuple(_image_faults(stream, kind)))
        except Image.DecompressionBombError:
            return Inspection(kind, faults=(Reason("image_too_large"),))
        except (*TORN, Image.DecompressionBombWarning):
            return Inspection(kind, faults=(Reason("file_broken"),))

    return look


def _image_faults(stream: BinaryIO, kind: str) -> list[Reason]:
    with Image.open(stream, formats=[kind]) as image:
        if image.width * image.height > MOST_PIXELS:
            return [Reason("image_too_large")]
        if kind == "jpeg":
            image.draft("L", (64, 64))  # an eighth of the size, but the whole file is read
            image.load()
        else:
            image.verify()
    return []


_LOOKS: dict[str, Callable[[BinaryIO], Inspection]] = {
    "pdf": _look_at_pdf,
    "docx": _look_at_office("docx"),
    "xlsx": _look_at_office("xlsx"),
    "png": _look_at_image("png"),
    "jpeg": _look_at_image("jpeg"),
}

register_reasons(
    {
        "file_empty": lazy_gettext("The file is empty."),
        "file_type_unknown": lazy_gettext("The file is not a PDF, DOCX, XLSX, PNG or JPEG file."),
        "file_type_not_taken": lazy_gettext("The file is not of a kind that is accepted here: %(kinds)s."),
        "file_type_unwanted": lazy_gettext("A %(kind)s file is not accepted here."),
        "file_type_differs": lazy_gettext("The file is in truth a %(kind)s file; give it its right name."),
        "file_broken": lazy_gettext("The file is damaged and cannot be opened."),
        "file_unpacks_too_large": lazy_gettext("The file is too large once unpacked."),
        "image_too_large": lazy_gettext("The picture has too many pixels."),
        "office_macros": lazy_gettext("The file contains macros. Save it without macros."),
        "office_active_content": lazy_gettext(
            "The file contains active controls or fetches parts from elsewhere. Save it without them, or as PDF."
        ),
        "pdf_too_many_pages": lazy_gettext("The PDF has more than %(limit)s pages. Split it."),
        "pdf_carries_program": lazy_gettext("The PDF carries an attached program. Remove the attachment."),
        "pdf_drawn_by_program": lazy_gettext(
            "The PDF is a form that only one program can show. Print it to a new PDF and send that."
        ),
        "office_old_or_locked": lazy_gettext(
            "The file is locked by a password or in an old Office format. Save it as DOCX or XLSX without a password."
        ),
        "pdf_encrypted": lazy_gettext("The PDF is locked by a password. Save it without one."),
        "pdf_active_content": lazy_gettext(
            "The PDF contains scripts or starts programs. Print it to a new PDF and send that."
        ),
    }
)

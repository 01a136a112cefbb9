"""The look into a PDF: its pages, and what in it acts; also a program that writes this of the file it is given."""

import json
import re
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf

MOST_PAGES = 3000
CHUNK = 1 << 20
OVERLAP = 64

ACTING = frozenset({"/JavaScript", "/Launch", "/ImportData", "/RichMedia"})
TELLTALE = (b"/JS", b"/EF", *(name.encode() for name in sorted(ACTING)))
PROGRAM = re.compile(
    r"\.(exe|com|scr|pif|msi|bat|cmd|ps1|vbs?|vbe|jse?|wsf|wsh|hta|lnk|jar|reg|cpl|dll|sys|iso|img|docm|xlsm|pptm)$",
    re.I,
)
"""Names of attached files that a reader might start by a click."""
PACKED = re.compile(rb"/ObjStm|/XRef|/[^\s/<>\[\]()#]{0,12}#")
"""Parts that are unpacked as soon as the file is opened, also under a name written in another way."""

Fault = tuple[str, dict[str, Any]]
Look = tuple[int | None, list[Fault]]
"""How many pages there are, if that is known, and what is wrong, as codes with facts."""


def is_packed(stream: BinaryIO) -> bool:
    """Whether opening the file unpacks parts of it, which may be huge: then look apart."""
    stream.seek(0)
    before = b""
    while chunk := stream.read(CHUNK):
        if PACKED.search(before + chunk):
            return True
        before = chunk[-OVERLAP:]
    return False


def look(stream: BinaryIO) -> Look:
    """Look into a PDF."""
    stream.seek(0)
    try:
        with pikepdf.open(stream) as document:
            return len(document.pages), list(_faults(document))
    except pikepdf.PasswordError:
        return None, [("pdf_encrypted", {})]
    except (pikepdf.PdfError, RecursionError, RuntimeError, ValueError, OSError):
        return None, [("file_broken", {})]


def _faults(document: pikepdf.Pdf) -> Iterator[Fault]:
    pages = len(document.pages)
    if not pages:
        yield "file_broken", {}
    if pages > MOST_PAGES:
        yield "pdf_too_many_pages", {"limit": MOST_PAGES}
    suspects = [thing for thing in document.objects if _might_act(thing)]
    if any(_acts(thing) for thing in suspects):
        yield "pdf_active_content", {}
    if any(_carries_program(thing) for thing in suspects):
        yield "pdf_carries_program", {}
    form = document.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form and document.Root.get("/NeedsRendering", False):
        yield "pdf_drawn_by_program", {}


def _carries_program(thing: Any) -> bool:
    """Whether an object attaches a file that a click would start."""
    if not isinstance(thing, pikepdf.Dictionary) or "/EF" not in thing:
        return False
    return any(PROGRAM.search(str(thing.get(name, "")).strip()) for name in ("/UF", "/F"))


def _might_act(thing: Any) -> bool:
    """A quick look at the written form, names in full, before the slow one at the object: most need no other."""
    if isinstance(thing, pikepdf.Stream):
        thing = thing.stream_dict
    written = thing.unparse(resolved=True) if isinstance(thing, pikepdf.Object) else b""
    return any(name in written for name in TELLTALE)


def _acts(thing: Any) -> bool:
    """Whether an object of a PDF is, or names, an action that runs a script or starts a program."""
    if isinstance(thing, pikepdf.Name):
        return str(thing) in ACTING
    if isinstance(thing, pikepdf.Array):
        return any(_acts(inner) for inner in thing if not _is_indirect(inner))
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return False
    holder = thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing
    return "/JS" in holder or any(_acts(inner) for _, inner in holder.items() if not _is_indirect(inner))


def _is_indirect(thing: Any) -> bool:
    return bool(getattr(thing, "is_indirect", False))


def _main() -> None:
    json.dump(look(sys.stdin.buffer), sys.stdout)


if __name__ == "__main__":
    _main()

"""A program that writes the words of the PDF or DOCX file that it is given."""

import sys
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, Any

import pypdfium2
from lxml import etree

MOST_LETTERS = 1_000_000
MOST_PAGES = 3000
MOST_MARKUP = 50_000_000
"""Bytes of one part of a DOCX file, unpacked; what lies beyond is left unread, however small it was packed."""
CHUNK = 1 << 18

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")


def read_pdf(file: IO[bytes]) -> Iterator[str]:
    """The text of each page."""
    with pypdfium2.PdfDocument(file) as pdf:
        for number in range(min(len(pdf), MOST_PAGES)):
            page = pdf[number]
            text = page.get_textpage()
            yield f"{text.get_text_range()}\n"
            text.close()
            page.close()


def read_docx(file: IO[bytes]) -> Iterator[str]:
    """The runs of text of the body and its notes, with a space or line end where the page has one."""
    with zipfile.ZipFile(file) as package:
        for name in PARTS:
            if name in package.namelist():
                with package.open(name) as part:
                    yield from _pieces(part)


def _pieces(part: IO[bytes]) -> Iterator[str]:
    """The text of one part, piece by piece; entities are not followed and what was read is let go."""
    parser: Any = etree.XMLPullParser(("end",), resolve_entities=False, no_network=True, load_dtd=False)
    left = MOST_MARKUP
    while left > 0 and (chunk := part.read(min(CHUNK, left))):
        left -= len(chunk)
        parser.feed(chunk)
        for _, element in parser.read_events():
            yield _piece(element)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _piece(element: Any) -> str:
    if element.tag == f"{WORD}t":
        return element.text or ""
    return "\n" if element.tag == f"{WORD}p" else " " if element.tag in (f"{WORD}tab", f"{WORD}br") else ""


def limited(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces up to the most letters that are kept."""
    left = MOST_LETTERS
    for piece in pieces:
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            return


def _main() -> None:
    read = {"pdf": read_pdf, "docx": read_docx}[sys.argv[1]]
    for piece in limited(read(sys.stdin.buffer)):
        sys.stdout.buffer.write(piece.encode(errors="replace"))


if __name__ == "__main__":
    _main()

"""The words of a PDF or DOCX file, read by a process of its own that can neither hang nor eat the machine.

The module is also the program of that process, so it imports nothing of the product.
"""

import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO

import pypdfium2
from lxml import etree

KINDS = frozenset({"pdf", "docx"})
MOST_LETTERS = 1_000_000
MOST_PAGES = 3000
MOST_MARKUP = 50_000_000
"""Bytes of one part of a DOCX file, unpacked; what lies beyond is left unread, however small it was packed."""
MOST_MEMORY = 1 << 30
SECONDS_OF_WORK = 30
SECONDS = 60
"""Of work of the processor, and on the clock on the wall."""
CHUNK = 1 << 18

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")


class TextUnreadable(Exception):  # noqa: N818 - says what the file is
    """No words could be read from a file within the limits."""


def words_of(stream: BinaryIO, kind: str) -> str:
    """The words of a file of one of :data:`KINDS`, at most :data:`MOST_LETTERS` letters.

    Raises:
        TextUnreadable: it is damaged, or hostile, or takes too long or too much.
    """
    with TemporaryFile() as copy:
        while chunk := stream.read(CHUNK):
            copy.write(chunk)
        copy.seek(0)
        return _read_apart(copy, kind)


def _read_apart(file: IO[bytes], kind: str) -> str:
    try:
        done = subprocess.run(
            [sys.executable, "-I", __file__, kind], stdin=file, capture_output=True, timeout=SECONDS, check=True
        )
    except subprocess.TimeoutExpired as error:
        raise TextUnreadable("it takes too long") from error
    except subprocess.CalledProcessError as error:
        raise TextUnreadable(error.stderr.decode(errors="replace")[-500:].strip()) from error
    return done.stdout.decode(errors="replace")


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
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_OF_WORK, SECONDS_OF_WORK))
    read = {"pdf": read_pdf, "docx": read_docx}[sys.argv[1]]
    for piece in limited(read(sys.stdin.buffer)):
        sys.stdout.buffer.write(piece.encode(errors="replace"))


if __name__ == "__main__":
    _main()

"""Pages of documents as pictures, drawn here, so that nothing of the file itself reaches a reader's browser."""

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask_babel import lazy_gettext
from PIL import Image, ImageOps, UnidentifiedImageError

from applications.models import Document
from foundation.errors import Blocked, NotFound
from foundation.reasons import register_reasons
from foundation.storage import open_blob

WIDTHS = (1100, 240)
"""Widths in pixels: to read, and to recognise."""
TALLEST = 4
"""A page is drawn at most so many times as tall as wide; what is longer is drawn narrower."""

PATIENCE = 20
"""Seconds that a page waits for those before it to be drawn."""

PDF = "application/pdf"
PICTURES = ("image/png", "image/jpeg")

_drawing = Lock()


def has_pictures(document: Document) -> bool:
    """Whether the pages of the file can be shown: of this kind they can, and nothing was found in it."""
    return not document.infection and (document.media_type == PDF or document.media_type in PICTURES)


def page_count(document: Document) -> int:
    """How many pages can be shown."""
    if document.media_type in PICTURES:
        return 1
    return document.pages or 0 if document.media_type == PDF else 0


def page_picture(document: Document, number: int, *, width: int = WIDTHS[0]) -> bytes:
    """One page (the first is 1) as PNG.

    Raises:
        NotFound: there is no such page, or no such width.
        Blocked: the file cannot be drawn.
    """
    if width not in WIDTHS or not 1 <= number <= page_count(document):
        raise NotFound
    draw = _pdf_page if document.media_type == PDF else _picture
    with open_blob(document.sha256) as stream:
        try:
            picture = draw(stream, number, width)
        except (RuntimeError, UnidentifiedImageError, OSError, ValueError) as error:
            raise Blocked("page_cannot_be_shown") from error
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a letter as it looks, a PNG in a few greys, and as it reads."""

    picture: bytes
    words: str

    @property
    def address(self) -> str:
        """The picture as an address that holds it."""
        return f"data:{PICTURES[0]};base64,{base64.b64encode(self.picture).decode()}"


def sheets_of(content: bytes, *, width: int = WIDTHS[0]) -> list[Sheet]:
    """The pages of a PDF that the product made itself."""
    with _drawing, _opened(content) as pdf:
        return [_sheet(pdf, number, width) for number in range(1, len(pdf) + 1)]


def _sheet(pdf: Any, number: int, width: int) -> Sheet:
    out = io.BytesIO()
    with _page(pdf, number) as page:
        bitmap = page.render(scale=width / page.get_width())
        bitmap.to_pil().convert("L").quantize(16).save(out, "PNG")
        bitmap.close()
        text = page.get_textpage()
        words: str = text.get_text_bounded()
        text.close()
    return Sheet(out.getvalue(), words)


def _pdf_page(stream: Any, number: int, width: int) -> Image.Image:
    """Drawn in white and without forms or scripts; one at a time, for the library is not safe for threads."""
    with _turn(), _opened(stream) as pdf, _page(pdf, number) as page:
        wide, tall = page.get_size()
        scale = min(width / max(wide, 1), width * TALLEST / max(tall, 1))
        bitmap = page.render(scale=scale, may_draw_forms=False)
        picture: Image.Image = bitmap.to_pil().convert("RGB")
        bitmap.close()
        return picture


@contextmanager
def _turn() -> Iterator[None]:
    """The right to draw; not waited for behind a page that takes for ever."""
    if not _drawing.acquire(timeout=PATIENCE):
        raise Blocked("page_cannot_be_shown")
    try:
        yield
    finally:
        _drawing.release()


@contextmanager
def _opened(stream: Any) -> Iterator[Any]:
    import pypdfium2  # noqa: PLC0415 - a process that draws no page does without

    pdf = pypdfium2.PdfDocument(stream)
    try:
        yield pdf
    finally:
        pdf.close()


@contextmanager
def _page(pdf: Any, number: int) -> Iterator[Any]:
    page = pdf[number - 1]
    try:
        yield page
    finally:
        page.close()


def _picture(stream: Any, number: int, width: int) -> Image.Image:
    with Image.open(stream) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    picture.thumbnail((width, width * TALLEST))
    return picture


register_reasons({"page_cannot_be_shown": lazy_gettext("This page cannot be shown. Download the file instead.")})

"""Files that arrive piece by piece: each piece is kept beside the documents until the whole is there."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile
from typing import BinaryIO, cast
from uuid import uuid4

from foundation.errors import NotFound
from foundation.storage import CHUNK, current_place

PIECE = 1 << 20
"""Bytes of a piece: what an ordinary request may carry, and little enough to send once more."""


def new_folder() -> str:
    """A name that nobody guesses, for the pieces of one file."""
    return uuid4().hex


def keep_piece(folder: str, content: bytes) -> str:
    """Store one piece; its name in the folder. A piece whose name is not recorded goes with its folder."""
    place, name = current_place(), uuid4().hex
    place.files.makedirs(f"{place.pieces}/{folder}", exist_ok=True)
    place.files.pipe_file(f"{place.pieces}/{folder}/{name}", content)
    return name


@contextmanager
def whole_file(folder: str, names: Iterable[str]) -> Iterator[BinaryIO]:
    """The pieces as one seekable file on this machine, gone afterwards.

    Raises:
        NotFound: a piece is no longer there.
    """
    place = current_place()
    with TemporaryFile() as whole:
        for name in names:
            try:
                with place.files.open(f"{place.pieces}/{folder}/{name}", "rb") as piece:
                    while chunk := piece.read(CHUNK):
                        whole.write(chunk)
            except FileNotFoundError:
                raise NotFound from None
        whole.seek(0)
        yield cast(BinaryIO, whole)


def discard_pieces(folder: str) -> None:
    """Delete the pieces of a file."""
    place = current_place()
    with suppress(FileNotFoundError):
        place.files.rm(f"{place.pieces}/{folder}", recursive=True)


def discard_orphans(known: Callable[[Sequence[str]], set[str]]) -> int:
    """Delete the folders of pieces that ``known`` does not return among those it is asked about; how many.

    Where a row is committed before its first piece is stored, no folder of a living upload is unknown.
    """
    place = current_place()
    listed = place.files.ls(place.pieces, detail=False) if place.files.exists(place.pieces) else []
    folders = [path.rstrip("/").rpartition("/")[2] for path in listed]
    orphans = sorted(set(folders) - known(folders))
    for folder in orphans:
        discard_pieces(folder)
    return len(orphans)

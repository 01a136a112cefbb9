"""Files that are kept for some days only: written beside the documents under a name nobody guesses, then deleted."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, BinaryIO, cast
from uuid import uuid4

from foundation.database import now
from foundation.errors import NotFound
from foundation.storage import WORTH_KEEPING, current_place

FOLDER = "passing"


def _path(name: str) -> str:
    return f"{current_place().folder}/{FOLDER}/{name}"


@contextmanager
def new_file() -> Iterator[tuple[str, IO[bytes]]]:
    """The name of a new file and what to write it with; it is gone again when the writing fails."""
    place, name = current_place(), uuid4().hex
    place.files.makedirs(_path("")[:-1], exist_ok=True)
    try:
        with place.files.open(_path(name), "wb") as target:
            yield name, target
    except BaseException:
        delete_file(name)
        raise


def open_file(name: str) -> BinaryIO:
    """The file, opened for reading; the caller closes it. Raises NotFound."""
    try:
        return cast(BinaryIO, current_place().files.open(_path(name), "rb"))
    except FileNotFoundError:
        raise NotFound from None


def delete_file(name: str) -> None:
    """Delete the file, if it is there."""
    with suppress(FileNotFoundError):
        current_place().files.rm_file(_path(name))


def delete_unknown(known: Callable[[Sequence[str]], set[str]]) -> int:
    """Delete files older than a day that ``known`` does not return of those it is asked about; how many."""
    place, folder = current_place(), _path("")[:-1]
    if not place.files.exists(folder):
        return 0
    before = now() - WORTH_KEEPING
    names = [path.rpartition("/")[2] for path in place.files.ls(folder, detail=False)]
    lost = [name for name in sorted(set(names) - known(names)) if place.files.modified(_path(name)) < before]
    for name in lost:
        delete_file(name)
    return len(lost)

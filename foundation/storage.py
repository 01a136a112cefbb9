"""The documents store: every file once, named by its content, in a folder or an S3-compatible store."""

import base64
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

import fsspec
from flask import current_app
from flask_babel import lazy_gettext
from fsspec.implementations.local import LocalFileSystem

from foundation.database import now
from foundation.errors import Invalid, NotFound, Reason
from foundation.reasons import register_reasons

CHUNK = 1 << 20
SHA256 = re.compile(r"[0-9a-f]{64}")
OPTIONS = {"s3": {"use_listings_cache": False}}
"""By kind of store: other machines write to it too, so nothing that was listed once is believed later."""
WORTH_KEEPING = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """A stored file: the SHA-256 of its content, in hexadecimal, and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where documents lie: a file system and the folder in it."""

    files: Any
    folder: str

    def blob(self, sha256: str) -> str:
        if not SHA256.fullmatch(sha256):
            raise NotFound
        return f"{self.folder}/blobs/{sha256[:2]}/{sha256}"

    @property
    def incoming(self) -> str:
        return f"{self.folder}/incoming"

    @property
    def pieces(self) -> str:
        return f"{self.folder}/pieces"


@cache
def _place_of(url: str) -> Place:
    files, folder = fsspec.core.url_to_fs(url, **OPTIONS.get(url.partition(":")[0], {}))
    return Place(files, folder.rstrip("/"))


def current_place() -> Place:
    """Where the documents of this installation lie."""
    return _place_of(current_app.config["KHUEVAN"].storage_url)


def store(stream: BinaryIO, *, limit: int, field: str = "file") -> StoredBlob:
    """Keep what ``stream`` yields, in chunks; equal content is kept once. Call it before the transaction.

    Raises:
        Invalid: more than ``limit`` bytes arrive; nothing is kept then.
    """
    place = current_place()
    with _incoming(place) as part:
        blob = _receive(place, part, _limited(stream, limit, field))
        target = place.blob(blob.sha256)
        place.files.makedirs(target.rpartition("/")[0], exist_ok=True)
        place.files.mv(part, target)
        _sync_folder(place, target)
    return blob


@contextmanager
def _incoming(place: Place) -> Iterator[str]:
    """A name for a file on its way in; gone afterwards, unless moved to its place."""
    place.files.makedirs(place.incoming, exist_ok=True)
    part = f"{place.incoming}/{uuid4().hex}"
    try:
        yield part
    except BaseException:
        if place.files.exists(part):
            place.files.rm_file(part)
        raise


def _limited(stream: BinaryIO, limit: int, field: str) -> Iterator[bytes]:
    size = 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise Invalid({field: [Reason("file_too_large", {"limit_mb": f"{limit / 1e6:g}"})]})
        yield chunk


def _receive(place: Place, part: str, chunks: Iterator[bytes]) -> StoredBlob:
    digest, size = hashlib.sha256(), 0
    with place.files.open(part, "wb") as target:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
        if isinstance(place.files, LocalFileSystem):
            target.flush()
            os.fsync(target.fileno())
    return StoredBlob(digest.hexdigest(), size)


def _sync_folder(place: Place, path: str) -> None:
    """Make a rename in a local folder survive a power cut; other stores do so by themselves."""
    if isinstance(place.files, LocalFileSystem):
        folder = os.open(Path(path).parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def open_blob(sha256: str) -> BinaryIO:
    """The stored file, opened for reading; the caller closes it.

    Raises:
        NotFound: nothing with this content is stored.
    """
    place = current_place()
    try:
        opened: BinaryIO = place.files.open(place.blob(sha256), "rb")
    except FileNotFoundError:
        raise NotFound from None
    return opened


def content_digest(sha256: str) -> str:
    """The ``Content-Digest`` field of a whole file (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:"


def exists(sha256: str) -> bool:
    place = current_place()
    return bool(SHA256.fullmatch(sha256)) and bool(place.files.exists(place.blob(sha256)))


def delete_unreferenced(
    referenced: Callable[[Sequence[str]], set[str]], *, older_than: timedelta = WORTH_KEEPING
) -> int:
    """Delete stored files that no row needs and that are older than a day; returns how many.

    ``referenced`` answers, for some digests, which of them are still needed. Files younger than
    ``older_than`` stay, since their row may not be committed yet.
    """
    place, before = current_place(), now() - older_than
    deleted = 0
    for shard in _listed(place, f"{place.folder}/blobs"):
        blobs = {path.rpartition("/")[2]: path for path in _listed(place, shard)}
        unneeded = blobs.keys() - referenced(sorted(blobs))
        deleted += sum(_delete_older(place, blobs[sha256], before) for sha256 in sorted(unneeded))
    for part in _listed(place, place.incoming):
        _delete_older(place, part, before)
    return deleted


def stored_digests() -> Iterator[str]:
    """The SHA-256 of every stored file, in no particular order."""
    place = current_place()
    for shard in _listed(place, f"{place.folder}/blobs"):
        yield from (path.rpartition("/")[2] for path in _listed(place, shard))


def _listed(place: Place, folder: str) -> list[str]:
    return list(place.files.ls(folder, detail=False)) if place.files.exists(folder) else []


def _delete_older(place: Place, path: str, before: datetime) -> bool:
    if place.files.modified(path) >= before:
        return False
    place.files.rm_file(path)
    return True


register_reasons({"file_too_large": lazy_gettext("The file is larger than %(limit_mb)s MB.")})

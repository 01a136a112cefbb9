"""A backup in one file: the database's dump, every document and anchor, and a manifest with their digests."""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, BinaryIO

FORMAT = 1
DUMP = "database.dump"
DOCUMENTS = "documents/"
ANCHORS = "anchors/"
MANIFEST = "manifest.json"
CHUNK = 1 << 20


class BadArchive(Exception):  # noqa: N818 - named after what was found
    """The file is no backup of ours, or not whole; the message says where."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive holds.

    Documents are listed by the digest of their content, which is also their name; anchors by name, with digest.
    """

    format: int
    created_at: str
    schema: str
    dump: str
    documents: list[str]
    anchors: dict[str, str]

    def digests(self) -> dict[str, str]:
        """The digest that each member of the archive must have."""
        documents = {f"{DOCUMENTS}{digest}": digest for digest in self.documents}
        anchors = {f"{ANCHORS}{name}": digest for name, digest in self.anchors.items()}
        return {DUMP: self.dump} | documents | anchors


@dataclass(frozen=True, slots=True)
class Contents:
    """What is to be kept: the dump, the digests of all documents and how to open one, the anchors' folder."""

    dump: Path
    schema: str
    digests: Iterable[str]
    open_document: Callable[[str], BinaryIO]
    anchors: Path


def write_archive(file: Path, contents: Contents) -> Manifest:
    """Write the archive; it appears whole or not at all."""
    half = file.with_name(f".{file.name}.part")
    try:
        with tarfile.open(half, "w") as archive:
            archive.add(contents.dump, DUMP)
            manifest = Manifest(
                format=FORMAT,
                created_at=datetime.now(UTC).isoformat(timespec="seconds"),
                schema=contents.schema,
                dump=digest_of(contents.dump),
                documents=[_add_document(archive, digest, contents) for digest in sorted(contents.digests)],
                anchors=_add_anchors(archive, contents.anchors),
            )
            _add_text(archive, MANIFEST, json.dumps(asdict(manifest), indent=1))
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)
    return manifest


def _add_anchors(archive: tarfile.TarFile, folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    for path in files:
        archive.add(path, f"{ANCHORS}{path.name}")
    return {path.name: digest_of(path) for path in files}


def _add_document(archive: tarfile.TarFile, digest: str, contents: Contents) -> str:
    with contents.open_document(digest) as content:
        entry = tarfile.TarInfo(f"{DOCUMENTS}{digest}")
        entry.size = content.seek(0, io.SEEK_END)
        content.seek(0)
        archive.addfile(entry, content)
    return digest


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def verify_archive(file: Path) -> Manifest:
    """Read the whole archive and compare every digest with the manifest.

    Raises:
        BadArchive: something is missing, added or changed.
    """
    try:
        found, text = _digests_in(file)
        manifest = Manifest(**json.loads(text))
    except (tarfile.TarError, ValueError, TypeError, OSError) as failure:
        raise BadArchive(f"{file} is not a readable backup: {failure}") from None
    if manifest.format != FORMAT:
        raise BadArchive(f"{file} has format {manifest.format}; this version reads {FORMAT}")
    expected = manifest.digests()
    wrong = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    if wrong:
        raise BadArchive(f"{file} is damaged: {', '.join(wrong[:5])} differ from the manifest")
    return manifest


def _digests_in(file: Path) -> tuple[dict[str, str], str]:
    """The digest of each member, and the manifest's text."""
    found: dict[str, str] = {}
    text = ""
    with tarfile.open(file, "r:") as archive:
        for entry in archive:
            content = _content(archive, entry)
            if entry.name == MANIFEST:
                text = content.read().decode()
            else:
                found[entry.name] = _digest(content)
    return found, text


def _content(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    content = archive.extractfile(entry)
    if content is None:
        raise ValueError(f"{entry.name} is no file")
    return content


@contextmanager
def opened_archive(file: Path) -> Iterator["OpenedArchive"]:
    """A verified archive, opened for restoring."""
    with tarfile.open(file, "r:") as archive:
        yield OpenedArchive(archive)


class OpenedArchive:
    """What a restore takes out of an archive."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive

    def extract_dump(self, target: Path) -> None:
        with _content(self._archive, self._archive.getmember(DUMP)) as content, target.open("wb") as file:
            while chunk := content.read(CHUNK):
                file.write(chunk)

    def documents(self) -> Iterator[IO[bytes]]:
        """The content of each document; read it before asking for the next."""
        for entry in self._archive:
            if entry.name.startswith(DOCUMENTS):
                yield _content(self._archive, entry)

    def extract_anchors(self, folder: Path) -> None:
        """Put back the anchors that are missing; those that are there are never touched."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for entry in self._archive:
            target = folder / Path(entry.name).name
            if entry.name.startswith(ANCHORS) and not target.exists():
                target.write_bytes(_content(self._archive, entry).read())


def digest_of(file: Path) -> str:
    with file.open("rb") as content:
        return _digest(content)


def _digest(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()

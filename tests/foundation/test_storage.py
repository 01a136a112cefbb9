"""The documents store: content decides the name, limits hold, nothing half-written stays."""

import hashlib
import io
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from foundation.errors import Invalid, NotFound
from foundation.storage import delete_unreferenced, exists, open_blob, store

WORDS = "Đơn đăng ký thử nghiệm".encode()
ABSENT = "0" * 64


@pytest.fixture(params=["file", "memory"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A store of the test's own: in a folder, and in the memory that stands for a remote store."""
    app = Flask("store")
    url = f"{request.param}://{tmp_path}/kho tài liệu"
    app.config["KHUEVAN"] = type("Settings", (), {"storage_url": url})
    with app.app_context():
        yield tmp_path / "kho tài liệu"


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Path]:
    app = Flask("store")
    app.config["KHUEVAN"] = type("Settings", (), {"storage_url": f"file://{tmp_path}/kho"})
    with app.app_context():
        yield tmp_path / "kho"


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_what_is_stored_is_read_back(folder: Path) -> None:
    blob = store(io.BytesIO(WORDS), limit=1000)
    assert (blob.sha256, blob.size) == (hashlib.sha256(WORDS).hexdigest(), len(WORDS))
    assert exists(blob.sha256)
    with open_blob(blob.sha256) as stream:
        assert stream.read() == WORDS


def test_equal_content_is_kept_once(local: Path) -> None:
    first, second = store(io.BytesIO(WORDS), limit=1000), store(io.BytesIO(WORDS), limit=1000)
    assert first == second
    assert _files(local) == [first.sha256]


def test_a_large_file_arrives_in_chunks(local: Path) -> None:
    content = os.urandom(3_000_000)
    blob = store(io.BytesIO(content), limit=3_000_000)
    assert blob == replace(blob, sha256=hashlib.sha256(content).hexdigest(), size=3_000_000)


def test_a_file_beyond_the_limit_leaves_nothing(local: Path) -> None:
    with pytest.raises(Invalid) as refusal:
        store(io.BytesIO(b"x" * 1_500_001), limit=1_500_000, field="plan")
    (reason,) = refusal.value.fields["plan"]
    assert (reason.code, reason.facts) == ("file_too_large", {"limit_mb": "1.5"})
    assert _files(local) == []


def test_a_broken_upload_leaves_nothing(local: Path) -> None:
    class Torn(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(4)

    with pytest.raises(ConnectionResetError):
        store(Torn(WORDS), limit=1000)
    assert _files(local) == []


@pytest.mark.parametrize("name", [ABSENT, "../../etc/passwd", "", "A" * 64])
def test_what_is_not_stored_is_not_found(folder: Path, name: str) -> None:
    assert not exists(name)
    with pytest.raises(NotFound):
        open_blob(name)


def test_only_old_unneeded_files_are_deleted(local: Path) -> None:
    needed, unneeded, young = (store(io.BytesIO(words), limit=9) for words in (b"one", b"two", b"three"))
    leftover = local / "incoming" / "leftover"
    leftover.write_bytes(b"half")
    for path in local.rglob("*"):
        if path.name in {needed.sha256, unneeded.sha256, "leftover"}:
            os.utime(path, (time.time() - 90_000,) * 2)

    def referenced(digests: Sequence[str]) -> set[str]:
        return {needed.sha256} & set(digests)

    assert delete_unreferenced(referenced) == 1
    assert _files(local) == sorted([needed.sha256, young.sha256])
    assert delete_unreferenced(referenced, older_than=timedelta()) == 1
    assert _files(local) == [needed.sha256]


def test_storing_again_makes_a_file_young(local: Path) -> None:
    blob = store(io.BytesIO(WORDS), limit=1000)
    (path,) = (path for path in local.rglob("*") if path.is_file())
    os.utime(path, (time.time() - 90_000,) * 2)
    store(io.BytesIO(WORDS), limit=1000)
    assert delete_unreferenced(lambda digests: set()) == 0
    assert exists(blob.sha256)


def test_an_empty_store_has_nothing_to_delete(folder: Path) -> None:
    assert delete_unreferenced(lambda digests: set()) == 0

"""The documents store in a bucket, over the S3 protocol: it keeps the same promises as a folder."""

import io
from collections.abc import Iterator
from datetime import timedelta

import boto3
import pikepdf
import pytest
from flask import Flask

from foundation.errors import Invalid, NotFound
from foundation.pieces import discard_orphans, discard_pieces, keep_piece, new_folder, whole_file
from foundation.storage import delete_unreferenced, exists, open_blob, store, stored_digests
from tests.buckets import s3_server

WORDS = "Đơn đăng ký thử nghiệm".encode()


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[str]:
    """A bucket of the test's own, in which the product keeps its documents."""
    keys = {"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    for name, value in (keys | {"AWS_DEFAULT_REGION": "us-east-1"}).items():
        monkeypatch.setenv(name, value)
    name = f"kho-{abs(hash(request.node.name))}"
    client = boto3.client("s3")
    client.create_bucket(Bucket=name)
    app = Flask("store")
    app.config["KHUEVAN"] = type("Settings", (), {"storage_url": f"s3://{name}/tai-lieu"})
    with app.app_context():
        yield name
    client.close()


def keys(bucket: str) -> list[str]:
    """What lies in the bucket, as another program sees it."""
    client = boto3.client("s3")
    found = [entry["Key"] for entry in client.list_objects_v2(Bucket=bucket).get("Contents", [])]
    client.close()
    return sorted(found)


def test_equal_content_is_kept_once_under_its_digest_and_read_back(bucket: str) -> None:
    blob = next(store(io.BytesIO(WORDS), limit=1000) for _ in range(2))

    assert keys(bucket) == [f"tai-lieu/blobs/{blob.sha256[:2]}/{blob.sha256}"]
    assert (exists(blob.sha256), exists("0" * 64)) == (True, False)
    with open_blob(blob.sha256) as stream:
        assert stream.read() == WORDS


def test_a_large_pdf_is_opened_where_it_lies(bucket: str) -> None:
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.Root.Filler = document.make_stream(bytes(range(256)) * 50_000)
    document.save(out, compress_streams=False)

    blob = store(io.BytesIO(out.getvalue()), limit=20_000_000)

    with open_blob(blob.sha256) as stream, pikepdf.open(stream) as opened:
        assert (len(opened.pages), blob.size) == (1, len(out.getvalue()))


def test_a_file_beyond_the_limit_leaves_nothing(bucket: str) -> None:
    with pytest.raises(Invalid):
        store(io.BytesIO(b"x" * 3_000_000), limit=2_000_000)

    assert keys(bucket) == []


def test_what_is_not_stored_is_not_found(bucket: str) -> None:
    with pytest.raises(NotFound):
        open_blob("0" * 64)


def test_only_unneeded_files_are_deleted_once_they_are_old(bucket: str) -> None:
    needed, unneeded = (store(io.BytesIO(words), limit=9) for words in (b"one", b"two"))

    young = delete_unreferenced(lambda digests: {needed.sha256})
    old = delete_unreferenced(lambda digests: {needed.sha256}, older_than=timedelta(seconds=-60))

    assert (young, old) == (0, 1)
    assert list(stored_digests()) == [needed.sha256]
    assert not exists(unneeded.sha256)


def test_what_another_machine_stored_and_deleted_is_seen_at_once(bucket: str) -> None:
    blob = store(io.BytesIO(WORDS), limit=1000)
    before = list(stored_digests())
    client = boto3.client("s3")
    client.delete_object(Bucket=bucket, Key=keys(bucket)[0])
    client.close()

    assert (before, list(stored_digests()), exists(blob.sha256)) == ([blob.sha256], [], False)


def test_pieces_become_one_file_and_orphans_go(bucket: str) -> None:
    folder, other = new_folder(), new_folder()
    names = [keep_piece(folder, words) for words in (b"Don ", b"dang ky")]
    keep_piece(other, b"left behind")

    with whole_file(folder, names) as stream:
        assert stream.read() == b"Don dang ky"
    assert discard_orphans(lambda folders: {folder} & set(folders)) == 1
    assert len(keys(bucket)) == 2
    discard_pieces(folder)
    assert keys(bucket) == []
    with pytest.raises(NotFound), whole_file(folder, names):
        pass

"""Backup and restore: what comes back is what was kept, and nothing half."""

import io
import tarfile
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from foundation.database import db
from foundation.storage import open_blob, store
from portal.archive import BadArchive, verify_archive
from tests.databases import FreshDatabase

LETTER = "Quyết định số 01".encode() * 1000


def write_something(app: Flask) -> str:
    with app.app_context():
        db.session.execute(text("CREATE TABLE kept (word text)"))
        db.session.execute(text("INSERT INTO kept VALUES ('Khuê Văn')"))
        db.session.commit()
        return store(io.BytesIO(LETTER), limit=1 << 20).sha256


def kept_words(app: Flask) -> list[str]:
    with app.app_context():
        words = list(db.session.execute(text("SELECT word FROM kept ORDER BY word")).scalars())
        db.session.rollback()
        return words


def forget_documents(folder: Path) -> None:
    for blob in (folder / "documents").rglob("*"):
        if blob.is_file():
            blob.unlink()


def test_restore_brings_back_rows_and_documents(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    app, file = fresh_database.app, tmp_path / "backup.tar"
    digest = write_something(app)
    made = app.test_cli_runner().invoke(args=["backup", str(file)])
    with app.app_context():
        db.session.execute(text("INSERT INTO kept VALUES ('written later')"))
        db.session.commit()
    forget_documents(tmp_path)

    restored = app.test_cli_runner().invoke(args=["restore", str(file), "--replace"])

    assert (made.exit_code, restored.exit_code) == (0, 0), made.output + restored.output
    assert kept_words(app) == ["Khuê Văn"]
    with app.app_context(), open_blob(digest) as content:
        assert content.read() == LETTER


def test_restore_brings_back_anchors_and_touches_none_that_is_there(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    app, file, anchors = fresh_database.app, tmp_path / "backup.tar", tmp_path / "anchors"
    anchors.mkdir()
    (anchors / "anchor-000001-2026-11-22.jsonl").write_text("one", encoding="utf-8")
    (anchors / "anchor-000002-2026-11-23.jsonl").write_text("two", encoding="utf-8")
    app.test_cli_runner().invoke(args=["backup", str(file)])
    (anchors / "anchor-000001-2026-11-22.jsonl").unlink()
    (anchors / "anchor-000002-2026-11-23.jsonl").write_text("as it is here", encoding="utf-8")

    app.test_cli_runner().invoke(args=["restore", str(file), "--replace"])

    kept = {path.name: path.read_text(encoding="utf-8") for path in anchors.iterdir()}
    assert kept == {"anchor-000001-2026-11-22.jsonl": "one", "anchor-000002-2026-11-23.jsonl": "as it is here"}


def test_restore_refuses_a_database_that_holds_something(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    app, file = fresh_database.app, tmp_path / "backup.tar"
    write_something(app)
    app.test_cli_runner().invoke(args=["backup", str(file)])

    refused = app.test_cli_runner().invoke(args=["restore", str(file)])

    assert refused.exit_code == 1
    assert "not empty" in refused.output


def test_a_changed_document_is_found_before_anything_is_replaced(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    app, file = fresh_database.app, tmp_path / "backup.tar"
    write_something(app)
    app.test_cli_runner().invoke(args=["backup", str(file)])
    file.write_bytes(file.read_bytes().replace(LETTER, LETTER.replace(b"01", b"02")))
    with app.app_context():
        db.session.execute(text("INSERT INTO kept VALUES ('still here')"))
        db.session.commit()

    refused = app.test_cli_runner().invoke(args=["restore", str(file), "--replace"])

    assert refused.exit_code == 1
    assert kept_words(app) == ["Khuê Văn", "still here"]
    with pytest.raises(BadArchive, match="differ from the manifest"):
        verify_archive(file)


def test_a_failing_restore_leaves_the_database_as_it_was(
    fresh_database: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.dump.LOCK_TIMEOUT", "SET lock_timeout = '200ms';")
    app, file = fresh_database.app, tmp_path / "backup.tar"
    write_something(app)
    app.test_cli_runner().invoke(args=["backup", str(file)])
    with app.app_context(), fresh_database.session() as busy:
        busy.execute(text("SELECT * FROM kept"))

        refused = app.test_cli_runner().invoke(args=["restore", str(file), "--replace"])

    assert refused.exit_code == 1
    assert kept_words(app) == ["Khuê Văn"]


def test_an_archive_without_manifest_is_no_backup(tmp_path: Path) -> None:
    file = tmp_path / "other.tar"
    with tarfile.open(file, "w") as archive:
        archive.addfile(tarfile.TarInfo("something"), io.BytesIO())

    with pytest.raises(BadArchive, match="not a readable backup"):
        verify_archive(file)


def test_an_existing_file_is_not_overwritten(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    file.write_text("mine", encoding="utf-8")

    refused = fresh_database.app.test_cli_runner().invoke(args=["backup", str(file)])

    assert refused.exit_code == 1
    assert file.read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_missing_is_named(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    file = tmp_path / "missing" / "city.backup"

    result = fresh_database.app.test_cli_runner().invoke(args=["backup", str(file)])

    assert result.exit_code == 1
    assert f"{file.parent} is no folder that can be written to" in result.output

"""The words of documents for search: read by a job, folded, kept once, never a reason to fail."""

import io

import pytest
import typst
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from applications import documenttexts
from applications.documenttexts import MOST_BYTES, read_document, read_missed
from applications.models import Document, DocumentText
from applications.operations.documents import add_document, receive_file
from foundation.inspection import MEDIA_TYPES
from foundation.plaintext import TextUnreadable
from tests.applications.small_pack import World

TYPE_OF = {kind: media_type for media_type, kind in MEDIA_TYPES.items()}
JOBS = text("SELECT args FROM procrastinate_jobs WHERE task_name = 'applications:document:read' ORDER BY id")


def added(world: World, app: Flask, content: bytes, kind: str) -> Document:
    with app.app_context():
        arrival = receive_file(io.BytesIO(content), f"a.{kind}", TYPE_OF[kind], accept=[kind], max_mb=5)
    document = add_document(world.session, world.draft(), "plan", arrival, actor=world.applicant)
    world.session.commit()
    return document


def read(app: Flask, session: Session, document: Document) -> str:
    with app.app_context():
        read_document.work(session, document_id=document.id)
    session.expire_all()
    return session.scalars(select(DocumentText.text).where(DocumentText.document_id == document.id)).one()


def test_an_added_document_is_read_and_its_words_are_found_without_marks(app: Flask, world: World) -> None:
    document = added(world, app, typst.compile("Đổi mới: thử nghiệm".encode()), "pdf")

    assert list(world.session.scalars(JOBS)) == [{"document_id": document.id}]
    assert read(app, world.session, document) == "doi moi thu nghiem"


def test_reading_again_replaces_what_was_read(app: Flask, world: World) -> None:
    document = added(world, app, typst.compile(b"once"), "pdf")

    assert [read(app, world.session, document) for _ in range(2)] == ["once", "once"]


def test_a_document_that_cannot_be_read_has_no_words_and_is_not_tried_for_ever(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise TextUnreadable("hostile")

    document = added(world, app, typst.compile(b"words"), "pdf")
    monkeypatch.setattr(documenttexts, "words_of", refuse)

    assert read(app, world.session, document) == ""
    assert read_missed(world.session) == 0


def test_documents_that_no_job_has_read_are_read_later_but_pictures_are_not(app: Flask, world: World) -> None:
    document = added(world, app, typst.compile(b"words"), "pdf")
    picture = Document(
        case_id=document.case_id, slot="photo", sha256="0" * 64, size=1, filename="a.png", media_type="image/png"
    )
    world.session.add(picture)
    world.session.execute(text("DELETE FROM procrastinate_jobs"))

    assert (read_missed(world.session), read_missed(world.session)) == (1, 1)
    assert list(world.session.scalars(JOBS)) == [{"document_id": document.id}]


def test_the_longest_text_still_fits_a_search_vector(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    document = added(world, app, typst.compile(b"words"), "pdf")
    monkeypatch.setattr(documenttexts, "words_of", lambda *_: " ".join(f"{number:x}" for number in range(400_000)))

    kept = read(app, world.session, document)

    assert len(kept.encode()) == MOST_BYTES
    found = text("SELECT to_tsvector('simple', text) @@ to_tsquery('simple', 'fff') FROM document_texts")
    assert world.session.scalar(found) is True

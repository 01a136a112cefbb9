"""Documents in pieces: what has arrived is never asked for again, and nothing else is believed."""

import io
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.jobs import delete_stale_uploads
from applications.models import Application, Document, Upload
from applications.operations.uploads import Promise, append_piece, begin_upload
from foundation.database import as_of, now
from foundation.errors import Blocked
from foundation.pieces import PIECE
from foundation.storage import current_place, open_blob
from tests.accounts.factories import actor_for, make_organisation, make_person, sign_in
from tests.applications.small_pack import World
from tests.applications.wide_pack import make_wide_world, wide_draft
from tests.databases import FreshDatabase
from tests.pages import open_page

DOCUMENT = {"Accept": "application/problem+json"}


def large_pdf(size: int = 800_000) -> bytes:
    """A true PDF of more than ``size`` bytes."""
    document, stream = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.Root.Filler = document.make_stream(bytes(range(256)) * (size // 256))
    document.save(stream, compress_streams=False)
    return stream.getvalue()


def begin(client: FlaskClient, draft: Application, content: bytes, **more: Any) -> Any:
    promise = {"slot": "others", "filename": "lon.pdf", "media_type": "application/pdf", "size": len(content)}
    return client.post(f"/dossiers/{draft.key}/uploads", data=promise | {"modified": 7} | more, headers=DOCUMENT)


def send(client: FlaskClient, address: str, content: bytes, offset: int) -> Any:
    return client.patch(f"{address}?offset={offset}", data=content, headers=DOCUMENT)


def finish(client: FlaskClient, address: str) -> Any:
    return client.post(f"{address}/finish", headers=DOCUMENT)


def documents(session: Session, draft: Application) -> list[Document]:
    session.expire_all()
    return list(session.scalars(select(Document).where(Document.case_id == draft.id)))


def pieces_kept(app: Flask, address: str) -> int:
    """How many pieces of this upload are in the store."""
    with app.app_context():
        place = current_place()
        folder = f"{place.pieces}/{address.rpartition('/')[2]}"
        return len(place.files.ls(folder)) if place.files.exists(folder) else 0


def test_a_file_in_pieces_becomes_the_document_it_was(
    client: FlaskClient, session: Session, draft: Application
) -> None:
    content = large_pdf()

    at = begin(client, draft, content).json["address"]
    steps = [send(client, at, content[offset : offset + 300_000], offset).json for offset in (0, 300_000, 600_000)]
    done = finish(client, at)

    (row,) = documents(session, draft)
    assert [step["received"] for step in steps] == [300_000, 600_000, len(content)]
    assert (done.status_code, done.json, row.slot, row.size) == (200, {"filename": "lon.pdf"}, "others", len(content))
    with client.application.app_context(), open_blob(row.sha256) as stored:
        assert stored.read() == content


def test_the_same_file_goes_on_where_it_stopped_and_another_begins_anew(
    client: FlaskClient, draft: Application
) -> None:
    content = large_pdf()
    first = begin(client, draft, content).json
    send(client, first["address"], content[:500], 0)

    same = begin(client, draft, content).json
    changed = begin(client, draft, content, modified=8).json

    assert (same["address"], same["received"]) == (first["address"], 500)
    assert (changed["received"], changed["address"] == first["address"]) == (0, False)
    assert client.get(first["address"]).json["received"] == 500


def test_a_piece_that_does_not_continue_the_file_changes_nothing(client: FlaskClient, draft: Application) -> None:
    content = large_pdf()
    at = begin(client, draft, content).json["address"]
    send(client, at, content[:500], 0)

    repeated, ahead = send(client, at, content[:500], 0), send(client, at, content[900:], 900)
    beyond = send(client, at, content, 500)
    empty = send(client, at, b"", 500)

    assert [answer.status_code for answer in (repeated, ahead, beyond, empty)] == [409, 409, 422, 422]
    assert repeated.json["reasons"][0]["facts"] == {"received": 500}
    assert client.get(at).json["received"] == 500


def test_a_piece_is_no_larger_than_an_ordinary_request(client: FlaskClient, draft: Application) -> None:
    content = large_pdf(3 * PIECE)
    at = begin(client, draft, content).json["address"]

    assert send(client, at, content[: PIECE + 1], 0).status_code == 413
    assert send(client, at, content[:PIECE], 0).status_code == 200


def test_a_half_file_is_not_finished(client: FlaskClient, session: Session, draft: Application) -> None:
    at = begin(client, draft, large_pdf()).json["address"]

    answer = finish(client, at)

    assert (answer.status_code, answer.json["reasons"][0]["code"]) == (409, "upload_unfinished")
    assert documents(session, draft) == []


def test_finishing_again_after_a_lost_answer_adds_nothing(
    client: FlaskClient, session: Session, draft: Application
) -> None:
    content = large_pdf(1000)
    at = begin(client, draft, content).json["address"]
    send(client, at, content, 0)

    answers = [finish(client, at).status_code for _ in range(2)]

    assert (answers, len(documents(session, draft))) == ([200, 200], 1)


def test_a_whole_file_that_is_not_what_is_wanted_is_refused_in_words_and_forgotten(
    app: Flask, client: FlaskClient, session: Session, draft: Application
) -> None:
    content = b"MZ not a pdf at all"
    at = begin(client, draft, content).json["address"]
    send(client, at, content, 0)

    answer = finish(client, at)

    assert answer.mimetype == "application/problem+json"
    sentences = [error["detail"] for error in answer.json["errors"]["file"]]
    assert (answer.status_code, sentences) == (422, ["The file is not of a kind that is accepted here: PDF, PNG."])
    assert (documents(session, draft), pieces_kept(app, at)) == ([], 0)
    assert client.get(at).status_code == 404


@pytest.mark.parametrize(
    ("facts", "status", "code"),
    [
        ({"size": 0}, 422, "file_empty"),
        ({"size": 51 * 1024 * 1024}, 422, "file_too_large"),
        ({"slot": "passport"}, 404, None),
        ({"replaces": 999_999}, 404, None),
    ],
)
def test_what_would_be_refused_at_the_end_is_refused_at_once(
    client: FlaskClient, draft: Application, facts: dict[str, Any], status: int, code: str | None
) -> None:
    answer = begin(client, draft, b"x", **facts)

    codes = [error["code"] for error in answer.json.get("errors", {}).get("file", [])]
    assert (answer.status_code, codes) == (status, [code] if code else [])


def test_a_full_slot_takes_no_further_file_in_pieces(client: FlaskClient, draft: Application) -> None:
    for name in ("a.pdf", "b.pdf"):
        content = large_pdf(1000)
        at = begin(client, draft, content, filename=name).json["address"]
        send(client, at, content, 0)
        assert finish(client, at).status_code == 200

    answer = begin(client, draft, large_pdf(1000), filename="c.pdf")

    assert (answer.status_code, answer.json["reasons"][0]["code"]) == (409, "slot_full")


def test_one_person_cannot_fill_the_store_with_beginnings(client: FlaskClient, draft: Application) -> None:
    answers = [begin(client, draft, b"x", modified=number).status_code for number in range(41)]

    assert (set(answers[:40]), answers[40]) == ({201}, 409)


def test_nobody_else_touches_an_upload(client: FlaskClient, session: Session, wide: World, draft: Application) -> None:
    at = begin(client, draft, large_pdf()).json["address"]
    colleague = make_person(session, organisation=wide.organisation, membership_role="editor")
    viewer = make_person(session, organisation=wide.organisation, membership_role="viewer")
    stranger = make_person(session, organisation=make_organisation(session))
    seen = []
    for person in (colleague, stranger):
        sign_in(client, session, person)
        seen += [client.get(at).status_code, send(client, at, b"x", 0).status_code, finish(client, at).status_code]
        seen += [client.post(f"{at}/discard").status_code]

    assert set(seen) == {404}
    assert begin(client, draft, b"x").status_code == 404
    sign_in(client, session, viewer)
    assert begin(client, draft, b"x").status_code == 403


def test_an_unfinished_file_is_shown_and_can_be_given_up_without_scripts(
    app: Flask, client: FlaskClient, draft: Application
) -> None:
    content = large_pdf()
    at = begin(client, draft, content).json["address"]
    send(client, at, content[:400_000], 0)
    kept = pieces_kept(app, at)

    page = open_page(client, f"/dossiers/{draft.key}/documents")
    note = page.root.one("section", id="others").one("div", **{"class": "slot-unfinished"})
    gone = client.post(note.one("form").attributes["action"])

    assert "lon.pdf" in note.text
    assert (gone.status_code, kept, pieces_kept(app, at)) == (303, 1, 0)
    assert "slot-unfinished" not in client.get(f"/dossiers/{draft.key}/documents").text


def test_pieces_go_with_uploads_that_nobody_continues_and_with_finished_ones(
    app: Flask, client: FlaskClient, session: Session, draft: Application
) -> None:
    content = large_pdf(1000)
    addresses = [begin(client, draft, content, modified=number).json["address"] for number in range(3)]
    for at in addresses:
        send(client, at, content[:900], 0)
    send(client, addresses[1], content[900:], 900)
    finish(client, addresses[1])
    with as_of(now() + timedelta(hours=20)):
        begin(client, draft, content, modified=2)

    with app.app_context(), as_of(now() + timedelta(hours=30)):
        delete_stale_uploads.work(session)

    assert [client.get(at).status_code for at in addresses] == [404, 404, 200]
    assert [pieces_kept(app, at) for at in addresses] == [0, 0, 1]
    assert len(documents(session, draft)) == 1


def test_of_two_windows_that_send_the_same_piece_one_wins(fresh_database: FreshDatabase) -> None:
    with fresh_database.session() as session:
        wide = make_wide_world(session)
        draft, applicant = wide_draft(wide, name="Tên"), actor_for(session, wide.people["applicant"])
        promise = Promise("others", "lon.pdf", "application/pdf", size=10, modified=1)
        upload_id = begin_upload(session, draft, promise, actor=applicant).id
        session.commit()
    barrier, outcomes = Barrier(2), []

    def append(name: str) -> None:
        with fresh_database.session() as session:
            upload = session.get_one(Upload, upload_id)
            barrier.wait()
            try:
                outcomes.append(append_piece(session, upload, 0, name, 4))
                session.commit()
            except Blocked:
                outcomes.append("blocked")

    threads = [Thread(target=append, args=(letter * 32,)) for letter in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with fresh_database.session() as session:
        upload = session.get_one(Upload, upload_id)
        assert sorted(map(str, outcomes)) == ["4", "blocked"]
        assert (upload.received, len(upload.pieces)) == (4, 1)

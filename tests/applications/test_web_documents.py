"""Documents of a draft on pages without scripts: what is taken, what is refused, what stays on record."""

import io
from typing import Any

import pikepdf
import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from applications.models import Application, Document
from applications.web import documents
from foundation.storage import open_blob
from tests.accounts.factories import make_organisation, make_person, sign_in
from tests.applications.small_pack import World
from tests.applications.wide_pack import make_wide_world, wide_draft
from tests.databases import FreshDatabase
from tests.pages import Page, follow, open_page


def pdf(pages: int = 1) -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def send(client: FlaskClient, draft: Application, content: bytes, name: str = "ke-hoach.pdf", **more: Any) -> Any:
    boundary, body = encode_multipart({"slot": "plan", "file": FileStorage(io.BytesIO(content), name), **more})
    content_type = f"multipart/form-data; boundary={boundary}"
    return client.post(f"/dossiers/{draft.key}/documents", data=body, content_type=content_type)


def rows(session: Session, draft: Application) -> list[Document]:
    session.expire_all()
    return list(session.scalars(select(Document).where(Document.case_id == draft.id).order_by(Document.id)))


def test_a_document_is_kept_with_its_name_size_and_pages(
    client: FlaskClient, session: Session, draft: Application
) -> None:
    content = pdf(pages=3)

    page = follow(client, send(client, draft, content, "Kế hoạch thử nghiệm.pdf"))

    (row,) = rows(session, draft)
    assert (row.slot, row.filename, row.size, row.pages) == ("plan", "Kế hoạch thử nghiệm.pdf", len(content), 3)
    assert "Kế hoạch thử nghiệm.pdf" in page.text
    assert "3 pages" in page.text
    with client.application.app_context(), open_blob(row.sha256) as stored:
        assert stored.read() == content


def test_a_second_file_replaces_the_first_and_the_first_stays_listed(
    client: FlaskClient, session: Session, draft: Application
) -> None:
    send(client, draft, pdf(1), "cu.pdf")

    page = follow(client, send(client, draft, pdf(2), "moi.pdf"))

    first, second = rows(session, draft)
    assert (first.removed_at is not None, second.removed_at, second.version) == (True, None, 2)
    assert "1 earlier file" in page.text
    assert "cu.pdf" in page.root.one("section", id="plan").one("details").text


def test_a_slot_for_several_files_fills_up(client: FlaskClient, session: Session, draft: Application) -> None:
    for number in (1, 2):
        send(client, draft, pdf(number), f"{number}.pdf", slot="others")

    page = open_page(client, f"/dossiers/{draft.key}/documents")

    assert [row.number for row in rows(session, draft)] == [1, 2]
    assert "No more files fit here" in page.root.one("section", id="others").text
    forms = page.root.one("section", id="others").all("form")
    assert [form.one("input", name="replaces").attributes["value"] for form in forms] == [
        str(row.id) for row in rows(session, draft)
    ]


def test_a_full_slot_takes_no_further_file(client: FlaskClient, session: Session, draft: Application) -> None:
    for number in (1, 2):
        send(client, draft, pdf(number), f"{number}.pdf", slot="others")

    answer = send(client, draft, pdf(3), "3.pdf", slot="others")

    assert answer.status_code == 422
    assert "No more than 2 files fit here." in Page(answer).root.one("section", id="others").text
    assert [row.removed_at for row in rows(session, draft)] == [None, None]


def test_one_of_several_files_is_replaced_in_its_place(
    client: FlaskClient, session: Session, draft: Application
) -> None:
    for number in (1, 2):
        send(client, draft, pdf(number), f"{number}.pdf", slot="others")
    first, second = rows(session, draft)

    send(client, draft, pdf(3), "1b.pdf", slot="others", replaces=str(first.id))

    *_, third = rows(session, draft)
    assert (third.number, third.version, rows(session, draft)[0].removed_at is None) == (1, 2, False)
    assert rows(session, draft)[1].id == second.id
    assert rows(session, draft)[1].removed_at is None


def test_a_document_is_replaced_only_by_what_it_takes_itself(
    client: FlaskClient, session: Session, draft: Application
) -> None:
    send(client, draft, pdf(), "ke-hoach.pdf")
    (plan,) = rows(session, draft)
    picture = io.BytesIO()
    Image.new("RGB", (9, 9)).save(picture, "png")

    answer = send(client, draft, picture.getvalue(), "a.png", slot="others", replaces=str(plan.id))

    assert answer.status_code == 422
    assert [row.removed_at for row in rows(session, draft)] == [None]


def test_of_several_files_those_that_are_sound_are_kept(
    client: FlaskClient, session: Session, draft: Application
) -> None:
    fields = [
        ("slot", "others"),
        ("file", FileStorage(io.BytesIO(pdf()), "tot.pdf")),
        ("file", FileStorage(io.BytesIO(b"khong phai"), "gia.pdf")),
    ]
    boundary, body = encode_multipart(MultiDict(fields))

    answer = client.post(
        f"/dossiers/{draft.key}/documents", data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )

    assert answer.status_code == 422
    assert (
        "gia.pdf: The file is not of a kind that is accepted here: PDF, PNG."
        in Page(answer).root.one("section", id="others").text
    )
    assert [row.filename for row in rows(session, draft)] == ["tot.pdf"]


def test_removing_asks_first_and_keeps_the_record(client: FlaskClient, session: Session, draft: Application) -> None:
    page = follow(client, send(client, draft, pdf()))
    (row,) = rows(session, draft)

    question = open_page(client, page.links["Remove ke-hoach.pdf"])
    assert rows(session, draft)[0].removed_at is None
    after = follow(client, question.form().send(client))

    assert rows(session, draft)[0].removed_at is not None
    assert "1 earlier file" in after.text
    assert client.post(f"/dossiers/{draft.key}/documents/{row.id}/remove").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "rong.pdf", "The file is empty."),
        (b"MZ\x90\x00 not a pdf at all", "gia.pdf", "The file is not of a kind that is accepted here: PDF."),
        (b"%PDF-1.7 broken", "hong.pdf", "The file is damaged and cannot be opened."),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "anh.pdf", "A PNG file is not accepted here."),
    ],
)
def test_a_file_that_is_not_what_is_wanted_is_refused_with_the_reason(
    client: FlaskClient, session: Session, draft: Application, content: bytes, name: str, sentence: str
) -> None:
    answer = send(client, draft, content, name)

    page = Page(answer)
    assert page.status == 422
    assert sentence in page.root.one("section", id="plan").text
    assert rows(session, draft) == []


def test_a_file_over_the_limit_of_its_slot_is_refused(
    client: FlaskClient, session: Session, draft: Application
) -> None:
    document = pikepdf.new()
    document.add_blank_page()
    document.attachments["a"] = pikepdf.AttachedFileSpec(document, bytes(range(256)) * 8192)
    stream = io.BytesIO()
    document.save(stream, compress_streams=False)

    answer = send(client, draft, stream.getvalue())

    assert answer.status_code == 422
    assert "The file is larger than" in Page(answer).text
    assert rows(session, draft) == []


def test_sending_no_file_says_so(client: FlaskClient, session: Session, draft: Application) -> None:
    answer = client.post(f"/dossiers/{draft.key}/documents", data={"slot": "plan"})

    assert answer.status_code == 422
    assert "Choose a file first." in Page(answer).root.one("section", id="plan").text


def test_a_slot_that_the_procedure_does_not_know_does_not_exist(
    client: FlaskClient, session: Session, draft: Application
) -> None:
    assert send(client, draft, pdf(), slot="../plan").status_code == 404
    assert rows(session, draft) == []


def test_names_of_files_lose_paths_and_control_characters(
    client: FlaskClient, session: Session, draft: Application
) -> None:
    send(client, draft, pdf(), "..\\..\\C:\\a\u202eb<script>.pdf")

    (row,) = rows(session, draft)
    assert "/" not in row.filename
    assert "\\" not in row.filename
    assert "<script>" not in client.get(f"/dossiers/{draft.key}/documents").text


def test_strangers_and_readers_add_and_remove_nothing(
    client: FlaskClient, session: Session, wide: World, draft: Application
) -> None:
    send(client, draft, pdf())
    (row,) = rows(session, draft)
    removal = f"/dossiers/{draft.key}/documents/{row.id}/remove"
    viewer = make_person(session, organisation=wide.organisation, membership_role="viewer", language="en")
    stranger = make_person(session, organisation=make_organisation(session), language="en")

    sign_in(client, session, viewer)
    by_viewer = [send(client, draft, pdf(2)).status_code, client.post(removal).status_code]
    viewing = open_page(client, f"/dossiers/{draft.key}/documents")
    sign_in(client, session, stranger)
    by_stranger = [send(client, draft, pdf(2)).status_code, client.post(removal).status_code]

    assert (by_viewer, by_stranger) == ([403, 403], [404, 404])
    assert viewing.root.all("input", type="file") == []
    assert [(found.id, found.removed_at) for found in rows(session, draft)] == [(row.id, None)]


def test_no_database_connection_is_held_while_a_file_is_looked_at_and_stored(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fresh_database.session() as session:
        wide = make_wide_world(session)
        draft = wide_draft(wide, name="Tên")
        client = fresh_database.app.test_client()
        sign_in(client, session, wide.people["applicant"])
    held: list[int] = []
    receive = documents.receive_file

    def watched(*arguments: Any, **options: Any) -> Any:
        held.append(fresh_database.engine.pool.checkedout())  # type: ignore[attr-defined]  # a queue pool
        return receive(*arguments, **options)

    monkeypatch.setattr(documents, "receive_file", watched)

    answer = send(client, draft, pdf())

    assert (answer.status_code, held) == (303, [0])

"""Two files side by side: what differs is marked; what one may not see, and whether it differs, is not told."""

import io
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from docx import Document as Book
from flask import Flask
from flask.testing import FlaskClient

from applications.comparing import MOST_WORDS, Passage, compare_texts, is_cut
from applications.engine import fire
from applications.models import Document
from applications.operations.documents import add_document, receive_file
from applications.packs.catalogue import publish
from foundation.actors import SYSTEM
from foundation.database import as_of, now
from tests.accounts.factories import actor_for, make_organisation, make_person
from tests.applications.small_pack import World, small_pack
from tests.applications.visits import pdf, submitted, text_of, visiting

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _shown(passages: Sequence[Passage], side: str) -> list[str]:
    return [
        piece.text
        for passage in passages
        if not passage.is_same
        for piece in getattr(passage, side)
        if piece.is_changed
    ]


def test_only_the_words_that_differ_are_marked() -> None:
    passages = compare_texts(
        "Chạy 10 xe. Trong 3 tháng. Có bảo hiểm.", "Chạy 12 xe. Trong\n3 tháng. Có bảo hiểm đầy đủ."
    )

    assert (_shown(passages, "left"), _shown(passages, "right")) == (["10", "hiểm."], ["12", "hiểm đầy đủ."])
    assert [passage.is_same for passage in passages] == [False, True, False]


def test_line_breaks_count_for_nothing() -> None:
    assert all(passage.is_same for passage in compare_texts("Một hai ba.\nBốn năm.", "Một\nhai  ba. Bốn\nnăm."))


def test_long_texts_are_cut_and_compared_in_bounded_time() -> None:
    before = " ".join(f"từ{n % 977} và các" for n in range(MOST_WORDS))
    after = " ".join(f"từ{n % 983} và các" for n in range(MOST_WORDS))

    started = time.monotonic()
    compare_texts(before, after)
    compare_texts("a. " * MOST_WORDS, "a. " * (MOST_WORDS - 1))

    assert is_cut(before)
    assert time.monotonic() - started < 20


def _docx(text: str) -> bytes:
    book, out = Book(), io.BytesIO()
    book.add_paragraph(text)
    book.save(out)
    return out.getvalue()


def _versions(world: World, app: Flask, *contents: tuple[bytes, str, str]) -> tuple[Any, list[Document]]:
    """A dossier whose plan came in these versions: the first before it was sent, the others after."""
    draft, start, rows = world.draft(level="high"), now(), list[Document]()
    for number, (content, name, kind) in enumerate(contents):
        with app.app_context(), as_of(start + timedelta(minutes=number * 5)):
            arrival = receive_file(io.BytesIO(content), name, kind, accept=["pdf", "docx"], max_mb=5)
            rows.append(add_document(world.session, draft, "plan", arrival, actor=world.applicant))
            if number == 0:
                fire(world.session, draft, "submit", actor=world.applicant)
                officer = world.officer("intake_officer")
                fire(world.session, draft, "request_supplement", actor=officer, data={"missing": "Kế hoạch"})
    world.session.commit()
    return draft, rows


@pytest.fixture
def wide(world: World) -> World:
    """The plan may be a DOCX file."""
    content = small_pack(version=2)
    content["documents"][0]["accept"] = ["pdf", "docx"]
    publish(world.session, content, actor=SYSTEM)
    return world


def test_versions_of_a_document_stand_side_by_side(app: Flask, client: FlaskClient, wide: World) -> None:
    draft, rows = _versions(
        wide, app, (_docx("Chạy 10 xe."), "mot.docx", DOCX), (_docx("Chạy 12 xe."), "hai.docx", DOCX)
    )

    page = visiting(wide, client, "case_officer").get(f"/dossiers/{draft.key}/documents/{rows[1].id}/compare")

    assert page.status_code == 200
    assert "<del>10</del>" in page.text
    assert "<ins>12</ins>" in page.text


def test_pages_stand_beside_each_other(app: Flask, client: FlaskClient, world: World) -> None:
    draft, rows = _versions(world, app, *((pdf(pages), f"{pages}.pdf", "application/pdf") for pages in (1, 2)))

    page = visiting(world, client, "case_officer").get(f"/dossiers/{draft.key}/documents/{rows[1].id}/compare")

    pictures = [f"/documents/{row.id}/pages/{number}.png" in page.text for row in rows for number in (1, 2)]
    assert pictures == [True, False, True, True]
    assert "Không đọc được chữ" in page.text


def test_versions_that_one_may_not_see_cannot_be_compared(app: Flask, client: FlaskClient, world: World) -> None:
    files = [(pdf(pages), f"{pages}.pdf", "application/pdf") for pages in (1, 2)]
    draft, rows = _versions(world, app, *files)
    other, foreign = _versions(world, app, *files)
    stranger = make_person(world.session, organisation=make_organisation(world.session))
    world.session.commit()
    at = f"/dossiers/{draft.key}/documents/{rows[1].id}/compare"

    officer = visiting(world, client, "case_officer")
    assert officer.get(f"{at}?with={rows[0].id}").status_code == 200
    assert officer.get(f"{at}?with={foreign[0].id}").status_code == 404
    assert officer.get(f"/dossiers/{other.key}/documents/{rows[1].id}/compare").status_code == 404
    assert visiting(world, client, stranger).get(at).status_code == 404


def test_a_document_with_one_version_has_nothing_to_compare(app: Flask, client: FlaskClient, world: World) -> None:
    draft, rows = _versions(world, app, (pdf(), "mot.pdf", "application/pdf"))

    answer = visiting(world, client, "case_officer").get(f"/dossiers/{draft.key}/documents/{rows[0].id}/compare")

    assert answer.status_code == 404


def test_two_dossiers_stand_side_by_side(client: FlaskClient, world: World) -> None:
    first = submitted(world, name="Xe buýt", users=10, phone="0901")
    second = submitted(world, name="Xe buýt", users=20, phone="0902")
    officer = visiting(world, client, "case_officer")

    page = officer.get(f"/compare?case={first.key}&case={second.key}")
    differing = officer.get(f"/compare?case={first.key}&case={second.key}&only=1")

    rows = page.text.split("<tr")
    (users,) = [row for row in rows if "Users" in row]
    (phone,) = [row for row in rows if "Phone" in row]
    assert "is-different" in users
    assert ("is-different" in phone, "0901" in page.text, "0902" in page.text) == (False, False, False)
    assert "Users" in differing.text
    assert "Phone" not in differing.text, "whether protected answers differ is not told"


def test_a_dossier_is_named_by_its_code_too(client: FlaskClient, world: World) -> None:
    first, second = submitted(world, name="Một"), submitted(world, name="Hai")
    fire(world.session, first, "accept", actor=world.officer("intake_officer"))
    world.session.commit()

    page = visiting(world, client, "case_officer").get(f"/compare?case={first.code}&case={second.key.lower()}")

    assert "Một" in text_of(page.text)
    assert "Hai" in text_of(page.text)


def test_a_dossier_that_one_may_not_see_is_not_compared(client: FlaskClient, world: World) -> None:
    mine, theirs = submitted(world, name="Của tôi"), submitted(world, name="Bí mật")
    theirs.organisation_id = make_organisation(world.session).id
    world.session.commit()
    applicant = visiting(world, client, "applicant")

    assert applicant.get(f"/compare?case={mine.key}&case={theirs.key}").status_code == 404
    assert actor_for(world.session, world.people["applicant"]).organisation_ids != {theirs.organisation_id}


@pytest.mark.parametrize(("keys", "status"), [([], 200), (["A"], 200), (["A", ""], 422), (["A", "B", "C"], 422)])
def test_fewer_or_more_than_two_lead_to_the_choice(
    client: FlaskClient, world: World, keys: list[str], status: int
) -> None:
    world.session.commit()
    answer = visiting(world, client, "case_officer").get("/compare", query_string=[("case", key) for key in keys])

    assert answer.status_code == status
    assert answer.text.count('name="case"') == 2

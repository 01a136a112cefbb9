"""Documents page by page: any page is reached without scripts, and versions are shown to whom they were sent."""

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from applications import pageimages
from applications.engine import fire
from applications.models import Application, Document
from applications.operations.documents import add_document, receive_file
from foundation.database import as_of, now
from tests.applications.small_pack import World
from tests.applications.visits import pdf, submitted, text_of, visiting, with_document


def add(world: World, app: Flask, draft: Application, name: str, pages: int = 1) -> Document:
    with app.app_context():
        arrival = receive_file(io.BytesIO(pdf(pages)), name, "application/pdf", accept=["pdf"], max_mb=5)
    return add_document(world.session, draft, "plan", arrival, actor=world.applicant)


@pytest.fixture
def dossier(world: World, app: Flask) -> dict[str, Any]:
    """A dossier whose plan was replaced once before it was sent, and once after."""
    draft, start = world.draft(level="high"), now()
    rows = []
    with as_of(start):
        rows.append(add(world, app, draft, "nham.pdf"))
    with as_of(start + timedelta(minutes=1)):
        rows.append(add(world, app, draft, "da-nop.pdf", 2))
    with as_of(start + timedelta(minutes=2)):
        fire(world.session, draft, "submit", actor=world.applicant)
    with as_of(start + timedelta(minutes=3)):
        fire(
            world.session,
            draft,
            "request_supplement",
            actor=world.officer("intake_officer"),
            data={"missing": "Kế hoạch"},
        )
        rows.append(add(world, app, draft, "bo-sung.pdf", 3))
    world.session.commit()
    return {"application": draft, "rows": rows}


def test_officers_see_what_was_sent_in_all_versions_and_nothing_that_never_was(
    client: FlaskClient, world: World, dossier: dict[str, Any]
) -> None:
    application, (mistaken, sent, added) = dossier["application"], dossier["rows"]
    at = f"/dossiers/{application.key}"
    officer = visiting(world, client, "case_officer")

    page = text_of(officer.get(at).text)
    statuses = [officer.get(f"{at}/documents/{row.id}").status_code for row in (mistaken, sent, added)]
    versions = officer.get(f"{at}/documents/{added.id}/pages").text

    assert ("da-nop.pdf" in page, "bo-sung.pdf" in page, "nham.pdf" in page) == (True, True, False)
    assert statuses == [404, 200, 200]
    assert f"/documents/{sent.id}/pages" in versions
    assert f"/documents/{mistaken.id}/pages" not in versions


def test_the_applicant_keeps_all_versions(client: FlaskClient, world: World, dossier: dict[str, Any]) -> None:
    application, rows = dossier["application"], dossier["rows"]
    applicant = visiting(world, client, "applicant")

    shown = applicant.get(f"/dossiers/{application.key}/documents/{rows[0].id}/pages")

    assert shown.status_code == 200
    assert all(f"/documents/{row.id}/pages" in shown.text for row in rows[1:])


@pytest.mark.parametrize(
    ("wanted", "place"),
    [("1", "start=1#page-1"), ("20", "start=1#page-20"), ("21", "start=21#page-21"), ("99", "start=21#page-25")],
)
def test_a_page_is_found_by_its_number(app: Flask, client: FlaskClient, world: World, wanted: str, place: str) -> None:
    application = submitted(world)
    document = with_document(world, app, application, pages=25)
    at = f"/dossiers/{application.key}/documents/{document.id}/pages"

    answer = visiting(world, client, "case_officer").get(f"{at}?page={wanted}")

    assert (answer.status_code, answer.headers["Location"]) == (302, f"{at}?{place}")
    assert client.get(answer.headers["Location"]).text.count("data-sheet=") == (20 if "start=1#" in place else 5)


def test_a_turned_photograph_is_shown_upright(app: Flask, client: FlaskClient, world: World) -> None:
    photograph, exif, out = Image.new("RGB", (400, 200), "red"), Image.Exif(), io.BytesIO()
    exif[0x0112] = 6  # taken with the camera turned
    photograph.save(out, "jpeg", exif=exif)
    application = submitted(world)
    document = with_document(world, app, application)
    with app.app_context():
        arrival = receive_file(io.BytesIO(out.getvalue()), "anh.jpg", "image/jpeg", accept=["jpeg"], max_mb=5)
    document.sha256, document.media_type, document.pages = arrival.sha256, arrival.media_type, None
    world.session.commit()
    at = f"/dossiers/{application.key}/documents/{document.id}/pages"

    officer = visiting(world, client, "case_officer")
    with Image.open(io.BytesIO(officer.get(f"{at}/1.png").data)) as picture:
        size = picture.size

    assert size == (200, 400)
    assert (officer.get(at).status_code, officer.get(f"{at}/2.png").status_code) == (200, 404)


def test_a_page_is_not_waited_for_behind_one_that_takes_for_ever(
    app: Flask, client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = submitted(world)
    document = with_document(world, app, application)
    officer = visiting(world, client, "case_officer")
    monkeypatch.setattr(pageimages, "PATIENCE", 0.01)
    at = f"/dossiers/{application.key}/documents/{document.id}/pages/1.png"

    with pageimages._drawing:
        busy = officer.get(at).status_code

    assert (busy, officer.get(at).status_code) == (409, 200)

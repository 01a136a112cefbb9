"""Viruses in documents: refused on arrival, found later by a job, closed to everybody, and never claimed absent."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from applications.contagion import scan_unscanned
from applications.engine import fire
from applications.models import Application, Document
from applications.operations.documents import Arrival, add_document, receive_file
from foundation import audit
from foundation.errors import Invalid
from tests.applications.programs import program_of
from tests.applications.small_pack import World
from tests.applications.visits import pdf, submitted, text_of, visiting, with_document
from tests.scanners import INFECTION, scanner, speaking

AWAY = "tcp://127.0.0.1:1"


@pytest.fixture
def use(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Names a scanner to the product."""

    def name(address: str) -> None:
        monkeypatch.setitem(app.config, "KHUEVAN", replace(app.config["KHUEVAN"], clamd_url=address))

    return name


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with scanner(tmp_path_factory.mktemp("clamd")) as address:
        yield address


def infected() -> bytes:
    return pdf() + b"\n% " + INFECTION


def receive(app: Flask, content: bytes) -> Arrival:
    with app.app_context():
        return receive_file(io.BytesIO(content), "ke-hoach.pdf", "application/pdf", accept=["pdf"], max_mb=5)


def kept(app: Flask, world: World, content: bytes) -> tuple[Application, Document]:
    """A submitted dossier with this file, which no scanner has seen."""
    draft, arrival = world.draft(level="high"), receive(app, content)
    document = add_document(world.session, draft, "plan", arrival, actor=world.applicant)
    world.session.commit()
    return draft, document


def test_an_infected_file_is_refused_by_name_and_a_sound_one_is_marked(
    app: Flask, use: Callable[[str], None], clamd: str
) -> None:
    use(clamd)

    with pytest.raises(Invalid) as refusal:
        receive(app, infected())

    (reason,) = refusal.value.fields["file"]
    assert (reason.code, reason.facts) == ("file_infected", {"name": "Khuevan.Test-1.UNOFFICIAL"})
    assert receive(app, pdf()).scanned_at is not None


@pytest.mark.parametrize("address", ["", AWAY])
def test_without_a_scanner_files_are_taken_and_not_called_clean(
    app: Flask, use: Callable[[str], None], address: str
) -> None:
    use(address)

    assert receive(app, pdf()).scanned_at is None


def test_officers_are_told_what_no_scanner_has_seen(client: FlaskClient, world: World, app: Flask) -> None:
    draft, _ = kept(app, world, pdf())
    fire(world.session, draft, "submit", actor=world.applicant)
    world.session.commit()

    officers = text_of(visiting(world, client, "intake_officer").get(f"/dossiers/{draft.key}").text)
    applicants = text_of(visiting(world, client, "applicant").get(f"/dossiers/{draft.key}").text)

    told = "Chưa quét vi-rút"
    assert (told in officers, told in applicants) == (True, False)


def test_a_file_found_infected_later_is_closed_to_everybody_and_the_trail_says_so(
    app: Flask, client: FlaskClient, world: World, use: Callable[[str], None], clamd: str
) -> None:
    draft, document = kept(app, world, infected())
    at = f"/dossiers/{draft.key}/documents/{document.id}"
    before = visiting(world, client, "applicant").get(at).status_code
    use(clamd)

    with app.app_context():
        assert scan_unscanned(world.session) == 1
        assert scan_unscanned(world.session) == 0
    world.session.commit()

    pages = [client.get(path).status_code for path in (at, f"{at}/pages", f"{at}/pages/1.png")]
    by_program = program_of(app, world.session, world.applicant).get(
        f"/applications/{draft.key}/documents/{document.id}"
    )
    assert (before, pages, by_program.status_code) == (200, [409, 409, 409], 409)
    assert "Khuevan.Test-1" in client.get(f"/dossiers/{draft.key}/documents").text
    assert audit.history(world.session, draft.stream)[-1].action == "applications:document:infected"


def test_the_job_waits_for_a_scanner_that_is_away(
    app: Flask, world: World, use: Callable[[str], None], clamd: str
) -> None:
    _, document = kept(app, world, pdf(2))
    counts = []

    for address in ("", AWAY, clamd):
        use(address)
        with app.app_context():
            counts.append(scan_unscanned(world.session))

    assert counts == [0, 0, 1]
    assert (document.scanned_at is not None, document.infection) == (True, None)


def test_officers_see_what_no_scanner_has_seen_and_applicants_are_not_troubled(
    app: Flask, client: FlaskClient, world: World, use: Callable[[str], None]
) -> None:
    application = submitted(world)
    with_document(world, app, application)
    page = f"/dossiers/{application.key}"

    unseen = text_of(visiting(world, client, "case_officer").get(page).text)
    to_applicant = text_of(visiting(world, client, "applicant").get(page).text)
    with speaking() as address:
        use(address)
        with app.app_context():
            scan_unscanned(world.session)
        world.session.commit()

    seen = text_of(visiting(world, client, "case_officer").get(page).text)
    assert ("Chưa quét vi-rút" in unseen, "không phát hiện gì" in unseen) == (True, False)
    assert "quét vi-rút" not in to_applicant
    assert ("Chưa quét vi-rút" in seen, "không phát hiện gì" in seen) == (False, True)

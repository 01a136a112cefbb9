"""What was sent can be kept: an archive whose digests prove it, the protected left out for others."""

import hashlib
import io
import zipfile
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from applications.engine import fire
from applications.models import Application
from applications.operations.documents import add_document, receive_file
from applications.operations.drafts import create_draft, save_answers
from foundation.audit import AuditEntry
from tests.accounts.factories import make_organisation, make_person, sign_in
from tests.applications.marking_pack import ANSWERS, CODE, make_marking_world, mark
from tests.applications.programs import program_of
from tests.applications.small_pack import World
from tests.applications.visits import pdf, visiting
from tests.pages import open_page


@pytest.fixture
def world(session: Session) -> World:
    return make_marking_world(session)


@pytest.fixture
def sent(app: Flask, world: World) -> Application:
    """A dossier with a true file, submitted."""
    draft = create_draft(world.session, CODE, actor=world.applicant, organisation_id=world.organisation.id)
    save_answers(world.session, draft, ANSWERS, actor=world.applicant)
    with app.app_context():
        arrival = receive_file(io.BytesIO(pdf()), "kế hoạch.pdf", "application/pdf", accept=["pdf"], max_mb=5)
    add_document(world.session, draft, "plan", arrival, actor=world.applicant)
    fire(world.session, draft, "submit", actor=world.applicant)
    world.session.commit()
    return draft


def archive_of(client: FlaskClient, application: Application, number: int = 1) -> zipfile.ZipFile:
    with client.get(f"/dossiers/{application.key}/submissions/{number}.zip") as answer:
        assert answer.status_code == 200
        return zipfile.ZipFile(io.BytesIO(answer.data))


def json_of(package: zipfile.ZipFile) -> Any:
    return orjson.loads(package.read("submission.json"))


def test_the_archive_holds_all_that_was_sent_and_its_sums_agree(
    world: World, client: FlaskClient, sent: Application
) -> None:
    package = archive_of(visiting(world, client, "applicant"), sent)

    sums = dict(line.split("  ")[::-1] for line in package.read("SHA256SUMS").decode().splitlines())
    assert set(sums) == set(package.namelist()) - {"SHA256SUMS"}
    assert sums == {name: hashlib.sha256(package.read(name)).hexdigest() for name in sums}
    assert sorted(sums) == ["documents/01-plan-kế hoạch.pdf", "submission.json", "submission.pdf"]
    assert json_of(package)["answers"] == ANSWERS


def test_the_digest_of_the_json_stands_in_the_audit_trail(world: World, client: FlaskClient, sent: Application) -> None:
    package = archive_of(visiting(world, client, "applicant"), sent)

    rows = world.session.scalars(select(AuditEntry).where(AuditEntry.stream == sent.stream))
    noted = [row.facts["submission"] for row in rows if "submission" in row.facts]
    assert noted == [hashlib.sha256(package.read("submission.json")).hexdigest()]


def test_others_get_it_without_protected_answers(world: World, client: FlaskClient, sent: Application) -> None:
    package = archive_of(visiting(world, client, "intake_officer"), sent)

    assert "secret" not in json_of(package)["answers"]
    assert json_of(package)["masked"] == ["secret"]


def test_each_sending_is_kept(world: World, client: FlaskClient, sent: Application) -> None:
    officer, data = world.officer("intake_officer"), {"items": [mark("field.summary")]}
    fire(world.session, sent, "request_supplement", actor=officer, data=data)
    save_answers(world.session, sent, {"summary": "Rõ hơn"}, actor=world.applicant)
    fire(world.session, sent, "resubmit", actor=world.applicant)
    world.session.commit()
    applicant = visiting(world, client, "applicant")

    page = open_page(applicant, f"/dossiers/{sent.key}/submissions")

    assert page.text.index("Sending 2") < page.text.index("Sending 1")
    assert "summary" not in json_of(archive_of(applicant, sent, 1))["answers"]
    assert json_of(archive_of(applicant, sent, 2))["answers"]["summary"] == "Rõ hơn"


@pytest.mark.parametrize("what", ["submissions", "submissions/1.zip", "submissions/2.zip"])
def test_strangers_find_nothing(world: World, client: FlaskClient, sent: Application, what: str) -> None:
    stranger: Person = make_person(world.session, organisation=make_organisation(world.session))
    sign_in(client, world.session, stranger)

    assert client.get(f"/dossiers/{sent.key}/{what}").status_code == 404


def test_nothing_was_sent_of_a_draft(world: World, client: FlaskClient) -> None:
    draft = create_draft(world.session, CODE, actor=world.applicant, organisation_id=world.organisation.id)
    world.session.commit()

    assert visiting(world, client, "applicant").get(f"/dossiers/{draft.key}/submissions").status_code == 404


def test_programs_get_the_same(app: Flask, client: FlaskClient, world: World, sent: Application) -> None:
    program = program_of(app, world.session, world.applicant)

    (listed,) = program.get(f"/applications/{sent.key}/submissions").json["items"]  # type: ignore[index]
    with program.get(f"/applications/{sent.key}/submissions/1/archive") as answer:
        package = zipfile.ZipFile(io.BytesIO(answer.data))

    assert listed["sha256"] == hashlib.sha256(package.read("submission.json")).hexdigest()
    assert program.get(f"/applications/{sent.key}/submissions/7/archive").status_code == 404


def test_what_is_wrong_stands_beside_the_answer_before_anything_is_numbered(world: World, client: FlaskClient) -> None:
    draft = create_draft(world.session, CODE, actor=world.applicant, organisation_id=world.organisation.id)
    save_answers(world.session, draft, {"users": "nhiều"}, actor=world.applicant, keep_unsound=True)
    world.session.commit()
    applicant = visiting(world, client, "applicant")

    page = open_page(applicant, f"/dossiers/{draft.key}/check")
    applicant.post(f"/dossiers/{draft.key}/check", data={"is_true": "yes", "revision": str(draft.revision)})

    beside = [node.text for node in page.root.all("p", class_="field-error")]
    assert beside == ["Enter this.", "Enter a number.", "Enter this.", "Add this document."]
    world.session.expire_all()
    assert world.session.get_one(Application, draft.id).receipt_number is None

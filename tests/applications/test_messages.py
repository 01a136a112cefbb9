"""Messages carry files: checked on arrival, given to both sides, to nobody else; and all stands on one timeline."""

import hashlib
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from applications.models import Message, MessageFile
from foundation import audit
from tests.accounts.factories import make_organisation, make_person, sign_in
from tests.applications.programs import program_of
from tests.applications.small_pack import World
from tests.applications.visits import asked_reviewer, pdf, submitted, text_of, visiting


def file(name: str = "giai-trinh.pdf", content: bytes | None = None) -> tuple[io.BytesIO, str, str]:
    return io.BytesIO(content or pdf()), name, "application/pdf"


def send(client: FlaskClient, key: str, *files: tuple[io.BytesIO, str, str]) -> int:
    data = {"text": "Xin gửi bản giải trình", "files": list(files)}
    return client.post(f"/dossiers/{key}/messages", data=data, content_type="multipart/form-data").status_code


def test_a_message_carries_files_to_the_other_side(world: World, client: FlaskClient) -> None:
    application = submitted(world)

    assert send(visiting(world, client, "applicant"), application.key, file(), file("phu-luc.pdf")) == 303

    stored = world.session.scalars(select(MessageFile).order_by(MessageFile.id)).all()
    assert [row.filename for row in stored] == ["giai-trinh.pdf", "phu-luc.pdf"]
    assert audit.history(world.session, application.stream)[-1].facts["files"] == [row.sha256 for row in stored]
    officer = visiting(world, client, "intake_officer")
    assert "giai-trinh.pdf" in officer.get(f"/dossiers/{application.key}").text
    with officer.get(f"/dossiers/{application.key}/messages/files/{stored[0].id}") as answer:
        assert answer.data.startswith(b"%PDF")
        assert answer.headers["Content-Disposition"].startswith("attachment")


def test_what_is_no_such_file_is_refused_with_the_message(world: World, client: FlaskClient) -> None:
    application = submitted(world)

    status = send(visiting(world, client, "applicant"), application.key, file(content=b"MZ no pdf at all"))

    assert status == 422
    assert world.session.scalar(select(Message.id)) is None


def test_at_most_five_files(world: World, client: FlaskClient) -> None:
    application = submitted(world)

    assert send(visiting(world, client, "applicant"), application.key, *(file() for _ in range(6))) == 422


def test_an_infected_file_is_not_given_out(world: World, client: FlaskClient) -> None:
    application = submitted(world)
    applicant = visiting(world, client, "applicant")
    send(applicant, application.key, file())
    stored = world.session.scalars(select(MessageFile)).one()
    stored.infection = "Eicar"
    world.session.commit()

    assert applicant.get(f"/dossiers/{application.key}/messages/files/{stored.id}").status_code == 409


@pytest.mark.parametrize("who", ["stranger", "reviewer"])
def test_neither_strangers_nor_reviewers_get_it(world: World, client: FlaskClient, who: str) -> None:
    application = submitted(world)
    send(visiting(world, client, "applicant"), application.key, file())
    number = world.session.scalars(select(MessageFile.id)).one()
    if who == "reviewer":
        person, _ = asked_reviewer(world, application)
    else:
        person = make_person(world.session, organisation=make_organisation(world.session))
    sign_in(client, world.session, person)

    assert client.get(f"/dossiers/{application.key}/messages/files/{number}").status_code == 404


def test_steps_messages_and_documents_stand_on_one_timeline(world: World, client: FlaskClient) -> None:
    application = submitted(world)
    applicant = visiting(world, client, "applicant")
    send(applicant, application.key, file())

    page = text_of(applicant.get(f"/dossiers/{application.key}/timeline").text)

    assert page.index("Xin gửi bản giải trình") < page.index("submit")
    assert "giai-trinh.pdf" in page


def test_programs_read_the_files_of_messages(app: Flask, world: World, client: FlaskClient) -> None:
    application = submitted(world)
    send(visiting(world, client, "applicant"), application.key, file())
    program = program_of(app, world.session, world.officer("intake_officer"))

    (message,) = program.get(f"/applications/{application.key}/messages").json["items"]  # type: ignore[index]
    (told,) = message["files"]
    with program.get(f"/applications/{application.key}/messages/files/{told['id']}") as answer:
        content = answer.data

    assert told["filename"] == "giai-trinh.pdf"
    assert hashlib.sha256(content).hexdigest() == told["sha256"]

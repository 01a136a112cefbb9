"""Files by program: looked at on arrival, replaced without loss, handed out to those who may see them."""

from base64 import b64encode
from hashlib import sha256
from io import BytesIO

import pytest
from flask import Flask

from applications.engine import fire
from applications.models import Application
from tests.applications.programs import Program, a_pdf, program_of, upload
from tests.applications.small_pack import World


@pytest.fixture
def draft(world: World) -> Application:
    application = world.draft(level="high")
    world.session.commit()
    return application


def test_a_document_comes_back_as_it_went_in(applicant: Program, draft: Application) -> None:
    sent = a_pdf(pages=2).getvalue()

    added = applicant.post(f"/applications/{draft.key}/documents", data=upload(BytesIO(sent), slot="plan"))
    back = applicant.get(added.headers["Location"])

    assert added.json is not None
    assert (added.status_code, added.json["pages"], added.json["size"]) == (201, 2, len(sent))
    assert added.json["sha256"] == sha256(sent).hexdigest()
    assert back.data == sent
    assert back.headers["Content-Digest"] == f"sha-256=:{b64encode(sha256(sent).digest()).decode()}:"
    assert back.headers["X-Content-Type-Options"] == "nosniff"
    assert back.headers["Content-Disposition"].startswith("attachment;")
    assert back.headers["Content-Length"] == str(len(sent))


def test_a_second_file_replaces_the_first(applicant: Program, draft: Application) -> None:
    at = f"/applications/{draft.key}"
    first = applicant.post(f"{at}/documents", data=upload(a_pdf(), slot="plan")).json
    second = applicant.post(f"{at}/documents", data=upload(a_pdf(pages=2), slot="plan")).json
    dossier = applicant.get(at).json

    assert first is not None
    assert second is not None
    assert dossier is not None
    assert second["version"] == 2
    assert [document["id"] for document in dossier["documents"]] == [second["id"]]
    assert applicant.get(f"{at}/documents/{first['id']}").status_code == 200


def test_a_document_is_taken_out_of_a_draft(applicant: Program, draft: Application) -> None:
    at = f"/applications/{draft.key}"
    added = applicant.post(f"{at}/documents", data=upload(a_pdf(), slot="plan")).json
    assert added is not None

    gone = applicant.ask("DELETE", f"{at}/documents/{added['id']}")
    again = applicant.ask("DELETE", f"{at}/documents/{added['id']}")

    dossier = applicant.get(at).json
    assert dossier is not None
    assert (gone.status_code, gone.data, again.status_code) == (204, b"", 404)
    assert dossier["documents"] == []


@pytest.mark.parametrize(
    ("places", "field", "code"),
    [
        ({}, "slot", "required"),
        ({"slot": "passport"}, "slot", "does_not_exist"),
        ({"slot": "plan", "step": "issue"}, "slot", "one_place_only"),
        ({"step": "submit"}, "field", "required"),
        ({"step": "explode", "field": "x"}, "step", "does_not_exist"),
        ({"step": "submit", "field": "x"}, "field", "does_not_exist"),
        ({"slot": "plan", "colour": "red"}, "colour", "no_such_field"),
    ],
)
def test_a_file_needs_its_place(
    applicant: Program, draft: Application, places: dict[str, str], field: str, code: str
) -> None:
    answer = applicant.post(f"/applications/{draft.key}/documents", data=upload(a_pdf(), **places))

    assert answer.json is not None
    assert answer.status_code == 422
    assert [error["code"] for error in answer.json["errors"][field]] == [code]


def test_what_is_no_file_is_refused(applicant: Program, draft: Application) -> None:
    at = f"/applications/{draft.key}/documents"

    nothing = applicant.post(at, data={"slot": "plan"}, content_type="multipart/form-data")
    text = applicant.post(at, data={"slot": "plan", "file": "text"}, content_type="multipart/form-data")
    json = applicant.post(at, {"slot": "plan"})
    disguised = applicant.post(at, data=upload(BytesIO(b"MZ..."), "virus.pdf", slot="plan"))

    assert (nothing.status_code, text.status_code, json.status_code) == (422, 422, 415)
    assert disguised.json is not None
    assert set(disguised.json["errors"]) == {"file"}


def test_a_file_name_cannot_lead_elsewhere(applicant: Program, draft: Application) -> None:
    answer = applicant.post(
        f"/applications/{draft.key}/documents", data=upload(a_pdf(), "../../etc/kế hoạch\u202e.pdf", slot="plan")
    )

    assert answer.json is not None
    assert "/" not in answer.json["filename"]
    assert answer.json["filename"].isprintable()
    assert applicant.get(answer.headers["Location"]).status_code == 200


def test_what_was_sent_takes_no_more_documents(applicant: Program, world: World) -> None:
    application = world.draft()
    fire(world.session, application, "submit", actor=world.applicant)
    world.session.commit()

    answer = applicant.post(f"/applications/{application.key}/documents", data=upload(a_pdf(), slot="plan"))

    assert answer.status_code == 409


def test_a_repeated_upload_is_executed_once_though_its_boundaries_differ(
    applicant: Program, draft: Application
) -> None:
    at, key = f"/applications/{draft.key}/documents", {"Idempotency-Key": "k-1"}

    first = applicant.post(at, data=upload(a_pdf(), slot="plan"), headers=key)
    again = applicant.post(at, data=upload(a_pdf(), slot="plan"), headers=key)
    other = applicant.post(at, data=upload(a_pdf(pages=2), slot="plan"), headers=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert other.json is not None
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert len((applicant.get(f"/applications/{draft.key}").json or {})["documents"]) == 1


def test_others_do_not_add_files_to_a_step(app: Flask, officer: Program, world: World) -> None:
    application = world.draft()
    fire(world.session, application, "submit", actor=world.applicant)
    world.session.commit()
    auditor = program_of(app, world.session, world.officer("auditor"))
    place = {"step": "withdraw", "field": "x"}

    assert officer.post(f"/applications/{application.key}/documents", data=upload(a_pdf(), **place)).status_code == 422
    answer = auditor.post(f"/applications/{application.key}/documents", data=upload(a_pdf(), slot="plan"))
    assert answer.status_code == 403

"""Following a dossier without an account: the secret shown once, the same answer to every wrong guess."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from applications.engine import fire
from applications.models import Application
from applications.operations.documents import add_document
from applications.operations.drafts import create_draft, save_answers
from applications.operations.tracking import hand_out_secret, renew_secret
from applications.queries.tracking import named
from applications.tracking import LETTERS, digest_of, in_groups, is_secret, new_secret, plain
from applications.web.tracking import hand_over
from foundation.errors import NotAllowed
from foundation.mails import MailMessage
from foundation.noticekinds import kind_of
from tests.applications.marking_pack import ANSWERS, CODE, PLAN, make_marking_world, mark, sent
from tests.applications.programs import Program
from tests.applications.small_pack import World
from tests.applications.visits import queries_of, visiting
from tests.pages import Page, follow, open_page


@pytest.fixture
def world(session: Session) -> World:
    return make_marking_world(session)


def with_secret(world: World) -> tuple[Application, str]:
    application = sent(world)
    secret = hand_out_secret(world.session, application)
    assert secret is not None
    world.session.commit()
    return application, secret


def ask(client: FlaskClient, code: str, secret: str) -> Page:
    form = open_page(client, "/track").form()
    return Page(form.send(client, code=code, secret=secret))


def test_a_dossier_is_looked_for_by_indexes_however_many_there_are(session: Session) -> None:
    query = named(["TN-2345-6789", "BN-2026-0000001"]).compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    session.execute(text("SET LOCAL enable_seqscan = off"))

    plan = "\n".join(session.scalars(text(f"EXPLAIN {query}")))

    assert "Seq Scan" not in plan, plan
    for index in ("uq_cases_key", "uq_cases_code", "uq_applications_receipt_number"):
        assert index in plan


@given(st.text(alphabet=" -·/\u200b", max_size=6))
def test_however_it_is_typed_it_is_the_same_secret(between: str) -> None:
    secret = new_secret()

    typed = between.join(secret.lower().replace("-", ""))

    assert len(plain(secret)) == LETTERS
    assert in_groups(plain(typed)) == secret
    assert is_secret(typed, digest_of(secret))
    assert not is_secret(typed, None)


def test_the_receipt_shows_the_secret_once(world: World, client: FlaskClient) -> None:
    draft = create_draft(world.session, CODE, actor=world.applicant, organisation_id=world.organisation.id)
    save_answers(world.session, draft, ANSWERS, actor=world.applicant)
    add_document(world.session, draft, "plan", PLAN, actor=world.applicant)
    world.session.commit()
    applicant = visiting(world, client, "applicant")

    receipt = follow(
        applicant, open_page(applicant, f"/dossiers/{draft.key}/check").form().send(applicant, is_true="yes")
    )
    secret = receipt.root.one("code", id="secret").text
    again = open_page(applicant, f"/dossiers/{draft.key}/submitted")

    world.session.expire_all()
    assert world.session.get_one(Application, draft.id).tracking_digest == digest_of(secret)
    assert secret not in again.text
    assert "Where" not in again.heading


def test_where_mail_is_sent_the_secret_comes_by_mail_and_is_forgotten_like_a_link(
    app: Flask, world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(app.config["KHUEVAN"], mail_url="smtp://127.0.0.1:9")
    monkeypatch.setitem(app.config, "KHUEVAN", settings)
    application = sent(world)
    world.session.commit()

    with app.test_request_context():
        secret = hand_over(world.session, application, actor=world.applicant)

    mails = select(MailMessage).where(MailMessage.kind == "tracking_secret_given")
    mail = world.session.scalars(mails).one()
    assert (mail.to_address, mail.facts["secret"]) == (world.applicant.email, secret)
    assert kind_of(mail.kind).is_secret


def test_code_and_secret_tell_where_it_stands(world: World, client: FlaskClient) -> None:
    application, secret = with_secret(world)

    page = ask(client, application.key, secret.lower())

    assert page.status == 200
    assert application.title in page.text
    assert world.unit.title("vi") in page.text


@pytest.mark.parametrize("name", ["key", "receipt_number"])
def test_each_of_its_numbers_is_a_code(world: World, client: FlaskClient, name: str) -> None:
    application, secret = with_secret(world)

    assert ask(client, f" {getattr(application, name).lower()} ", secret).status == 200
    assert ask(client, getattr(application, name).replace("-", ""), secret).status == 200
    assert ask(client, getattr(application, name).replace("-", " "), secret).status == 200


def test_a_wrong_code_and_a_wrong_secret_are_answered_alike(world: World, client: FlaskClient) -> None:
    application, secret = with_secret(world)

    wrong_secret = ask(client, application.key, "AAAA-AAAA-AAAA")
    wrong_code = ask(client, "MK-AAAA-AAAA", secret)

    assert (wrong_secret.status, wrong_code.status) == (404, 404)
    assert wrong_secret.text == wrong_code.text


def test_how_long_the_answer_takes_tells_no_code(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, secret = with_secret(world)
    compared: list[tuple[int, int]] = []

    def compare(typed: bytes, kept: bytes) -> bool:
        compared.append((len(typed), len(kept)))
        return False

    monkeypatch.setattr("applications.tracking.hmac", SimpleNamespace(compare_digest=compare))
    work = [
        queries_of(world.session, lambda tried=tried: ask(client, *tried))  # type: ignore[misc]  # bound now
        for tried in ((application.key, "AAAA-AAAA-AAAA"), ("MK-AAAA-AAAA", secret))
    ]

    assert work[0] == work[1]
    assert set(compared) == {(32, 32)}


def test_a_dossier_without_a_secret_opens_to_none(world: World, client: FlaskClient) -> None:
    application = sent(world)
    world.session.commit()

    assert ask(client, application.key, "").status == 422
    assert ask(client, application.key, "AAAA-AAAA-AAAA").status == 404


def test_guessing_is_slowed_down_alike(world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    application, secret = with_secret(world)
    monkeypatch.setattr("applications.operations.tracking.TRIES_PER_CODE", 2)

    known = [ask(client, application.key, "AAAA-AAAA-AAAA").status for _ in range(3)]
    unknown = [ask(client, "MK-AAAA-AAAA", "AAAA-AAAA-AAAA").status for _ in range(3)]

    assert known == unknown == [404, 404, 429]
    assert ask(client, application.key, secret).status == 429


def test_a_new_secret_closes_the_old_one(world: World, client: FlaskClient) -> None:
    application, old = with_secret(world)

    new = renew_secret(world.session, application, actor=world.applicant)
    world.session.commit()

    assert ask(client, application.key, old).status == 404
    assert ask(client, application.key, new).status == 200


def test_only_the_writers_make_a_new_secret(world: World) -> None:
    application, _ = with_secret(world)

    with pytest.raises(NotAllowed):
        renew_secret(world.session, application, actor=world.officer("intake_officer"))


def test_the_page_of_the_dossier_makes_a_new_secret(world: World, client: FlaskClient) -> None:
    application, old = with_secret(world)
    applicant = visiting(world, client, "applicant")

    page = follow(applicant, open_page(applicant, f"/dossiers/{application.key}").form_to("/tracking").send(applicant))
    secret = page.root.one("code", id="secret").text
    slip = page.form_to("slip.pdf").send(applicant)
    forged = applicant.post(f"/dossiers/{application.key}/tracking/slip.pdf", data={"secret": old})

    assert secret != old
    assert slip.data.startswith(b"%PDF")
    assert forged.status_code == 404


def test_what_is_asked_and_from_whom_is_told(world: World, client: FlaskClient) -> None:
    application, secret = with_secret(world)
    officer, data = world.officer("intake_officer"), {"items": [mark("field.summary", instruction="Thêm số liệu")]}
    fire(world.session, application, "request_supplement", actor=officer, data=data)
    world.session.commit()

    page = ask(client, application.key, secret)

    assert "Câu summary" in page.text
    assert "Thêm số liệu" in page.text
    assert world.people["intake_officer"].full_name not in page.text


def test_who_has_it_is_named(world: World, client: FlaskClient) -> None:
    application, secret = with_secret(world)
    application.holder_id = world.people["case_officer"].id
    world.session.commit()

    assert world.people["case_officer"].full_name in ask(client, application.key, secret).text


def test_programs_follow_without_a_token(app: Flask, client: FlaskClient, world: World) -> None:
    application, secret = with_secret(world)
    nobody = Program(app)

    right = nobody.post(f"/tracking/{application.key}", {"secret": secret})
    wrong = nobody.post(f"/tracking/{application.key}", {"secret": "AAAA-AAAA-AAAA"})

    assert (right.status_code, right.json["key"]) == (200, application.key)  # type: ignore[index]
    assert wrong.status_code == 404

"""Once-only: what an organisation gave before is offered again with its source, and taken over by one press."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.places import ensure_wards
from applications.engine import fire
from applications.models import Application, Document
from applications.operations.drafts import save_answers
from applications.packs.catalogue import pack_of_version
from tests.accounts.factories import make_organisation, make_person, sign_in
from tests.applications.answering import complete_dossier
from tests.applications.small_pack import World
from tests.applications.visits import with_document
from tests.applications.wide_pack import make_wide_world, wide_draft
from tests.pages import Page, follow, open_page


@pytest.fixture
def wide(session: Session) -> World:
    wide = make_wide_world(session)
    ensure_wards(session)
    wide.organisation.ward_code = "00004"
    session.flush()
    return wide


@pytest.fixture
def applicant(client: FlaskClient, session: Session, wide: World) -> FlaskClient:
    sign_in(client, session, wide.people["applicant"])
    return client


@pytest.fixture
def sent(wide: World, app: Flask, client: FlaskClient) -> Application:
    """A dossier that the organisation sent before, with a document."""
    draft = wide_draft(wide)
    pack = pack_of_version(wide.session, draft.version_id)
    save_answers(wide.session, draft, complete_dossier(pack, secret="0912"), actor=wide.applicant)
    with_document(wide, app, draft)
    fire(wide.session, draft, "submit", actor=wide.applicant)
    wide.session.commit()
    return draft


def offered(page: Page) -> list[str]:
    return [node.attributes["value"] for node in page.root.all("input", name="question")]


def test_an_earlier_answer_is_offered_with_its_source_and_taken_over(
    applicant: FlaskClient, session: Session, wide: World, sent: Application
) -> None:
    draft = wide_draft(wide)
    session.commit()
    page = open_page(applicant, f"/dossiers/{draft.key}/draft/about")
    assert offered(page) == ["secret"]
    assert f"from dossier {sent.key}" in page.text

    after = follow(applicant, page.form_to("/reuse").send(applicant))

    session.expire_all()
    assert draft.answers == {"secret": "0912"}
    assert draft.edits["secret"]["origin"] == sent.key
    assert offered(after) == []


def test_the_officer_sees_where_an_answer_and_a_document_were_taken_over_from(
    client: FlaskClient, session: Session, wide: World, sent: Application
) -> None:
    draft = wide_draft(wide)
    session.commit()
    sign_in(client, session, wide.people["applicant"])
    about = open_page(client, f"/dossiers/{draft.key}/draft/about")
    about.form_to("/reuse").send(client)
    open_page(client, f"/dossiers/{draft.key}/documents").form_to("/plan/reuse").send(client)
    session.expire_all()
    others = complete_dossier(pack_of_version(session, draft.version_id))
    save_answers(session, draft, {key: others[key] for key in others if key != "secret"}, actor=wide.applicant)
    fire(session, draft, "submit", actor=wide.applicant)
    session.commit()
    client.delete_cookie("khuevan_session")
    sign_in(client, session, wide.people["intake_officer"])

    page = open_page(client, f"/dossiers/{draft.key}")

    told = [node.text for node in page.root.all("div", class_="answer-origin")]
    assert len(told) == 2
    assert all(sent.key in line for line in told)


def test_the_profile_is_offered_where_no_dossier_says_it(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()
    page = open_page(applicant, f"/dossiers/{draft.key}/draft/place")
    assert "from the profile of your organisation" in page.text

    page.form_to("/reuse").send(applicant)

    session.expire_all()
    assert draft.answers == {"ward": "00004"}
    assert draft.edits["ward"]["origin"] == "profile"


def test_only_what_is_chosen_is_taken_over(
    applicant: FlaskClient, session: Session, wide: World, sent: Application
) -> None:
    draft = wide_draft(wide)
    session.commit()
    page = open_page(applicant, f"/dossiers/{draft.key}/draft/about")

    page.form_to("/reuse").send(applicant, question=[])

    session.expire_all()
    assert draft.answers == {}


def test_what_was_answered_meanwhile_stays(
    applicant: FlaskClient, session: Session, wide: World, sent: Application
) -> None:
    draft = wide_draft(wide)
    session.commit()
    form = open_page(applicant, f"/dossiers/{draft.key}/draft/about").form_to("/reuse")
    save_answers(session, draft, {"secret": "mới"}, actor=wide.applicant)
    session.commit()

    form.send(applicant)

    session.expire_all()
    assert draft.answers == {"secret": "mới"}


def test_what_others_gave_is_never_offered(
    client: FlaskClient, session: Session, wide: World, sent: Application
) -> None:
    other = make_organisation(session)
    person = make_person(session, organisation=other, language="en")
    sign_in(client, session, person)
    page = open_page(client, "/procedures/wide-test")
    draft = follow(client, page.form_to("/start").send(client)).address

    about = open_page(client, f"{draft}/about")

    assert offered(about) == []
    assert "0912" not in about.text
    assert client.post(f"{draft.removesuffix('/draft')}/documents/plan/reuse").status_code == 404


def test_an_unsent_draft_is_no_source(applicant: FlaskClient, session: Session, wide: World) -> None:
    wide_draft(wide, secret="chưa nộp")
    draft = wide_draft(wide)
    session.commit()

    assert offered(open_page(applicant, f"/dossiers/{draft.key}/draft/about")) == []


def test_nobody_but_the_writers_takes_over(
    client: FlaskClient, session: Session, wide: World, sent: Application
) -> None:
    draft = wide_draft(wide)
    viewer = make_person(session, organisation=wide.organisation, membership_role="viewer")
    sign_in(client, session, viewer)

    page = open_page(client, f"/dossiers/{draft.key}/draft/about")
    answers = client.post(f"/dossiers/{draft.key}/draft/about/reuse", data={"question": "secret"})
    file = client.post(f"/dossiers/{draft.key}/documents/plan/reuse")

    assert offered(page) == []
    assert (answers.status_code, file.status_code) == (403, 403)


def test_a_document_sent_before_is_used_again_without_a_second_copy(
    applicant: FlaskClient, session: Session, wide: World, sent: Application
) -> None:
    draft = wide_draft(wide)
    session.commit()
    page = open_page(applicant, f"/dossiers/{draft.key}/documents")
    assert f"with dossier {sent.key}" in page.text

    after = follow(applicant, page.form_to("/plan/reuse").send(applicant))

    known, again = session.scalars(select(Document).where(Document.slot == "plan").order_by(Document.id)).all()
    assert (again.case_id, again.reused_from_id) == (draft.id, known.id)
    assert (again.sha256, again.filename, again.size) == (known.sha256, known.filename, known.size)
    assert f"with dossier {sent.key}" not in after.text
    assert applicant.get(f"/dossiers/{draft.key}/documents/{again.id}").status_code == 200

"""A second person stands for a dossier before it is sent: asked, certifying what they read, void by any change."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from applications.certification import content_digest
from applications.dossier import current_documents
from applications.engine import fire
from applications.models import Application
from applications.operations.certification import certify
from applications.operations.drafts import create_draft, save_answers
from applications.packs.catalogue import check_content, pack_of_version, publish
from applications.packs.reading import PackError
from foundation.actors import SYSTEM
from foundation.errors import Blocked
from foundation.notices import Notice
from tests.accounts.factories import actor_for, make_organisation, make_person, sign_in
from tests.applications.programs import program_of
from tests.applications.small_pack import World, small_pack, words
from tests.applications.visits import with_document
from tests.pages import Page, follow, open_page

CODE = "certified-test"


def certified_pack(**changes: Any) -> dict[str, Any]:
    pack = small_pack(code=CODE, key_prefix="CT", certification={"statement": words("It is true."), "source": "law"})
    pack["steps"][0]["guards"].append("is_certified")
    return pack | changes


@pytest.fixture
def draft(world: World) -> Application:
    publish(world.session, certified_pack(), actor=SYSTEM)
    world.people["applicant"].language = "en"
    application = create_draft(world.session, CODE, actor=world.applicant, organisation_id=world.organisation.id)
    save_answers(world.session, application, {"name": "Máy bay"}, actor=world.applicant)
    world.session.commit()
    return application


@pytest.fixture
def colleague(world: World, draft: Application) -> Person:
    return make_person(world.session, organisation=world.organisation, language="en")


def check(client: FlaskClient, draft: Application) -> Page:
    return open_page(client, f"/dossiers/{draft.key}/check")


def test_a_colleague_is_asked_and_certifies_and_the_writer_sends(
    client: FlaskClient, session: Session, world: World, draft: Application, colleague: Person
) -> None:
    sign_in(client, session, world.people["applicant"])
    page = check(client, draft)
    assert "It is true." in page.text
    assert page.root.all("form", class_="card check-send") == []
    asked = follow(client, page.form_to("/certifier").send(client))
    assert colleague.full_name in asked.text
    (notice,) = session.scalars(select(Notice).where(Notice.person_id == colleague.id)).all()
    assert (notice.kind, notice.link) == ("certification_asked", f"/dossiers/{draft.key}/check#certification")

    sign_in(client, session, colleague)
    mine = follow(client, check(client, draft).form_to("/certificate").send(client))
    assert "somebody else of your organisation has to send it" in mine.text
    assert mine.root.all("form", class_="card check-send") == []

    sign_in(client, session, world.people["applicant"])
    ready = check(client, draft)
    assert colleague.full_name in ready.text
    assert follow(client, ready.form().send(client)).address.endswith("/submitted")
    told = select(Notice.kind).where(Notice.person_id == world.applicant.person_id, Notice.kind == "dossier_certified")
    assert session.scalars(told).all() == ["dossier_certified"]


def refusal(world: World, draft: Application, actor: Any) -> list[str]:
    with pytest.raises(Blocked) as refused:
        fire(world.session, draft, "submit", actor=actor)
    return [reason.code for reason in refused.value.reasons]


def given(world: World, draft: Application, person: Person) -> None:
    """The person certifies the draft as it stands."""
    session = world.session
    pack = pack_of_version(session, draft.version_id)
    digest = content_digest(pack, draft, current_documents(session, draft.id))
    certify(session, draft, actor=actor_for(session, person), digest=digest)


def test_nothing_is_sent_without_a_certificate(world: World, draft: Application) -> None:
    assert refusal(world, draft, world.applicant) == ["not_certified"]


def test_whoever_certified_does_not_send(world: World, draft: Application, colleague: Person) -> None:
    given(world, draft, colleague)

    assert refusal(world, draft, actor_for(world.session, colleague)) == ["certified_by_sender"]
    assert fire(world.session, draft, "submit", actor=world.applicant).to_state == "checking"


@pytest.mark.parametrize("change", ["answer", "document"])
def test_any_change_makes_the_certificate_void(
    app: Flask, world: World, draft: Application, colleague: Person, change: str
) -> None:
    given(world, draft, colleague)

    if change == "answer":
        save_answers(world.session, draft, {"users": 3}, actor=world.applicant)
    else:
        with_document(world, app, draft)

    assert refusal(world, draft, world.applicant) == ["changed_since_certified"]


def test_only_what_was_read_is_certified(
    client: FlaskClient, session: Session, world: World, draft: Application, colleague: Person
) -> None:
    sign_in(client, session, colleague)
    form = check(client, draft).form_to("/certificate")
    save_answers(session, draft, {"users": 3}, actor=world.applicant)
    session.commit()

    answer = form.send(client)

    assert answer.status_code == 409
    assert "Read it again" in Page(answer).text
    assert refusal(world, draft, world.applicant) == ["not_certified"]


def test_an_incomplete_dossier_is_not_certified(
    client: FlaskClient, session: Session, world: World, draft: Application, colleague: Person
) -> None:
    sign_in(client, session, colleague)
    form = check(client, draft).form_to("/certificate")
    save_answers(session, draft, {"name": None}, actor=world.applicant)
    session.commit()

    assert form.send(client).status_code == 409
    assert "certificate" not in check(client, draft).root.text


def test_nobody_outside_certifies_or_is_asked(
    client: FlaskClient, session: Session, world: World, draft: Application
) -> None:
    stranger = make_person(session, organisation=make_organisation(session))
    viewer = make_person(session, organisation=world.organisation, membership_role="viewer")
    asked = {}
    sign_in(client, session, world.people["applicant"])
    for person in (stranger, viewer, world.people["applicant"]):
        asked[person.id] = client.post(
            f"/dossiers/{draft.key}/certifier", data={"certifier": str(person.id)}
        ).status_code
    outcomes = []
    for person in (stranger, viewer):
        sign_in(client, session, person)
        outcomes.append(client.post(f"/dossiers/{draft.key}/certificate", data={"digest": ""}).status_code)

    assert set(asked.values()) == {422}
    assert outcomes == [404, 403]


def test_where_no_certificate_is_demanded_none_is_asked(client: FlaskClient, session: Session, world: World) -> None:
    plain = world.draft()
    sign_in(client, session, world.people["applicant"])

    assert "Certification" not in check(client, plain).text
    assert client.post(f"/dossiers/{plain.key}/certificate", data={"digest": ""}).status_code == 409


def test_a_condition_says_when_a_certificate_is_demanded(world: World) -> None:
    demanded = {"statement": words("True."), "source": "law", "when": {"field": "level", "is": "low"}}
    publish(world.session, certified_pack(certification=demanded), actor=SYSTEM)
    draft = create_draft(world.session, CODE, actor=world.applicant, organisation_id=world.organisation.id)
    save_answers(world.session, draft, {"name": "Tên", "level": "low"}, actor=world.applicant)
    assert refusal(world, draft, world.applicant) == ["not_certified"]

    save_answers(world.session, draft, {"level": None}, actor=world.applicant)

    assert fire(world.session, draft, "submit", actor=world.applicant).to_state == "checking"


def test_a_program_certifies_the_version_that_it_read(
    app: Flask, client: FlaskClient, world: World, draft: Application, colleague: Person
) -> None:
    certifier = program_of(app, world.session, actor_for(world.session, colleague))
    path = f"/applications/{draft.key}/certificate"
    read = certifier.get(f"/applications/{draft.key}").headers["ETag"]
    unnamed = certifier.post(path)
    save_answers(world.session, draft, {"users": 3}, actor=world.applicant)
    world.session.commit()

    stale = certifier.post(path, headers={"If-Match": read})
    now_read = certifier.get(f"/applications/{draft.key}").headers["ETag"]
    done = certifier.post(path, headers={"If-Match": now_read})

    assert (unnamed.status_code, stale.status_code, done.status_code) == (428, 412, 200)
    world.session.expire_all()
    assert fire(world.session, draft, "submit", actor=world.applicant).to_state == "checking"


def test_a_pack_demands_and_guards_or_neither() -> None:
    unguarded = certified_pack()
    unguarded["steps"][0]["guards"].remove("is_certified")
    unsaid = certified_pack()
    del unsaid["certification"]

    for wrong in (unguarded, unsaid):
        with pytest.raises(PackError, match="certification"):
            check_content(wrong)

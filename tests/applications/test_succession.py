"""A draft whose procedure got a newer version: the differences are shown, it is carried over, nothing is lost."""

from copy import deepcopy
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from applications.engine import fire
from applications.models import Application
from applications.operations.drafts import save_answers
from applications.operations.succession import carry_over
from applications.packs.catalogue import check_content, publish
from applications.packs.reading import read_pack
from applications.succession import differences
from foundation.actors import SYSTEM
from foundation.errors import Blocked, NotAllowed
from tests.accounts.factories import actor_for, make_organisation, make_person, sign_in
from tests.applications.programs import program_of
from tests.applications.small_pack import World, small_pack, words
from tests.applications.visits import with_document
from tests.pages import follow, open_page


def newer(**changes: Any) -> dict[str, Any]:
    """Version 2: asks for a budget, fewer users, no phone and no plan, and calls the name otherwise."""
    pack = deepcopy(small_pack(version=2))
    name, users, level, _ = pack["form"][0]["fields"]
    name["label"] = words("Name of the project")
    users["maximum"] = 10
    budget = {"key": "budget", "type": "money", "label": words("Budget"), "required": True}
    pack["form"][0]["fields"] = [name, users, level, budget]
    pack["documents"] = []
    pack["sources"] = {"law": pack["sources"]["law"]}
    pack["steps"][0]["guards"].append("version_is_in_force")
    return pack | changes


@pytest.fixture
def draft(world: World) -> Application:
    application = world.draft(users=500, level="low", phone="0912345678")
    world.people["applicant"].language = "en"
    world.session.commit()
    return application


def publish_newer(world: World) -> None:
    publish(world.session, newer(), actor=SYSTEM)
    world.session.commit()


def test_versions_are_compared_part_by_part() -> None:
    found = {
        (one.kind, one.part.key, one.aspects) for one in differences(read_pack(small_pack()), check_content(newer()))
    }

    assert found == {
        ("new", "budget", ()),
        ("changed", "name", ("wording",)),
        ("changed", "users", ("limits",)),
        ("gone", "phone", ()),
        ("gone", "plan", ()),
    }


def test_a_draft_is_carried_over_with_the_differences_shown(
    client: FlaskClient, session: Session, world: World, draft: Application
) -> None:
    sign_in(client, session, world.people["applicant"])
    publish_newer(world)

    page = open_page(client, open_page(client, f"/dossiers/{draft.key}/draft").links["See what changes"])
    told = {
        title: page.root.one("section", aria_labelledby=f"version-{title}").text for title in ("new", "changed", "gone")
    }
    after = follow(client, page.form().send(client))

    assert "Budget" in told["new"]
    assert "Name of the project called “Name” before" in told["changed"]
    assert "largest value: 10 instead of 1000 500" in told["changed"]
    assert "Phone" in told["gone"]
    assert "carried over from an earlier version" in after.text
    session.expire_all()
    assert draft.answers == {"name": "Máy bay giao hàng", "level": "low"}
    assert draft.unsound == {"users": 500}
    assert draft.carried["answers"] == {"phone": "0912345678"}
    assert "0912345678" not in after.text
    again = open_page(client, f"/dossiers/{draft.key}/version")
    assert "Phone" in again.text
    assert again.root.all("form", method="post", action=f"/dossiers/{draft.key}/version") == []


def test_an_old_draft_is_not_sent(world: World, draft: Application) -> None:
    publish(world.session, newer(version=2, in_force={"from": "2020-01-02"}), actor=SYSTEM)
    carry_over(world.session, draft, actor=world.applicant)
    save_answers(world.session, draft, {"users": 5, "budget": 1}, actor=world.applicant)
    publish(world.session, newer(version=3, in_force={"from": "2020-01-03"}), actor=SYSTEM)

    with pytest.raises(Blocked) as refused:
        fire(world.session, draft, "submit", actor=world.applicant)
    assert [reason.code for reason in refused.value.reasons] == ["newer_version_in_force"]

    carry_over(world.session, draft, actor=world.applicant)
    assert fire(world.session, draft, "submit", actor=world.applicant).to_state == "checking"


def test_a_document_no_longer_asked_leaves_the_dossier_and_keeps_its_record(
    app: Flask, world: World, draft: Application
) -> None:
    document = with_document(world, app, draft)
    publish_newer(world)

    carry_over(world.session, draft, actor=world.applicant)

    world.session.expire_all()
    assert document.removed_at is not None


def test_a_program_carries_a_draft_over(app: Flask, client: FlaskClient, world: World, draft: Application) -> None:
    program = program_of(app, world.session, world.applicant)
    publish_newer(world)

    carried = program.post(f"/applications/{draft.key}/carry-over")
    again = program.post(f"/applications/{draft.key}/carry-over")

    assert carried.json is not None
    assert again.json is not None
    assert (carried.status_code, carried.json["version"]) == (200, 2)
    assert again.status_code == 409
    assert [reason["code"] for reason in again.json["reasons"]] == ["version_is_in_force_already"]


def test_there_is_nothing_to_carry_over_to(
    client: FlaskClient, session: Session, world: World, draft: Application
) -> None:
    sign_in(client, session, world.people["applicant"])
    publish(world.session, newer(in_force={"from": "2999-01-01"}), actor=SYSTEM)
    session.commit()

    assert "See what changes" not in open_page(client, f"/dossiers/{draft.key}/draft").text
    assert client.get(f"/dossiers/{draft.key}/version").status_code == 404
    assert client.post(f"/dossiers/{draft.key}/version").status_code == 409


def test_what_was_sent_is_not_carried_over(world: World, draft: Application) -> None:
    fire(world.session, draft, "submit", actor=world.applicant)
    publish_newer(world)

    with pytest.raises(Blocked):
        carry_over(world.session, draft, actor=world.applicant)


def test_only_its_writers_carry_a_draft_over(
    client: FlaskClient, session: Session, world: World, draft: Application
) -> None:
    publish_newer(world)
    viewer = make_person(session, organisation=world.organisation, membership_role="viewer")
    stranger = make_person(session, organisation=make_organisation(session))
    with pytest.raises(NotAllowed):
        carry_over(session, draft, actor=actor_for(session, viewer))
    session.commit()
    sign_in(client, session, stranger)

    assert client.get(f"/dossiers/{draft.key}/version").status_code == 404
    assert client.post(f"/dossiers/{draft.key}/version").status_code == 404

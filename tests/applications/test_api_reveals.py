"""Protected answers by program: left out for all but the applicant, revealed on the record."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from applications.engine import fire
from applications.models import Application
from applications.packs.catalogue import publish
from foundation import audit
from foundation.actors import SYSTEM
from tests.applications.programs import Program, program_of
from tests.applications.small_pack import PACK, World, make_world, small_pack, words

IDENTITY = "001099012345"
ANSWERS = {"identity": IDENTITY, "founders": [{"full_name": "Nguyễn Văn A", "identity": IDENTITY}]}


def _text(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "type": "text", "label": words(key), **more}


def guarded_pack() -> dict[str, Any]:
    """The small pack with a protected question, and a table with a protected column."""
    about = PACK["form"][0]
    founders = {
        "key": "founders",
        "type": "table",
        "label": words("founders"),
        "columns": [_text("full_name"), _text("identity", sensitive=True)],
    }
    fields = [*about["fields"], _text("identity", sensitive=True), founders]
    return small_pack(version=2, in_force={"from": "2020-01-02"}, form=[{**about, "fields": fields}])


@pytest.fixture
def world(session: Session) -> World:
    made = make_world(session)
    publish(session, guarded_pack(), actor=SYSTEM)
    return made


@pytest.fixture
def sent(client: FlaskClient, world: World) -> Application:
    application = world.draft(**ANSWERS)
    fire(world.session, application, "submit", actor=world.applicant)
    world.session.commit()
    return application


def test_protected_answers_are_left_out_for_others(applicant: Program, officer: Program, sent: Application) -> None:
    own = applicant.get(f"/applications/{sent.key}")
    theirs = officer.get(f"/applications/{sent.key}")

    assert own.json is not None
    assert theirs.json is not None
    assert (own.json["answers"]["identity"], own.json["masked"]) == (IDENTITY, [])
    assert theirs.json["answers"] == {"name": "Máy bay giao hàng", "founders": [{"full_name": "Nguyễn Văn A"}]}
    assert theirs.json["masked"] == ["founders", "identity"]
    assert IDENTITY not in theirs.text


def test_a_reveal_leaves_a_view_record(officer: Program, world: World, sent: Application) -> None:
    at = f"/applications/{sent.key}"

    revealed = officer.post(f"{at}/reveal", {"field": "identity"})
    table = officer.post(f"{at}/reveal", {"field": "founders"})

    assert revealed.json == {"field": "identity", "value": IDENTITY}
    assert table.json == {"field": "founders", "value": ANSWERS["founders"]}
    views = [e for e in audit.history(world.session, sent.stream) if e.action == "foundation:field:reveal"]
    officer_id = world.officer("intake_officer").person_id
    assert [(view.person_id, view.facts) for view in views] == [
        (officer_id, {"field": "identity"}),
        (officer_id, {"field": "founders"}),
    ]


@pytest.mark.parametrize("field", ["name", "colour"])
def test_only_what_is_protected_can_be_revealed(officer: Program, world: World, sent: Application, field: str) -> None:
    answer = officer.post(f"/applications/{sent.key}/reveal", {"field": field})

    assert answer.json is not None
    assert answer.status_code == 422
    assert [error["code"] for error in answer.json["errors"]["field"]] == ["does_not_exist"]
    assert "foundation:field:reveal" not in {e.action for e in audit.history(world.session, sent.stream)}


def test_who_reads_need_not_reveal(app: Flask, world: World, sent: Application) -> None:
    administrator = program_of(app, world.session, world.officer("administrator"))

    assert administrator.get(f"/applications/{sent.key}").status_code == 200
    assert administrator.post(f"/applications/{sent.key}/reveal", {"field": "identity"}).status_code == 403

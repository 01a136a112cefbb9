"""Answers by program: saved over the version that was read, or one by one, with their trail."""

from typing import Any

import pytest
from sqlalchemy import select

from applications.engine import fire
from foundation import audit
from tests.applications.programs import Program, found, new
from tests.applications.small_pack import World


def test_answers_are_saved_over_the_version_that_was_read(applicant: Program, world: World) -> None:
    opened = applicant.post("/applications", new(world, answers={"name": "Một", "users": 1})).json
    assert opened is not None
    path, tag = f"/applications/{opened['key']}", f'"{opened["revision"]}"'

    saved = applicant.patch(path, {"answers": {"users": 2}}, headers={"If-Match": tag})
    stale = applicant.patch(path, {"answers": {"users": 3}}, headers={"If-Match": tag})
    taken_back = applicant.patch(path, {"answers": {"users": None}}, headers={"If-Match": saved.headers["ETag"]})

    assert saved.json is not None
    assert stale.json is not None
    assert taken_back.json is not None
    assert saved.json["answers"] == {"name": "Một", "users": 2}
    assert (stale.status_code, stale.json["code"]) == (412, "changed_meanwhile")
    assert [reason["code"] for reason in stale.json["reasons"]] == ["edited_meanwhile"]
    assert taken_back.json["answers"] == {"name": "Một"}


@pytest.mark.parametrize(
    ("tag", "status"),
    [
        (None, 428),
        ("*", 200),
        ('"2", "7"', 200),
        ('W/"2"', 412),
        ('"7"', 412),
        ('""', 412),
        ("2", 200),
        ("nonsense;", 412),
    ],
)
def test_the_version_must_be_named(applicant: Program, world: World, tag: str | None, status: int) -> None:
    opened = applicant.post("/applications", new(world, answers={"name": "Một"})).json
    assert opened is not None
    assert opened["revision"] == 2

    answer = applicant.patch(
        f"/applications/{opened['key']}", {"answers": {"users": 2}}, headers={} if tag is None else {"If-Match": tag}
    )

    assert answer.status_code == status


def test_what_was_sent_can_no_longer_be_changed(applicant: Program, world: World) -> None:
    application = world.draft()
    fire(world.session, application, "submit", actor=world.applicant)
    world.session.commit()

    answer = applicant.patch(f"/applications/{application.key}", {"answers": {"users": 2}}, headers={"If-Match": "*"})

    assert answer.json is not None
    assert answer.status_code == 409
    assert [reason["code"] for reason in answer.json["reasons"]] == ["not_with_applicant"]


def test_answers_are_saved_one_by_one_whatever_happens_elsewhere(applicant: Program, world: World) -> None:
    opened = applicant.post("/applications", new(world, answers={"name": "Một", "users": 1})).json
    assert opened is not None
    path = f"/applications/{opened['key']}/answers"
    applicant.patch(path, {"answers": {"users": 2}, "revisions": {"users": opened["answer_revisions"]["users"]}})

    renamed = applicant.patch(
        path, {"answers": {"name": "Hai"}, "revisions": {"name": opened["answer_revisions"]["name"]}}
    )
    stale = applicant.patch(
        path,
        {"answers": {"users": 3, "level": "low"}, "revisions": {"users": opened["revision"], "level": 0}},
    )

    assert renamed.json is not None
    assert stale.json is not None
    assert renamed.json["answer_revisions"] == {"name": renamed.json["revision"]}
    assert stale.status_code == 409
    assert [(reason["code"], reason["facts"]["field"]) for reason in stale.json["reasons"]] == [
        ("answer_changed", "users")
    ]
    now = applicant.get(f"/applications/{opened['key']}").json
    assert now is not None
    assert now["answers"] == {"name": "Hai", "users": 2}


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        ({"answers": {"users": "x"}, "revisions": {"users": 0}}, "answers.users"),
        ({"answers": {"nothing": 1}, "revisions": {"nothing": 0}}, "answers.nothing"),
        ({"answers": {"users": 1}, "revisions": {}}, "revisions.users"),
        ({"answers": {"users": 1}, "revisions": {"users": "1"}}, "revisions.users"),
        ({"answers": {"users": 1}}, "revisions"),
    ],
)
def test_an_unsound_answer_is_refused_where_answers_are_saved_one_by_one(
    applicant: Program, world: World, sent: dict[str, Any], fault: str
) -> None:
    application = world.draft()
    world.session.commit()

    answer = applicant.patch(f"/applications/{application.key}/answers", sent)

    assert answer.json is not None
    assert (answer.status_code, list(answer.json["errors"])) == (422, [fault])


def test_a_write_leaves_one_audit_row_in_its_transaction(applicant: Program, world: World) -> None:
    opened = applicant.post("/applications", new(world, answers={"users": 0}))

    assert opened.status_code == 422
    assert found(applicant.get("/applications")) == []

    key = (applicant.post("/applications", new(world)).json or {})["key"]
    case_id = next(e.subject_id for e in audit_of(world) if e.action == "applications:case:open")
    assert [e.action for e in audit.history(world.session, f"case:{case_id}")] == ["applications:case:open"]
    assert found(applicant.get("/applications")) == [key]


def audit_of(world: World) -> list[audit.AuditEntry]:
    return list(world.session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.id.desc())))

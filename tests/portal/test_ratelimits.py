"""Limits on programs: told with every answer, held over several processes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask

from foundation.actors import SYSTEM
from foundation.calendars import ensure_calendars
from foundation.database import db
from portal.factory import create_app
from tests.accounts.factories import actor_for, make_organisation, make_person
from tests.applications.programs import Program, program_of
from tests.databases import FreshDatabase, settings_for

PUBLIC = "/calendars/vn-hanoi/due?start=2026-11-20&working_days=15"


def limited(app: Flask, *, signed_in: int, public: int) -> Flask:
    app.config["KHUEVAN"] = replace(
        app.config["KHUEVAN"], api_requests_per_minute=signed_in, api_public_requests_per_minute=public
    )
    return app


@contextmanager
def two_instances(database: FreshDatabase, folder: Path) -> Iterator[tuple[Flask, Flask]]:
    """Two applications over one database, as in two processes."""
    other = create_app(settings_for(database.url, folder))
    yield limited(database.app, signed_in=4, public=3), limited(other, signed_in=4, public=3)
    with other.app_context():
        db.engine.dispose()


def test_a_limit_holds_over_two_instances(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    with fresh_database.session() as session:
        person = make_person(session, organisation=make_organisation(session))
        token = program_of(fresh_database.app, session, actor_for(session, person)).token

    with two_instances(fresh_database, tmp_path) as (one, other):
        answers = [Program(app, token).get("/me") for app in (one, other, one, other, one, other)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["3", "2", "1", "0", "0", "0"]
    assert {answer.headers["RateLimit-Limit"] for answer in answers} == {"4"}
    refused = answers[-1]
    assert refused.json is not None
    assert refused.content_type == "application/problem+json"
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit-Reset"] == refused.headers["Retry-After"]


def test_the_public_is_counted_by_address_and_apart(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    with fresh_database.session() as session:
        ensure_calendars(session, actor=SYSTEM)
        person = make_person(session)
        token = program_of(fresh_database.app, session, actor_for(session, person)).token

    with two_instances(fresh_database, tmp_path) as (one, other):
        public = [Program(app).get(PUBLIC) for app in (one, other, one, other)]
        wrong_token = Program(one, "kv_nonsense").get("/me")
        signed_in = Program(one, token).get("/me")

    assert [answer.status_code for answer in public] == [200, 200, 200, 429]
    assert wrong_token.status_code == 429
    assert signed_in.status_code == 200


def test_pages_are_not_counted(fresh_database: FreshDatabase) -> None:
    client = limited(fresh_database.app, signed_in=1, public=1).test_client()

    answers = [client.get("/healthz") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert "RateLimit-Limit" not in answers[0].headers

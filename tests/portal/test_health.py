"""The questions of those who watch an installation."""

from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.databases import FreshDatabase, drop_database


def add_worker(session: Session, seconds_ago: int) -> None:
    session.execute(
        text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => :age))"),
        {"age": seconds_ago},
    )
    session.commit()


def test_the_process_answers_without_sign_in(client: FlaskClient) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_ready_with_database_migrations_and_a_live_worker(client: FlaskClient, session: Session) -> None:
    add_worker(session, seconds_ago=5)

    answer = client.get("/readyz")

    expected = {"status": "ok", "database": "ok", "migrations": "ok", "worker": "ok"}
    assert (answer.status_code, answer.json) == (200, expected)


def test_not_ready_while_no_worker_shows_life(client: FlaskClient, session: Session) -> None:
    add_worker(session, seconds_ago=600)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.get_json()["worker"]) == (503, "silent")


def test_not_ready_without_database(server_url: str, fresh_database: FreshDatabase) -> None:
    client = fresh_database.app.test_client()
    drop_database(server_url, str(fresh_database.engine.url.database))

    answer = client.get("/readyz")

    assert (answer.status_code, answer.get_json()["database"]) == (503, "unreachable")
    assert client.get("/healthz").status_code == 200


def test_not_ready_while_migrations_are_behind(client: FlaskClient, session: Session) -> None:
    add_worker(session, seconds_ago=5)
    session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    session.commit()

    answer = client.get("/readyz")

    assert (answer.status_code, answer.get_json()["migrations"]) == (503, "behind")

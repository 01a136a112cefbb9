"""The command line opens the first accounts, and says clearly what it refuses."""

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from accounts import passwords
from accounts.models import Person
from accounts.queries import actor_of_session, actor_of_token
from foundation.actors import PUBLIC
from tests.accounts.factories import actor_for, make_person, make_unit, open_session
from tests.foundation.speaking import able_to_word

PASSWORD = "con trâu đi trước"


@pytest.fixture
def lan(session: Session) -> Person:
    person = make_person(session, email="lan@vi-du.example", full_name="Nguyễn Lan")
    session.commit()
    return person


def _run(app: Flask, connection: Connection, *arguments: str) -> Result:
    return able_to_word(app).test_cli_runner().invoke(args=arguments)


def test_create_opens_an_account(app: Flask, connection: Connection, session: Session) -> None:
    result = _run(app, connection, "users", "create", "lan@vi-du.example", "Nguyễn Lan", "--password", PASSWORD)

    person = session.scalars(select(Person)).one()
    assert (result.exit_code, result.output) == (0, "created lan@vi-du.example\n")
    assert (person.email, person.full_name, person.language) == ("lan@vi-du.example", "Nguyễn Lan", "vi")
    assert passwords.matches(person.password_hash, PASSWORD)


def test_create_says_what_is_wrong(app: Flask, connection: Connection, session: Session, lan: Person) -> None:
    result = _run(app, connection, "users", "create", "LAN@vi-du.example", "Lan", "--password", PASSWORD)

    assert result.exit_code == 1
    assert result.output == "Error: email: Another account uses this e-mail address.\n"


def test_grant_gives_a_role_with_its_scope(app: Flask, connection: Connection, session: Session, lan: Person) -> None:
    unit, other = make_unit(session), make_unit(session)
    session.commit()

    result = _run(
        app, connection, "users", "grant", lan.email, "case_officer", "--unit", unit.code, "--reason", "Quyết định 7"
    )

    actor = actor_for(session, lan)
    assert result.exit_code == 0
    assert actor.has_role("case_officer", unit_id=unit.id)
    assert not actor.has_role("case_officer", unit_id=other.id)


def test_list_tells_who_holds_a_role(app: Flask, connection: Connection, session: Session, lan: Person) -> None:
    make_person(session, email="hoa@vi-du.example", full_name="Lê Hoa", grants=["auditor"])
    session.commit()

    everybody = _run(app, connection, "users", "list")
    auditors = _run(app, connection, "users", "list", "--role", "auditor")

    assert everybody.output == "hoa@vi-du.example\tLê Hoa\tactive\nlan@vi-du.example\tNguyễn Lan\tactive\n"
    assert auditors.output == "hoa@vi-du.example\tLê Hoa\tactive\n"


def test_disable_ends_sessions(app: Flask, connection: Connection, session: Session, lan: Person) -> None:
    cookie = open_session(session, lan)
    session.commit()

    result = _run(app, connection, "users", "disable", "lan@vi-du.example")

    assert result.exit_code == 0
    assert actor_of_session(session, cookie) == PUBLIC


def test_set_password_replaces_it(app: Flask, connection: Connection, session: Session, lan: Person) -> None:
    result = _run(app, connection, "users", "set-password", lan.email, "--password", PASSWORD)

    session.expire_all()
    assert result.exit_code == 0
    assert passwords.matches(session.get_one(Person, lan.id).password_hash, PASSWORD)


def test_a_token_is_printed_and_works(app: Flask, connection: Connection, session: Session, lan: Person) -> None:
    result = _run(app, connection, "tokens", "create", lan.email, "--scopes", "read,write", "--days", "3")

    actor = actor_of_token(session, result.output.strip())
    assert (actor.person_id, actor.token_scopes) == (lan.id, frozenset({"read", "write"}))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["tokens", "create", "lan@vi-du.example", "--scopes", "root"], "unknown scope 'root'"),
        (["tokens", "create", "minh@vi-du.example"], "nobody has the address minh@vi-du.example"),
        (["users", "disable", "minh@vi-du.example"], "nobody has the address minh@vi-du.example"),
        (["users", "grant", "lan@vi-du.example", "emperor", "--reason", "x"], "Choose a role from the list."),
    ],
)
def test_what_cannot_be_done_is_said(
    app: Flask, connection: Connection, session: Session, lan: Person, arguments: list[str], said: str
) -> None:
    result = _run(app, connection, *arguments)

    assert result.exit_code != 0
    assert said in result.output

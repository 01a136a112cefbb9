"""Fixtures of the tests of accounts."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from accounts import passwords
from accounts.models import Person
from tests.accounts.factories import make_organisation, make_person
from tests.accounts.pages import PASSWORD
from tests.foundation.speaking import able_to_word


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """The application around operations that word a mail."""
    able_to_word(app)
    with app.app_context():
        yield


@pytest.fixture
def lan(session: Session) -> Person:
    """Owns "Công ty Sao Khuê" and signs in by ``PASSWORD``."""
    person = make_person(
        session,
        email="lan@vi-du.example",
        full_name="Nguyễn Lan",
        password_hash=passwords.hash_of(PASSWORD),
        organisation=make_organisation(session, name="Công ty Sao Khuê"),
    )
    session.commit()
    return person


@pytest.fixture
def administrator(session: Session) -> Person:
    """Administers accounts."""
    person = make_person(session, full_name="Quản Trị", grants=["administrator"])
    session.commit()
    return person

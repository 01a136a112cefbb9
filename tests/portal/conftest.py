"""The people who look at the shell: one for each kind of reader, with a dossier under way."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from accounts.models import Person
from tests.accounts.factories import make_person
from tests.applications.small_pack import World, make_world
from tests.applications.visits import accepted, asked_reviewer
from tests.portal.readers import Readers


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session)


@pytest.fixture
def readers(app: Flask, client: FlaskClient, world: World) -> Readers:
    """Everybody of :data:`READERS`; the reviewer has been asked, the officers have a dossier."""
    application = accepted(world)
    reviewer, _ = asked_reviewer(world, application)
    return Readers(app, world, dict(world.people) | {"reviewer": reviewer})


@pytest.fixture
def lan(session: Session) -> Person:
    """Somebody who may sign in and nothing more."""
    person = make_person(session, full_name="Nguyễn Lan")
    session.commit()
    return person

"""The small world in which the engine is tested."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from applications.models import Application
from tests.accounts.factories import actor_for, make_organisation, make_person, sign_in
from tests.applications.programs import Program, program_of
from tests.applications.small_pack import World, make_world
from tests.applications.wide_pack import make_wide_world, wide_draft


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session)


@pytest.fixture
def applicant(app: Flask, client: FlaskClient, world: World) -> Program:
    """A program of whoever applies."""
    return program_of(app, world.session, world.applicant)


@pytest.fixture
def officer(app: Flask, client: FlaskClient, world: World) -> Program:
    """A program of the intake officer."""
    return program_of(app, world.session, world.officer("intake_officer"))


@pytest.fixture
def stranger(app: Flask, client: FlaskClient, world: World) -> Program:
    """A program of somebody who acts for another organisation."""
    person = make_person(world.session, organisation=make_organisation(world.session))
    return program_of(app, world.session, actor_for(world.session, person))


@pytest.fixture
def wide(session: Session) -> World:
    """The small world with a procedure that asks questions of every type."""
    return make_wide_world(session)


@pytest.fixture
def writer(client: FlaskClient, session: Session, wide: World) -> FlaskClient:
    """The browser of whoever writes a dossier of that procedure."""
    sign_in(client, session, wide.people["applicant"])
    return client


@pytest.fixture
def draft(writer: FlaskClient, wide: World) -> Application:
    """A draft of the applicant, who is signed in."""
    return wide_draft(wide, name="Tên")

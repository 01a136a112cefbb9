"""The small world in which the engine is tested."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.accounts.factories import actor_for, make_organisation, make_person
from tests.applications.programs import Program, program_of
from tests.applications.small_pack import World, make_world


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

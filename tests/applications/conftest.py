"""The small world in which the engine is tested."""

import pytest
from sqlalchemy.orm import Session

from tests.applications.small_pack import World, make_world


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session)

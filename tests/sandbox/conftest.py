"""The play in which the controlled test is tested."""

import pytest
from sqlalchemy.orm import Session

from tests.sandbox.play import Play, make_play


@pytest.fixture
def play(session: Session) -> Play:
    return make_play(session)

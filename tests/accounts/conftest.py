"""Fixtures of the tests of accounts."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.foundation.speaking import able_to_word


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """The application around operations that word a mail."""
    able_to_word(app)
    with app.app_context():
        yield

"""Applications that can word texts, for tests below the pages."""

from flask import Flask
from flask_babel import Babel


def able_to_word(app: Flask) -> Flask:
    """The application, with translations switched on."""
    if "babel" not in app.extensions:
        Babel(app)
    return app

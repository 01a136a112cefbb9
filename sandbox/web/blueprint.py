"""The blueprint of this package's pages."""

from flask import Blueprint

blueprint = Blueprint("sandbox", __name__)

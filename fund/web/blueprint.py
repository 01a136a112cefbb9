"""The blueprint of this package's pages."""

from flask import Blueprint

blueprint = Blueprint("fund", __name__)

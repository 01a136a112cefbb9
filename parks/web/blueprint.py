"""The blueprint of this package's pages."""

from flask import Blueprint

blueprint = Blueprint("parks", __name__)

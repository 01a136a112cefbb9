"""The blueprint of this package's pages, and what their templates can use."""

from flask import Blueprint

from applications.forms.display import shown_answer

blueprint = Blueprint("applications", __name__)

blueprint.add_app_template_global(shown_answer, "shown_answer")

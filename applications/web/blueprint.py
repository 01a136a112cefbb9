"""The blueprint of this package's pages, and what their templates can use."""

from flask import Blueprint

from applications.forms.display import shown_answer
from applications.forms.files import accepted_endings
from applications.pageimages import has_pictures
from foundation.access import current_actor

blueprint = Blueprint("applications", __name__)

blueprint.add_app_template_global(shown_answer, "shown_answer")
blueprint.add_app_template_filter(shown_answer, "shown_answer")
blueprint.add_app_template_global(accepted_endings, "accepted_endings")
blueprint.add_app_template_global(current_actor, "current_actor")
blueprint.add_app_template_global(has_pictures, "has_pictures")

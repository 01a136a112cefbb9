"""What was asked to be corrected in a dossier, each part before and after."""

from flask import render_template

from applications.queries.corrections import corrections_view
from applications.web.blueprint import blueprint
from applications.web.wording import language
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db


@blueprint.get("/dossiers/<key>/corrections")
@access(SIGNED_IN)
def corrections(key: str) -> str:
    """Each round of correction: why each part was marked, how it stood and how it stands."""
    view = corrections_view(db.session(), key, actor=current_actor())
    return render_template("applications/corrections.html", view=view, case=view.case, language=language())

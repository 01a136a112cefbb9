"""The list of dossiers that stand still."""

from flask import render_template, request

from applications.queries.stuck import stuck_lines
from applications.stuck import REASONS
from applications.web.blueprint import blueprint
from applications.web.queue import STAFF_WITH_CASES
from foundation.access import access, current_actor
from foundation.database import db


@blueprint.get("/stuck")
@access(STAFF_WITH_CASES)
def stuck() -> str:
    """The dossiers within the reader's roles that stand still, the longest first."""
    page = stuck_lines(db.session(), actor=current_actor(), cursor=request.args.get("after"))
    return render_template("applications/stuck.html", page=page, reasons=REASONS)

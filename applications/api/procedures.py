"""Endpoints of procedures: what the city receives applications for, and what it asks."""

from typing import Any

from applications.packs.describing import described, summary_of
from applications.queries.procedures import open_procedure, open_procedures
from applications.schemas.procedures import ProcedurePage, ProcedureShape
from foundation.access import EVERYONE, access
from foundation.api import ApiBlueprint
from foundation.database import db, now
from foundation.workdays import local_date

blueprint = ApiBlueprint(
    "api_procedures",
    __name__,
    tag="Procedures",
    description="The procedures in force: questions, documents, criteria, workflow and deadlines, with their sources.",
)


@blueprint.get("/procedures")
@access(EVERYONE)
@blueprint.response(200, ProcedurePage)
def list_procedures() -> dict[str, Any]:
    """List the procedures that accept applications today"""
    found = open_procedures(db.session(), local_date(now()))
    return {"items": [summary_of(procedure.pack) for procedure in found], "next_cursor": None}


@blueprint.get("/procedures/<string:code>")
@access(EVERYONE)
@blueprint.response(200, ProcedureShape)
def read_procedure(code: str) -> dict[str, Any]:
    """Read the pack of a procedure in force today"""
    return described(open_procedure(db.session(), code, local_date(now())).pack)

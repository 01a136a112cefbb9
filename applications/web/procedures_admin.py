"""Procedures as their packs say: versions, states, who may make which step, deadlines, documents, rubric."""

from flask import render_template

from applications.packs.catalogue import pack_of_version
from applications.packs.chart import chart
from applications.packs.model import Pack
from applications.queries.procedures import published_procedures, versions_of
from applications.web.blueprint import blueprint
from applications.web.wording import CERTAINTY_TITLES, basis_words, language, verb_words, who_words
from foundation.access import STAFF, access
from foundation.database import db, now
from foundation.errors import NotFound
from foundation.workdays import local_date


@blueprint.get("/admin/procedures")
@access(STAFF)
def procedures_admin() -> str:
    """Every procedure with all its published versions."""
    session = db.session()
    return render_template(
        "applications/admin/procedures.html",
        procedures=[(known, versions_of(session, known.code)) for known in published_procedures(session)],
        today=local_date(now()),
    )


@blueprint.get("/admin/procedures/<code>/<int:version>")
@access(STAFF)
def procedure_admin(code: str, version: int) -> str:
    """One published version, whole."""
    versions = versions_of(db.session(), code)
    row = next((row for row in versions if row.version == version), None)
    if row is None:
        raise NotFound
    pack = pack_of_version(db.session(), row.id)
    return render_template(
        "applications/admin/procedure.html",
        row=row,
        versions=versions,
        pack=pack,
        chart=chart(pack, language()),
        who=_columns(pack),
        today=local_date(now()),
        who_words=who_words,
        basis_words=basis_words,
        verb_words=verb_words,
        certainties=CERTAINTY_TITLES,
    )


def _columns(pack: Pack) -> list[str]:
    """Everybody who may make some step, in the order in which the pack names them."""
    return list(dict.fromkeys(name for step in pack.steps for name in step.who.admitted()))

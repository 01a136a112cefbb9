"""The public pages on procedures, generated from their packs, and the button that opens a draft."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from applications.drafting import is_declaration
from applications.operations.drafts import create_draft, save_answers
from applications.packs.catalogue import pack_of_version
from applications.queries.desk import drafts_of, own_organisations
from applications.queries.procedures import open_procedure, open_procedures, unit_in_charge
from applications.visibility import REGISTERING_ROLES
from applications.web.blueprint import blueprint
from applications.web.conditions import condition_words
from applications.web.precheck import answers_to_begin_with
from applications.web.wording import language, maker_words
from foundation.access import EVERYONE, SIGNED_IN, access, current_actor
from foundation.database import db, now, transaction
from foundation.errors import Invalid
from foundation.workdays import local_date


@blueprint.get("/procedures")
@access(EVERYONE)
def procedures() -> str:
    """What the city can be asked for."""
    found = open_procedures(db.session(), local_date(now()))
    return render_template("applications/procedures.html", procedures=found)


@blueprint.get("/procedures/<code>")
@access(EVERYONE)
def procedure(code: str) -> str:
    """What a procedure is, whom it is for, what it needs, how long it takes, and where to begin."""
    session, actor = db.session(), current_actor()
    found = open_procedure(session, code, local_date(now()))
    return render_template(
        "applications/procedure.html",
        procedure=found,
        pack=found.pack,
        unit=unit_in_charge(session, found.pack),
        language=language(),
        sections=[section for section in found.pack.sections if not is_declaration(section)],
        main_clock=next((clock for clock in found.pack.clocks if clock.is_main), None),
        organisations=own_organisations(session, actor),
        drafts=drafts_of(session, code, actor=actor),
        is_registrar=actor.holds(*REGISTERING_ROLES),
        maker_words=maker_words,
        condition_words=lambda condition: condition_words(condition, found.pack, language()),
    )


@blueprint.post("/procedures/<code>/start")
@access(SIGNED_IN)
def start(code: str) -> Response:
    """Open a draft for one's organisation, with what was answered in the check before, and go on to it."""
    organisation = request.form.get("organisation", type=int)
    if organisation is None:
        raise Invalid({"organisation": ["required"]})
    actor = current_actor()
    with transaction(db.session()) as session:
        draft = create_draft(session, code, actor=actor, organisation_id=organisation)
        pack = pack_of_version(session, draft.version_id)
        if answers := answers_to_begin_with(pack, request.form.get("precheck", "")):
            save_answers(session, draft, answers, actor=actor)
    return redirect(url_for("applications.draft", key=draft.key), 303)

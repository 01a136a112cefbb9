"""The applicant's desk, and the counter where an officer registers a dossier for an applicant."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from accounts.forms.organisations import OrganisationForm
from accounts.operations.organisations import enter_organisation
from accounts.queries.organisations import all_wards
from accounts.web.answers import page, shown_on
from applications.forms.registration import RegistrationForm
from applications.operations.drafts import create_draft
from applications.queries.desk import desk_view
from applications.queries.procedures import open_procedures
from applications.queries.registration import organisations_matching, registered_drafts
from applications.visibility import REGISTERING_ROLES
from applications.web.blueprint import blueprint
from applications.web.wording import language
from foundation.access import SIGNED_IN, access, current_actor, roles
from foundation.database import db, now, transaction
from foundation.errors import Invalid
from foundation.reasons import sentence_of
from foundation.workdays import local_date

Answer = str | Response | tuple[str, int]


@blueprint.get("/desk")
@access(SIGNED_IN)
def desk() -> str:
    """The dossiers of one's organisations: what one owes first, then the others."""
    view = desk_view(
        db.session(),
        actor=current_actor(),
        owed_after=request.args.get("owed_after"),
        after=request.args.get("after"),
    )
    is_empty = not (view.owed.rows or view.others.rows or request.args)
    return render_template("applications/desk.html", view=view, is_empty=is_empty, language=language(), at=now())


@blueprint.get("/register")
@access(roles(*REGISTERING_ROLES))
def register() -> str:
    """Where an officer looks for the applicant and says how the dossier came in."""
    return _register_page(RegistrationForm(request.args))


@blueprint.post("/register")
@access(roles(*REGISTERING_ROLES))
def open_registered() -> Answer:
    """Open a draft for the chosen organisation, and go on to it."""
    form = RegistrationForm(request.form)
    try:
        facts = form.facts()
        with transaction(db.session()) as session:
            draft = create_draft(session, actor=current_actor(), **facts)
    except Invalid as refusal:
        for path, reasons in refusal.fields.items():
            form[path].errors = [sentence_of(reason) for reason in reasons]
        return _register_page(form), 422
    return redirect(url_for("applications.draft", key=draft.key), 303)


def _register_page(form: RegistrationForm) -> str:
    session = db.session()
    query = request.values.get("q", "").replace("\x00", "")
    found: Any = organisations_matching(session, query, actor=current_actor()) if query.strip() else None
    return render_template(
        "applications/register.html",
        form=form,
        query=query,
        organisations=found,
        drafts=registered_drafts(session, actor=current_actor()),
        procedures=open_procedures(session, local_date(now())),
        language=language(),
    )


@blueprint.route("/register/organisation", methods=["GET", "POST"])
@access(roles(*REGISTERING_ROLES))
def register_organisation() -> Answer:
    """Where an officer enters an applicant that no account exists for, and goes on to register its dossier."""
    form = OrganisationForm()
    form.offer_wards(all_wards(db.session()), language())
    if form.validate_on_submit():
        with shown_on(form) as session:
            made = enter_organisation(session, current_actor(), form.facts())
            return redirect(url_for("applications.register", q=made.tax_code or made.name_vi), 303)
    return page("accounts/organisation_form.html", form, organisation=None)

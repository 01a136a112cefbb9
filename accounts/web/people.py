"""Administration of people: finding, inviting, granting and revoking roles, disabling."""

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.forms.administration import GrantForm, StaffInvitationForm
from accounts.models import Person
from accounts.operations import grants, invitations, people
from accounts.queries.people import grants_of, memberships_of, people_page, person_for_administration
from accounts.queries.units import unit_tree
from accounts.roles import ADMINISTRATOR
from accounts.web.answers import Answer, go, page, shown_on
from accounts.web.blueprint import blueprint
from accounts.web.entrance import language
from foundation.access import access, current_actor, roles
from foundation.database import db, now, transaction
from foundation.register import ROLES, SCOPES
from foundation.workdays import local_date

ADMINISTRATORS = roles(ADMINISTRATOR)


@blueprint.get("/admin/people")
@access(ADMINISTRATORS)
def admin_people() -> str:
    """People by name, found by words of their name or address."""
    search = request.args.get("q", "")
    found = people_page(db.session(), current_actor(), search=search, after=request.args.get("after"))
    return render_template("accounts/admin/people.html", page=found, search=search, roles=ROLES)


@blueprint.route("/admin/people/invite", methods=["GET", "POST"])
@access(ADMINISTRATORS)
def admin_invite_person() -> Answer:
    """Where somebody is invited who will work for the city."""
    form = StaffInvitationForm()
    if form.validate_on_submit():
        with shown_on(form) as session:
            invitations.invite_person(
                session,
                current_actor(),
                email=form.email.data,
                full_name=form.full_name.data,
                language=form.language.data,
            )
            return go("accounts.admin_people", _("The invitation is on its way."))
    return page("accounts/admin/invite_person.html", form)


@blueprint.route("/admin/people/<int:person_id>", methods=["GET", "POST"])
@access(ADMINISTRATORS)
def admin_person(person_id: int) -> Answer:
    """A person with their roles; a POST grants one more."""
    actor = current_actor()
    person = person_for_administration(db.session(), actor, person_id)
    form = GrantForm(starts_on=local_date(now()))
    form.offer(db.session(), unit_tree(db.session()), language())
    if form.validate_on_submit():
        with shown_on(form) as session:
            grants.grant_role(session, actor, person_id=person_id, terms=form.terms())
            return go("accounts.admin_person", _("The role is granted."), person_id=person_id)
    return page("accounts/admin/person.html", form, **_shown(person))


def _shown(person: Person) -> dict[str, object]:
    session = db.session()
    return {
        "person": person,
        "grants": grants_of(session, person.id),
        "memberships": memberships_of(session, person.id),
        "roles": ROLES,
        "scopes": {code: dict(scope.choices(session, language())) for code, scope in SCOPES.items()},
        "today": local_date(now()),
        "is_oneself": person.id == current_actor().person_id,
    }


@blueprint.post("/admin/people/<int:person_id>/grants/<int:grant_id>/revoke")
@access(ADMINISTRATORS)
def admin_revoke_role(person_id: int, grant_id: int) -> Response:
    """End a grant at once."""
    with transaction(db.session()) as session:
        grants.revoke_role(session, current_actor(), grant_id, person_id=person_id)
    return go("accounts.admin_person", _("The role is revoked."), person_id=person_id)


@blueprint.post("/admin/people/<int:person_id>/disable")
@access(ADMINISTRATORS)
def admin_disable_person(person_id: int) -> Response:
    """Close an account."""
    with transaction(db.session()) as session:
        people.disable_person(session, current_actor(), person_id)
    return go("accounts.admin_person", _("The account is disabled."), person_id=person_id)


@blueprint.post("/admin/people/<int:person_id>/enable")
@access(ADMINISTRATORS)
def admin_enable_person(person_id: int) -> Response:
    """Open a disabled account again."""
    with transaction(db.session()) as session:
        people.enable_person(session, current_actor(), person_id)
    return go("accounts.admin_person", _("The account is enabled."), person_id=person_id)

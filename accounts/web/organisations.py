"""The organisation's own pages: details, members, invitations."""

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from accounts import attempts
from accounts.forms.organisations import MemberForm, MemberInvitationForm, OrganisationForm
from accounts.identifiers import show_tax_code
from accounts.models import Organisation
from accounts.operations import invitations, members, organisations
from accounts.queries.organisations import (
    all_wards,
    company_with_code,
    is_owner,
    knows_from_within,
    members_of,
    open_invitations_of,
    organisation_with_code,
    own_organisations,
)
from accounts.web.answers import Answer, go, page, shown_on
from accounts.web.blueprint import blueprint
from accounts.web.entrance import language
from accounts.web.identity import visit
from accounts.wording import LEGAL_FORM_TITLES, MEMBERSHIP_TITLES
from foundation.access import SIGNED_IN, access, current_actor
from foundation.companypanels import CompanyPanel
from foundation.database import db, transaction
from foundation.errors import NotFound
from foundation.facts import day_in_words
from foundation.register import DOMAINS


@blueprint.get("/organisation")
@access(SIGNED_IN)
def own_organisations_page() -> Answer:
    """The organisations that the person acts for; straight to the only one."""
    found = own_organisations(db.session(), current_actor())
    if len(found) == 1:
        return go("accounts.organisation", code=found[0].code)
    return render_template("accounts/organisations.html", organisations=found)


@blueprint.route("/organisation/new", methods=["GET", "POST"])
@access(SIGNED_IN)
def new_organisation() -> Answer:
    """Where a person registers an organisation that they will own."""
    form = OrganisationForm()
    form.offer_wards(all_wards(db.session()), language())
    if form.validate_on_submit():
        with shown_on(form) as session:
            made = organisations.register_organisation(session, current_actor(), form.facts())
            return go("accounts.organisation", _("The organisation is registered."), code=made.code)
    return page("accounts/organisation_form.html", form, organisation=None)


@blueprint.get("/organisation/<code>")
@access(SIGNED_IN)
def organisation(code: str) -> str:
    """A company: what it has to do with each part of the city, and for its own people members and invitations.

    Whoever works on a dossier, the money or a place of the company may read it; nobody else knows that it exists.
    """
    session, actor = db.session(), current_actor()
    found = company_with_code(session, code)
    is_known = knows_from_within(actor, found)
    panels = _panels(session, found.id)
    if not is_known and all(panel.is_public for panel in panels):
        raise NotFound
    return render_template(
        "accounts/organisation.html",
        organisation=found,
        facts=[*_told(found), *(_reached(found) if is_known else ())],
        panels=panels,
        is_known=is_known,
        members=members_of(session, found.id) if is_known else (),
        invitations=open_invitations_of(session, found.id) if is_known else (),
        is_owner=is_owner(session, actor, found.id),
        may_edit=actor.acts_for(found.id),
        own_id=actor.person_id,
        legal_forms=LEGAL_FORM_TITLES,
        titles=MEMBERSHIP_TITLES,
    )


def _panels(session: Session, organisation_id: int) -> list[CompanyPanel]:
    """What each part of the product has to tell the reader of one company, in the order of their registration."""
    makers = [make for part in DOMAINS.values() for make in part.company_panels]
    made = (make(session, organisation_id, current_actor()) for make in makers)
    return [panel for panel in made if panel is not None]


def _told(organisation: Organisation) -> list[tuple[str, str | None]]:
    """What the organisation tells of itself, with its labels; what is missing is None or empty."""
    ward, founded_on = organisation.ward, organisation.founded_on
    return [
        (_("Name in Vietnamese"), organisation.name_vi if language() != "vi" else None),
        (_("Name in English"), organisation.name_en if language() == "vi" else None),
        (_("Tax code"), show_tax_code(organisation.tax_code)),
        (_("Founded on"), day_in_words(founded_on, language()) if founded_on else None),
        (_("Address"), organisation.address),
        (_("Ward or commune"), ward.title(language()) if ward else None),
        (_("Website"), organisation.website),
    ]


def _reached(organisation: Organisation) -> list[tuple[str, str | None]]:
    """How to reach it, which its own people know."""
    return [(_("E-mail address"), organisation.email), (_("Telephone"), organisation.phone)]


@blueprint.route("/organisation/<code>/edit", methods=["GET", "POST"])
@access(SIGNED_IN)
def edit_organisation(code: str) -> Answer:
    """Where an organisation changes what it tells of itself."""
    found = organisation_with_code(db.session(), current_actor(), code)
    organisations.organisation_for_change(db.session(), current_actor(), found.id)
    form = OrganisationForm(obj=found)
    form.offer_wards(all_wards(db.session()), language())
    if form.validate_on_submit():
        with shown_on(form) as session:
            organisations.update_organisation(session, current_actor(), found.id, form.facts())
            return go("accounts.organisation", _("The details are saved."), code=code)
    return page("accounts/organisation_form.html", form, organisation=found)


@blueprint.route("/organisation/<code>/invite", methods=["GET", "POST"])
@access(SIGNED_IN)
def invite_member(code: str) -> Answer:
    """Where an owner invites somebody to act for the organisation."""
    actor = current_actor()
    found = organisation_with_code(db.session(), actor, code)
    members.refuse_unless_owner(db.session(), actor, found.id)
    form = MemberInvitationForm()
    if form.validate_on_submit():
        attempts.count_mail(db.session(), email=form.email.data, ip=visit().ip)
        with shown_on(form) as session:
            invitations.invite_member(session, actor, found.id, email=form.email.data, role=form.role.data)
            return go("accounts.organisation", _("The invitation is on its way."), code=code)
    return page("accounts/invite_member.html", form, organisation=found, titles=MEMBERSHIP_TITLES)


@blueprint.post("/organisation/<code>/invitations/<int:invitation_id>/withdraw")
@access(SIGNED_IN)
def withdraw_invitation(code: str, invitation_id: int) -> Response:
    """Make an open invitation worthless."""
    with transaction(db.session()) as session:
        found = organisation_with_code(session, current_actor(), code)
        invitations.withdraw_invitation(session, current_actor(), found.id, invitation_id=invitation_id)
    return go("accounts.organisation", _("The invitation is withdrawn."), code=code)


@blueprint.post("/organisation/<code>/members/<int:person_id>")
@access(SIGNED_IN)
def change_member(code: str, person_id: int) -> Response:
    """Give a member another role."""
    role = MemberForm().role.data
    with transaction(db.session()) as session:
        found = organisation_with_code(session, current_actor(), code)
        members.change_member(session, current_actor(), found.id, person_id=person_id, role=role)
    return go("accounts.organisation", _("The member’s role is changed."), code=code)


@blueprint.post("/organisation/<code>/members/<int:person_id>/remove")
@access(SIGNED_IN)
def remove_member(code: str, person_id: int) -> Response:
    """End a membership."""
    with transaction(db.session()) as session:
        found = organisation_with_code(session, current_actor(), code)
        members.remove_member(session, current_actor(), found.id, person_id=person_id)
    if person_id == current_actor().person_id:
        return go("portal.home", _("You have left the organisation."))
    return go("accounts.organisation", _("The member is removed."), code=code)

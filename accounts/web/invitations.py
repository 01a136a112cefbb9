"""Where a mailed invitation leads."""

from flask_babel import gettext as _

from accounts.forms.entrance import ConfirmForm, InvitedForm
from accounts.operations.invitations import accept_invitation
from accounts.operations.people import Profile
from accounts.queries.invitations import ShownInvitation, invitation_shown
from accounts.web.answers import Answer, go, page, shown_on
from accounts.web.blueprint import blueprint
from foundation.access import EVERYONE, access, current_actor
from foundation.database import db


@blueprint.route("/invitation/<secret>", methods=["GET", "POST"])
@access(EVERYONE)
def invitation(secret: str) -> Answer:
    """Join with a new account, or with the account that has the invited address."""
    shown = invitation_shown(db.session(), secret)
    if shown is None:
        return page("accounts/link_expired.html", ConfirmForm())
    return _join_newly(secret, shown) if shown.holder_id is None else _join(secret, shown)


def _join_newly(secret: str, shown: ShownInvitation) -> Answer:
    form = InvitedForm(full_name=shown.invitation.full_name, language=shown.invitation.language)
    if form.validate_on_submit():
        profile = Profile(form.full_name.data, form.language.data)
        with shown_on(form) as session:
            accept_invitation(session, secret, actor=current_actor(), profile=profile, password=form.password.data)
            return go("accounts.sign_in", _("Your account is open. Sign in with your password."))
    return page("accounts/invitation.html", form, shown=shown, is_holder=False)


def _join(secret: str, shown: ShownInvitation) -> Answer:
    form = ConfirmForm()
    actor = current_actor()
    if form.validate_on_submit():
        with shown_on(form) as session:
            accept_invitation(session, secret, actor=actor)
            return go("portal.home", _("You have joined."))
    is_holder = actor.person_id == shown.holder_id
    return page("accounts/invitation.html", form, shown=shown, is_holder=is_holder)

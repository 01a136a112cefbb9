"""One's own account: profile, address, password, sessions and tokens."""

from flask import render_template
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts import attempts
from accounts.browsers import browser_name
from accounts.forms.account import EmailForm, PasswordForm, ProfileForm, TokenForm
from accounts.operations import people, resets, sessions, tokens
from accounts.queries.people import sessions_of, tokens_of
from accounts.web.answers import Answer, go, page, shown_on
from accounts.web.blueprint import blueprint
from accounts.web.identity import visit
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db, transaction
from foundation.wording import LANGUAGE_COOKIE

blueprint.add_app_template_filter(browser_name)


@blueprint.route("/account", methods=["GET", "POST"])
@access(SIGNED_IN)
def account() -> Answer:
    """What a person tells of themself."""
    person = people.own_account(db.session(), current_actor())
    form = ProfileForm(obj=person)
    if form.validate_on_submit():
        with shown_on(form) as session:
            person = people.update_profile(session, current_actor(), form.profile())
            with force_locale(person.language):
                answer = go("accounts.account", _("Your profile is saved."))
            answer.delete_cookie(LANGUAGE_COOKIE)  # what the profile says now was chosen last
            return answer
    return page("accounts/account.html", form, person=person)


@blueprint.route("/account/email", methods=["GET", "POST"])
@access(SIGNED_IN)
def change_email() -> Answer:
    """Where a person gives a new address; it counts once the mailed link is confirmed."""
    form = EmailForm()
    if form.validate_on_submit():
        attempts.count_mail(db.session(), email=form.email.data, ip=visit().ip)
        with shown_on(form) as session:
            resets.request_email_change(session, current_actor(), form.email.data)
            return go("accounts.account", _("Open the link that we mailed to your new address."))
    return page("accounts/email.html", form)


@blueprint.route("/account/password", methods=["GET", "POST"])
@access(SIGNED_IN)
def change_password() -> Answer:
    """Where a person changes their password; other sessions end."""
    form = PasswordForm()
    actor = current_actor()
    if form.validate_on_submit():
        attempts.count_sign_in(db.session(), email=actor.email, ip=visit().ip)
        with shown_on(form) as session:
            people.change_password(session, actor, present=form.present.data, password=form.password.data)
            return go("accounts.account", _("Your password is changed. Your other sessions have ended."))
    return page("accounts/password.html", form, email=actor.email)


@blueprint.get("/account/sessions")
@access(SIGNED_IN)
def own_sessions() -> str:
    """The browsers in which the person is signed in."""
    actor = current_actor()
    return render_template(
        "accounts/sessions.html", sessions=sessions_of(db.session(), actor), present=actor.session_id
    )


@blueprint.post("/account/sessions/<int:session_id>/revoke")
@access(SIGNED_IN)
def revoke_session(session_id: int) -> Response:
    """End one session."""
    with transaction(db.session()) as session:
        sessions.revoke_session(session, current_actor(), session_id)
    return go("accounts.own_sessions", _("The session has ended."))


@blueprint.post("/account/sessions/revoke-others")
@access(SIGNED_IN)
def revoke_other_sessions() -> Response:
    """End all sessions but the present one."""
    with transaction(db.session()) as session:
        ended = sessions.revoke_other_sessions(session, current_actor())
    said = ngettext("%(num)d session has ended.", "%(num)d sessions have ended.", ended)
    return go("accounts.own_sessions", said)


@blueprint.route("/account/tokens", methods=["GET", "POST"])
@access(SIGNED_IN)
def own_tokens() -> Answer:
    """The person's access tokens; a new one is shown in the answer to its creation and never again."""
    form = TokenForm()
    actor = current_actor()
    if form.validate_on_submit():
        with shown_on(form) as session:
            row, secret = tokens.create_token(
                session, actor, name=form.name.data, scopes=form.scopes(), days=form.days.data
            )
            return render_template("accounts/token_created.html", token=row, secret=secret)
    return page("accounts/tokens.html", form, tokens=tokens_of(db.session(), actor))


@blueprint.post("/account/tokens/<int:token_id>/revoke")
@access(SIGNED_IN)
def revoke_token(token_id: int) -> Response:
    """Make a token worthless."""
    with transaction(db.session()) as session:
        tokens.revoke_token(session, current_actor(), token_id)
    return go("accounts.own_tokens", _("The token is revoked."))

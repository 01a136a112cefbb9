"""The entrance: signing in, up and out, and what mailed links lead to."""

from flask import redirect, request
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from accounts import attempts
from accounts.forms.entrance import ConfirmForm, ForgottenForm, NewPasswordForm, SignInForm, SignUpForm
from accounts.operations import links, resets, sessions, sign_up
from accounts.operations.people import Profile
from accounts.web.answers import Answer, go, page, shown_on
from accounts.web.blueprint import blueprint
from accounts.web.identity import give_cookie, take_cookie, visit
from foundation.access import EVERYONE, access, current_actor
from foundation.database import db, transaction
from foundation.returning import page_to_return_to


@blueprint.route("/sign-in", methods=["GET", "POST"])
@access(EVERYONE)
def sign_in() -> Answer:
    """The page where people show who they are."""
    form = SignInForm()
    if current_actor().is_signed_in and request.method == "GET":
        return redirect(page_to_return_to(request.args.get("next", "")), 303)
    if form.validate_on_submit():
        attempts.count_sign_in(db.session(), email=form.email.data, ip=visit().ip)
        with shown_on(form) as session:
            secret = sessions.sign_in(session, email=form.email.data, password=form.password.data, visit=visit())
            attempts.forget_sign_ins(session, email=form.email.data)
            return _signed_in(secret)
    return page("accounts/sign_in.html", form)


def _signed_in(secret: str) -> Response:
    response = redirect(page_to_return_to(request.args.get("next", "")), 303)
    give_cookie(response, secret)
    return response


@blueprint.post("/sign-out")
@access(EVERYONE)
def sign_out() -> Response:
    """End the present session."""
    with transaction(db.session()) as session:
        sessions.sign_out(session, current_actor())
    response = go("portal.home", _("You are signed out."))
    take_cookie(response)
    return response


@blueprint.route("/sign-up", methods=["GET", "POST"])
@access(EVERYONE)
def sign_up_page() -> Answer:
    """Where a startup opens its account."""
    form = SignUpForm()
    if form.validate_on_submit():
        attempts.count_mail(db.session(), email=form.email.data, ip=visit().ip)
        with shown_on(form) as session:
            sign_up.register_organisation_account(
                session,
                email=form.email.data,
                password=form.password.data,
                profile=Profile(form.full_name.data, language()),
                organisation=form.organisation(),
            )
            return go("accounts.mail_sent", reason="sign-up")
    return page("accounts/sign_up.html", form)


def language() -> str:
    """The language in which the reader sees the page."""
    return str(get_locale().language)


@blueprint.get("/mail-sent/<any('sign-up', 'forgot'):reason>")
@access(EVERYONE)
def mail_sent(reason: str) -> Answer:
    """The same for every address: look into your mail."""
    return page("accounts/mail_sent.html", reason=reason)


@blueprint.route("/forgot", methods=["GET", "POST"])
@access(EVERYONE)
def forgot() -> Answer:
    """Where a forgotten password begins to be replaced."""
    form = ForgottenForm()
    if form.validate_on_submit():
        attempts.count_mail(db.session(), email=form.email.data, ip=visit().ip)
        with shown_on(form) as session:
            resets.request_password_reset(session, form.email.data)
            return go("accounts.mail_sent", reason="forgot")
    return page("accounts/forgot.html", form)


@blueprint.route("/reset/<secret>", methods=["GET", "POST"])
@access(EVERYONE)
def reset(secret: str) -> Answer:
    """Where the link of a forgotten password leads."""
    form = NewPasswordForm()
    if form.validate_on_submit():
        with shown_on(form) as session:
            resets.reset_password(session, secret, form.password.data)
            return go("accounts.sign_in", _("Your new password is set. Sign in with it."))
    is_valid = links.is_link_valid(db.session(), secret, purpose="reset_password")
    return page("accounts/reset.html" if is_valid else "accounts/link_expired.html", form)


@blueprint.route("/confirm/<secret>", methods=["GET", "POST"])
@access(EVERYONE)
def confirm(secret: str) -> Answer:
    """Where the link to a new address leads: of a sign-up, or of an account that changes its address."""
    form = ConfirmForm()
    is_sign_up = sign_up.is_sign_up_valid(db.session(), secret)
    if form.validate_on_submit():
        with shown_on(form) as session:
            return _confirmed(session, secret, is_sign_up=is_sign_up)
    is_valid = is_sign_up or links.is_link_valid(db.session(), secret, purpose="confirm_email")
    template = "accounts/confirm.html" if is_valid else "accounts/link_expired.html"
    return page(template, form, is_sign_up=is_sign_up)


def _confirmed(session: Session, secret: str, *, is_sign_up: bool) -> Response:
    if not is_sign_up:
        resets.confirm_email(session, secret)
        return go("accounts.account", _("Your new e-mail address is confirmed."))
    if sign_up.confirm_sign_up(session, secret).organisation is None:
        return go(
            "accounts.sign_in",
            _(
                "Your account is open. Another account has registered your organisation in the meantime: "
                "ask its owner to invite you."
            ),
        )
    return go("accounts.sign_in", _("Your account is open. Sign in to apply."))

"""Following a dossier with its code and secret, and the secret itself: shown once, renewed on demand."""

from io import BytesIO

from flask import current_app, make_response, redirect, render_template, request, send_file, url_for
from flask import session as cookie
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from applications.forms.tracking import TrackingForm
from applications.letters import render
from applications.models import Application
from applications.operations.tracking import TRACKING_GIVEN, count_try, hand_out_secret, renew_secret
from applications.queries.drafts import find_draft
from applications.queries.submissions import dossier_facts
from applications.queries.tracking import tracked
from applications.stuck import REASONS as STUCK_REASONS
from applications.tracking import is_secret
from applications.web.blueprint import blueprint
from applications.web.wording import OUTCOME_TITLES, language
from foundation.access import EVERYONE, SIGNED_IN, access, current_actor
from foundation.actors import Actor
from foundation.database import db, transaction
from foundation.errors import NotFound
from foundation.mails import send_mail

Page = tuple[str, int] | Response
SECRETS = "tracking_secrets"
"""In the reader's own cookie, from sending to the page that shows it: what no table keeps."""


@blueprint.get("/track")
@access(EVERYONE)
def track() -> str:
    """Where code and secret are typed."""
    form = TrackingForm(code=request.args.get("code", "")[:64])
    return render_template("applications/track.html", form=form, is_unknown=False)


@blueprint.post("/track")
@access(EVERYONE)
def show_tracked() -> Page:
    """The dossier, or the same answer whether the code or the secret is wrong."""
    form = TrackingForm()
    if not form.validate():
        return render_template("applications/track.html", form=form, is_unknown=False), 422
    code, secret = form.code.data or "", form.secret.data or ""
    count_try(db.engine, code, address=request.remote_addr or "")
    try:
        view = tracked(db.session(), code, secret)
    except NotFound:
        return render_template("applications/track.html", form=form, is_unknown=True), 404
    page = make_response(
        render_template(
            "applications/tracked.html",
            view=view,
            form=form,
            outcomes=OUTCOME_TITLES,
            stuck_reasons=STUCK_REASONS,
            language=language(),
        )
    )
    page.headers["X-Robots-Tag"] = "noindex"
    page.headers["Cache-Control"] = "no-store"
    return page


def hand_over(session: Session, application: Application, *, actor: Actor) -> str | None:
    """The secret of a dossier that was just sent, which goes to the sender by mail too, where mail is sent."""
    secret = hand_out_secret(session, application)
    settings = current_app.config["KHUEVAN"]
    if secret is not None and settings.mail_url and actor.email:
        link = f"{settings.public_url}{url_for('applications.track', code=application.key)}"
        facts = {"title": application.title, "code": application.key, "secret": secret, "link": link}
        send_mail(session, actor.email, language=actor.locale, kind=TRACKING_GIVEN, facts=facts)
    return secret


def keep_for_reader(key: str, secret: str | None) -> None:
    """Carry a new secret to the next page in the reader's own cookie."""
    if secret is not None:
        cookie[SECRETS] = {key: secret}


def take_from_reader(key: str) -> str | None:
    """The secret that the page before handed over, this once."""
    found: str | None = cookie.pop(SECRETS, {}).get(key)
    return found


@blueprint.get("/dossiers/<key>/tracking")
@access(SIGNED_IN)
def tracking(key: str) -> Response:
    """What the secret is for; the new one, when it was made just now."""
    application = find_draft(db.session(), key, actor=current_actor())
    secret = take_from_reader(key)
    page = make_response(render_template("applications/tracking_secret.html", case=application, secret=secret))
    page.headers["Cache-Control"] = "no-store"
    return page


@blueprint.post("/dossiers/<key>/tracking")
@access(SIGNED_IN)
def renew_tracking(key: str) -> Response:
    """Make a new secret and show it, once."""
    actor = current_actor()
    with transaction(db.session()) as session:
        application = find_draft(session, key, actor=actor)
        keep_for_reader(key, renew_secret(session, application, actor=actor))
    return redirect(url_for("applications.tracking", key=key), 303)


@blueprint.post("/dossiers/<key>/tracking/slip.pdf")
@access(SIGNED_IN)
def tracking_slip(key: str) -> Response:
    """Code and secret on a sheet of paper, for whoever is given them; the sheet is not kept."""
    session, secret = db.session(), request.form.get("secret", "")
    application = find_draft(session, key, actor=current_actor())
    if not is_secret(secret, application.tracking_digest):
        raise NotFound
    site = current_app.config["KHUEVAN"].public_url
    facts = dossier_facts(session, application) | {"secret": secret, "address": f"{site}/track"}
    session.rollback()
    pdf = render("tracking_slip.typ", facts, language())
    response = send_file(BytesIO(pdf), mimetype="application/pdf", as_attachment=True, download_name=f"{key}.pdf")
    response.headers["Cache-Control"] = "no-store"
    return response

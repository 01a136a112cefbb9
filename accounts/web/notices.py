"""How one is told of what happens; and the ways out of mails, which work without signing in."""

from flask import current_app, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from accounts.forms.notices import LeaveDigestForm, choices_form
from accounts.operations.notices import choose_channels, chosen_channels, leave_by_mail, leave_digest_by_link
from accounts.web.answers import Answer, go, page, shown_on
from accounts.web.blueprint import blueprint
from foundation.access import EVERYONE, SIGNED_IN, access, current_actor
from foundation.dailydigest import person_leaving
from foundation.database import db, transaction
from foundation.errors import Invalid
from foundation.noticekinds import topics_for
from foundation.waysout import read_way_out


@blueprint.route("/account/notices", methods=["GET", "POST"])
@access(SIGNED_IN)
def notice_choices() -> Answer:
    """Where a person chooses how they are told, topic by topic."""
    actor = current_actor()
    topics = topics_for(actor)
    form = choices_form(topics, chosen_channels(db.session(), actor))
    if form.validate_on_submit():
        with shown_on(form) as session:
            wanted = {topic.key: form[topic.key].data for topic in topics if not topic.is_required}
            choose_channels(session, actor, wanted)
            return go("accounts.notice_choices", _("Your choice is saved."))
    hour = current_app.config["KHUEVAN"].digest_hour
    return page("accounts/notice_choices.html", form, topics=topics, hour=hour)


@blueprint.route("/notices/digest/<token>", methods=["GET", "POST"])
@access(EVERYONE)
def leave_digest(token: str) -> Answer:
    """What the link in a digest leads to: a button that ends the digests."""
    person_leaving(token)
    form = LeaveDigestForm()
    if form.validate_on_submit():
        with shown_on(form) as session:
            leave_digest_by_link(session, token)
            return render_template("accounts/digest_left.html")
    return page("accounts/digest_leave.html", form)


@blueprint.get("/notices/leave/<token>")
@access(EVERYONE)
def leave_mails(token: str) -> str:
    """Where a reader whose mail program only follows links ends mails of one kind, by a button."""
    return render_template("accounts/leave_mails.html", way=read_way_out(token), is_done=False)


@blueprint.post("/notices/leave/<token>")
@access(EVERYONE)
def end_mails(token: str) -> str:
    """End mails of one kind: called by mail programs, which know no page and no token of a form (RFC 8058).

    Raises Invalid for anything but the one press that the RFC names.
    """
    if request.form.get("List-Unsubscribe") != "One-Click":
        raise Invalid({"List-Unsubscribe": ["required"]})
    with transaction(db.session()) as session:
        way = leave_by_mail(session, token)
    return render_template("accounts/leave_mails.html", way=way, is_done=True)


@blueprint.record_once
def let_mail_programs_in(state: BlueprintSetupState) -> None:
    """Only the signed address counts there: it is worth nothing to a forger, who would need it to forge the request."""
    state.app.extensions["csrf"].exempt(end_mails)

"""How one is told of what happens; and the link of the digest, which works without signing in."""

from flask import current_app, render_template
from flask_babel import gettext as _

from accounts.forms.notices import LeaveDigestForm, choices_form
from accounts.operations.notices import choose_channels, chosen_channels, leave_digest_by_link
from accounts.web.answers import Answer, go, page, shown_on
from accounts.web.blueprint import blueprint
from foundation.access import EVERYONE, SIGNED_IN, access, current_actor
from foundation.dailydigest import person_leaving
from foundation.database import db
from foundation.noticekinds import topics_for


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

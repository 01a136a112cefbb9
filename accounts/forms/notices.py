"""The form in which a person chooses, topic by topic, how they are told."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _
from wtforms import RadioField

from accounts.forms.fields import options
from foundation.forms import PageForm
from foundation.noticekinds import Channel, NoticeTopic

CHANNEL_TITLES = {
    Channel.MAIL: _("By mail at once, and on the site"),
    Channel.DIGEST: _("In the daily digest, and on the site"),
    Channel.SITE: _("On the site only"),
    Channel.NONE: _("Not at all"),
}


class LeaveDigestForm(PageForm):
    """One button."""


def choices_form(topics: Sequence[NoticeTopic], present: Mapping[str, Channel]) -> PageForm:
    """One choice for each topic that leaves one."""
    fields = {
        topic.key: RadioField(
            topic.title,
            description=topic.explanation,
            choices=options((way, title) for way, title in CHANNEL_TITLES.items() if way in topic.channels),
            default=present[topic.key],
        )
        for topic in topics
        if not topic.is_required
    }
    form: PageForm = type("NoticeChoicesForm", (PageForm,), fields)()
    return form

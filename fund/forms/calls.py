"""A capital call as it is prepared, issued or dropped."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, TextAreaField
from wtforms.validators import Length

from accounts.forms.fields import REQUIRED, options, stripped, text
from foundation.forms import PageForm, stop_when_unreadable
from fund.forms.postings import vnd
from fund.titles import WAY_TITLES


class CallForm(PageForm):
    """What is called, for what, and until when."""

    investment = vnd(_("For investments, in đồng"), is_optional=True)
    fee = vnd(_("For the management fee, in đồng"), is_optional=True)
    cost = vnd(_("For costs, in đồng"), is_optional=True)
    due_on = DateField(_("Due on"), validators=[stop_when_unreadable, REQUIRED])
    reference = text(_("What the call is for"), limit=300, validators=[REQUIRED])


class IssueForm(PageForm):
    decision = text(
        _("Decision of the general meeting"),
        limit=300,
        validators=[REQUIRED],
        description=_("Number and day of the decision that approves this call."),
    )


class DropForm(PageForm):
    why = text(_("Why it is dropped"), limit=300, validators=[REQUIRED])


class PlanForm(PageForm):
    """How a breach is to be cured."""

    way = RadioField(_("How it is to be cured"), choices=options(WAY_TITLES.items()), validators=[REQUIRED])
    plan = TextAreaField(
        _("Plan: who does what until when"), filters=[stripped], validators=[REQUIRED, Length(max=4000)]
    )


class NoticedForm(PageForm):
    """A button: the contributors were notified today."""


class StageForm(PageForm):
    reason = text(_("Decision it rests on"), limit=300, validators=[REQUIRED])

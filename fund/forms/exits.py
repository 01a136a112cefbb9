"""How a position ends, as a form."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, SelectField, TextAreaField
from wtforms.validators import Length

from accounts.forms.fields import REQUIRED, options, stripped, text
from foundation.forms import PageForm, stop_when_unreadable
from fund.forms.postings import vnd
from fund.titles import EXIT_TITLES, EXIT_WAYS


class ExitForm(PageForm):
    kind = RadioField(_("What ends"), choices=options(EXIT_TITLES.items()), validators=[REQUIRED], default="exit")
    way = SelectField(
        _("In which way"), choices=options([("", _("Choose…")), *EXIT_WAYS.items()]), validators=[REQUIRED]
    )
    exited_on = DateField(_("Day of the exit"), validators=[stop_when_unreadable, REQUIRED])
    proceeds = vnd(_("Proceeds, in đồng"), is_optional=True)
    cost = vnd(
        _("Of a part: what was paid for it, in đồng"),
        is_optional=True,
        description=_("Leave it empty where the whole position ends."),
    )
    decision = text(_("Decision of the investment body"), limit=300, validators=[REQUIRED])
    justification = TextAreaField(
        _("Why in this way and at this price"),
        description=_("Bids that were compared, or why there were none; what was planned and what came of it."),
        filters=[stripped],
        validators=[REQUIRED, Length(max=4000)],
    )

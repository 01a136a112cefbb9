"""What somebody types who follows a dossier without an account."""

from flask_babel import lazy_gettext as _
from wtforms import StringField

from accounts.forms.fields import REQUIRED, text
from foundation.forms import PageForm

PLAIN = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code"}


class TrackingForm(PageForm):
    """Code and secret."""

    code: StringField = text(
        _("Code of the dossier"),
        limit=64,
        validators=[REQUIRED],
        render_kw=PLAIN,
        description=_("The dossier key (TN-…), the dossier code, or the acknowledgement number (BN-…)."),
    )
    secret: StringField = text(
        _("Tracking secret"),
        limit=64,
        validators=[REQUIRED],
        render_kw=PLAIN,
        description=_("Three groups of four letters and digits, given when the dossier was sent."),
    )

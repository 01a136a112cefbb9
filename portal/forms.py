"""The forms of the portal's own pages."""

from flask_babel import lazy_gettext
from wtforms import DateField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from foundation.forms import PageForm

LONGEST = 1000


class DeadlineForm(PageForm):
    """When something is due: a first day and a number of working days. Read from the address, hence no token."""

    class Meta(PageForm.Meta):
        csrf = False

    start = DateField(lazy_gettext("First day"), validators=[InputRequired()])
    working_days = IntegerField(
        lazy_gettext("Working days"), default=15, validators=[InputRequired(), NumberRange(1, LONGEST)]
    )

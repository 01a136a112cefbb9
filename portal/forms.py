"""The forms of the portal's own pages."""

from datetime import date

from flask_babel import lazy_gettext
from wtforms import DateField, IntegerField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from foundation.errors import Reason
from foundation.forms import PageForm, stop_when_unreadable
from foundation.reasons import register_reasons, sentence_of

LONGEST = 1000
EARLIEST, LATEST = date(1990, 1, 1), date(2200, 12, 31)
"""The first days that are counted from: what lies beyond is a slip of the pen, and the last of them overflows."""

register_reasons({"year_out_of_range": lazy_gettext("Enter a date between %(first_on)s and %(last_on)s.")})


class DeadlineForm(PageForm):
    """When something is due: a first day and a number of working days. Read from the address, hence no token."""

    class Meta(PageForm.Meta):
        csrf = False

    start = DateField(lazy_gettext("First day"), validators=[InputRequired(lazy_gettext("Enter this."))])
    working_days = IntegerField(
        lazy_gettext("Working days"),
        default=15,
        validators=[
            InputRequired(lazy_gettext("Enter this.")),
            stop_when_unreadable,
            NumberRange(1, LONGEST, message=lazy_gettext("Enter a number between %(min)s and %(max)s.")),
        ],
    )

    def validate_start(self, field: DateField) -> None:
        if field.data is not None and not EARLIEST <= field.data <= LATEST:
            raise ValidationError(sentence_of(Reason("year_out_of_range", {"first_on": EARLIEST, "last_on": LATEST})))

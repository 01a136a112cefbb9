"""The form that asks for a unit's register: which unit, from which day to which. Read from the address."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext
from wtforms import DateField, SelectChoice, SelectField
from wtforms.validators import InputRequired, ValidationError

from accounts.models import Unit
from foundation.errors import Reason
from foundation.forms import PageForm
from foundation.reasons import register_reasons, sentence_of

EARLIEST, LATEST = date(1990, 1, 1), date(2200, 12, 31)

NEEDED = lazy_gettext("Enter this.")

register_reasons(
    {
        "ends_before_it_begins": lazy_gettext("The last day lies before the first."),
        "day_out_of_range": lazy_gettext("Enter a day between %(first_on)s and %(last_on)s."),
    }
)


class PeriodForm(PageForm):
    """A unit and the first and last day of its register."""

    class Meta(PageForm.Meta):
        csrf = False

    unit = SelectField(lazy_gettext("Unit"), validators=[InputRequired(NEEDED)])
    from_on = DateField(lazy_gettext("First day of the period"), validators=[InputRequired(NEEDED)])
    to_on = DateField(lazy_gettext("Last day of the period"), validators=[InputRequired(NEEDED)])

    def offer(self, units: Sequence[Unit], language: str) -> None:
        """Let one of these units be chosen."""
        self.unit.choices = [SelectChoice(value=unit.code, label=unit.title(language)) for unit in units]

    def validate_from_on(self, field: DateField) -> None:
        _require_sensible(field)

    def validate_to_on(self, field: DateField) -> None:
        _require_sensible(field)
        if field.data and self.from_on.data and field.data < self.from_on.data:
            raise ValidationError(sentence_of(Reason("ends_before_it_begins")))


def _require_sensible(field: DateField) -> None:
    if field.data is not None and not EARLIEST <= field.data <= LATEST:
        raise ValidationError(sentence_of(Reason("day_out_of_range", {"first_on": EARLIEST, "last_on": LATEST})))

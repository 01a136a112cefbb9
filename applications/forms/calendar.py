"""The form with which an administrator declares a day off or working."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, DateField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from foundation.forms import PageForm
from foundation.wording import LANGUAGES
from foundation.workdays import Day

OFF, ON = "off", "on"


def _needed(longest: int) -> list[Any]:
    return [InputRequired(lazy_gettext("Enter this.")), Length(max=longest)]


class DayForm(PageForm):
    """One day of a calendar: whether it is worked, why, by which act."""

    day = DateField(lazy_gettext("Day"), validators=[InputRequired(lazy_gettext("Enter a date."))])
    kind = RadioField(
        lazy_gettext("This day is"),
        choices=[
            SelectChoice(value=OFF, label=lazy_gettext("a day off")),
            SelectChoice(value=ON, label=lazy_gettext("a working day, swapped for another")),
        ],
        default=OFF,
    )
    title_vi = StringField(lazy_gettext("Reason in Vietnamese"), validators=_needed(200))
    title_en = StringField(lazy_gettext("Reason in English"), validators=_needed(200))
    title_fr = StringField(lazy_gettext("Reason in French"), validators=_needed(200))
    source = StringField(lazy_gettext("Act that says so"), validators=_needed(300))
    is_confirmed = BooleanField(lazy_gettext("The act is published and in force"))
    reason = TextAreaField(lazy_gettext("Why it is changed here and now"), validators=_needed(1000))

    def rule(self) -> Day:
        """What the form says of the day."""
        return Day(
            is_working=self.kind.data == ON,
            title={language: self[f"title_{language}"].data.strip() for language in LANGUAGES},
            source=self.source.data.strip(),
            is_confirmed=self.is_confirmed.data,
        )

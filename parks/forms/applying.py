"""What a firm enters to apply to a round, and those who decide when they decide otherwise."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DecimalField, HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from foundation.forms import PageForm, stop_when_unreadable
from parks.forms.rounds import SIZE_TITLES
from parks.models.rounds import SIZES

WISHES = 5


class ApplyForm(PageForm):
    """A firm's application: who it is, what it needs, and the spaces it wants, the first one most."""

    organisation = SelectField(_("In the name of"))
    admission = SelectField(_("On the admission"))
    size = SelectField(_("Size"), choices=[SelectChoice(code, SIZE_TITLES[code]) for code in SIZES])
    sector = StringField(_("Sector"), validators=[InputRequired(), Length(max=120)])
    least_m2 = DecimalField(
        _("Least area, in m²"), validators=[stop_when_unreadable, InputRequired(), NumberRange(min=0)]
    )
    power_kw = DecimalField(_("Power, in kW"), validators=[Optional(), stop_when_unreadable, NumberRange(min=0)])
    wish_1 = SelectField(_("First wish"))
    wish_2 = SelectField(_("Second wish"))
    wish_3 = SelectField(_("Third wish"))
    wish_4 = SelectField(_("Fourth wish"))
    wish_5 = SelectField(_("Fifth wish"))

    def offer(
        self, firms: Sequence[tuple[str, str]], grounds: Sequence[tuple[str, str]], spaces: Sequence[tuple[str, str]]
    ) -> "ApplyForm":
        self.organisation.choices = [SelectChoice(*one) for one in firms]
        self.admission.choices = [SelectChoice("", gettext("none")), *(SelectChoice(*one) for one in grounds)]
        for wish in self.wishes:
            wish.choices = [SelectChoice("", "–"), *(SelectChoice(*one) for one in spaces)]
        return self

    @property
    def wishes(self) -> list[Any]:
        return [self[f"wish_{number}"] for number in range(1, WISHES + 1)]

    def preferences(self) -> list[str]:
        """The spaces that were chosen, each once, in order."""
        return list(dict.fromkeys(wish.data for wish in self.wishes if wish.data))

    def need(self) -> dict[str, str]:
        return {"least_m2": str(self.least_m2.data), "power_kw": str(self.power_kw.data or 0)}


class OverrideForm(PageForm):
    """Why a firm gets what it would not get by the ranking; published with the list."""

    space = HiddenField()
    reason = TextAreaField(_("Reason, published with the list"), validators=[InputRequired(), Length(max=4000)])

"""The forms with which a round is published, firms are entered, and points given."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from foundation.forms import PageForm, stop_when_unreadable
from parks.models.rounds import SIZES

CRITERIA = 5
SIZE_TITLES = {"small": _("Small"), "medium": _("Medium"), "large": _("Large")}
CODES_HINT = _("Codes of spaces, separated by spaces, commas or lines")
_SIZES = [SelectChoice(code, SIZE_TITLES[code]) for code in SIZES]


class RoundForm(PageForm):
    """A round as it is published; criteria are on the page as rows of their own."""

    title_vi = StringField(_("Title in Vietnamese"), validators=[InputRequired(), Length(max=200)])
    title_en = StringField(_("Title in English"), validators=[InputRequired(), Length(max=200)])
    title_fr = StringField(_("Title in French"), validators=[InputRequired(), Length(max=200)])
    closes_on = DateField(_("Applications close on"), validators=[stop_when_unreadable, InputRequired()])
    starts_on = DateField(_("Spaces are given from"), validators=[stop_when_unreadable, InputRequired()])
    ends_on = DateField(_("until"), validators=[stop_when_unreadable, InputRequired()])
    spaces = TextAreaField(_("Spaces"), validators=[InputRequired(), Length(max=40_000)], description=CODES_HINT)
    needs_admission = BooleanField(_("Only for firms that were admitted to the park"))
    most_large = IntegerField(
        _("At most so many large firms"), validators=[Optional(), stop_when_unreadable, NumberRange(min=0)]
    )
    most_medium = IntegerField(
        _("At most so many medium firms"), validators=[Optional(), stop_when_unreadable, NumberRange(min=0)]
    )


class FirmForm(PageForm):
    """A firm in a round."""

    name = StringField(_("Firm"), validators=[InputRequired(), Length(max=300)])
    organisation = StringField(_("Code of its organisation"), validators=[Length(max=120)])
    size = SelectField(_("Size"), choices=_SIZES)
    sector = StringField(_("Sector"), validators=[InputRequired(), Length(max=120)])
    complete_on = DateField(_("Dossier complete on"), validators=[stop_when_unreadable, InputRequired()])
    least_m2 = DecimalField(
        _("Least area, in m²"), validators=[stop_when_unreadable, InputRequired(), NumberRange(min=0)]
    )
    power_kw = DecimalField(_("Power, in kW"), validators=[Optional(), stop_when_unreadable, NumberRange(min=0)])
    preferences = TextAreaField(
        _("Spaces in the order of preference"), validators=[InputRequired(), Length(max=4_000)], description=CODES_HINT
    )


def codes_of(text: str) -> list[str]:
    """The codes that somebody typed, each once, in order."""
    return list(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))


def criteria_typed(form: Any) -> list[dict[str, Any]]:
    """The rows of criteria on the page: three titles, a weight and the most points."""
    rows = []
    for number in range(1, CRITERIA + 1):
        titles = {language: form.get(f"criterion-{number}-{language}", "").strip() for language in ("vi", "en", "fr")}
        weight, most = form.get(f"criterion-{number}-weight", ""), form.get(f"criterion-{number}-most", "")
        if titles["vi"] and weight.isdecimal() and most.isdecimal() and int(most):
            named = {language: title or titles["vi"] for language, title in titles.items()}
            rows.append({"code": f"c{number}", "title": named, "weight": int(weight), "most_points": int(most)})
    return rows

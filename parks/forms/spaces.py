"""What people ask of spaces: a search, a hold, a deposit, a condition."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, DecimalField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from foundation.errors import Reason
from foundation.forms import PageForm, stop_when_unreadable
from foundation.reasons import sentence_of
from parks.allocation import Wanted

LARGEST = 10**8


class HoldForm(PageForm):
    """Who gets a space, from when to when, both days included."""

    holder = StringField(_("For whom"), [InputRequired(), Length(max=200)])
    starts_on = DateField(_("First day"), [stop_when_unreadable, DataRequired()])
    ends_on = DateField(_("Last day"), [stop_when_unreadable, DataRequired()])
    area_m2 = DecimalField(
        _("Area in m²"),
        [Optional(), stop_when_unreadable, NumberRange(min=Decimal("0.01"), max=LARGEST)],
        places=2,
        description=_("Leave it empty for the whole space."),
    )

    def wanted(self) -> Wanted:
        return Wanted(self.starts_on.data, self.ends_on.data, self.holder.data.strip(), area_m2=self.area_m2.data)


class DepositForm(PageForm):
    """The deposit that turns a hold into a reservation."""

    deposit_vnd = IntegerField(
        _("Deposit received, in đồng"), [stop_when_unreadable, InputRequired(), NumberRange(min=1, max=10**15)]
    )


def add_faults(form: Any, fields: dict[str, list[Reason]]) -> None:
    """Put what an operation found wrong beside the fields; what has no field goes to the whole form."""
    for name, reasons in fields.items():
        errors = form[name].errors if name in form else form.form_errors
        texts = [sentence_of(reason) for reason in reasons]
        if name in form:
            form[name].errors = (*errors, *texts)
        else:
            form.form_errors.extend(texts)


class ConditionForm(PageForm):
    """Whether a space can be given."""

    condition = SelectField(_("Condition"), [InputRequired()])

    def offer(self, titles: dict[str, Any], now: str) -> "ConditionForm":
        self.condition.choices = list(titles.items())
        if not self.is_submitted():
            self.condition.data = now
        return self

"""What those who run a park enter on admissions: a place, an end, the day from which places follow them."""

from decimal import Decimal

from flask_babel import lazy_gettext as _
from wtforms import DateField, DecimalField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from foundation.forms import PageForm, stop_when_unreadable
from parks.allocation import Wanted
from parks.forms.spaces import LARGEST


class PlaceForm(PageForm):
    """A space held for somebody who was admitted, both days included."""

    space = StringField(_("Code of the space"), [InputRequired(), Length(max=120)])
    starts_on = DateField(_("First day"), [stop_when_unreadable, DataRequired()])
    ends_on = DateField(_("Last day"), [stop_when_unreadable, DataRequired()])
    area_m2 = DecimalField(
        _("Area in m²"),
        [Optional(), stop_when_unreadable, NumberRange(min=Decimal("0.01"), max=LARGEST)],
        places=2,
        description=_("Leave it empty for the whole space."),
    )

    def wanted(self) -> Wanted:
        return Wanted(self.starts_on.data, self.ends_on.data, "", area_m2=self.area_m2.data)


class EndForm(PageForm):
    """Why an admission counts no more."""

    reason = TextAreaField(_("Reason"), [InputRequired(), Length(min=10, max=2000)])


class SinceForm(PageForm):
    """From which day on places in a park follow an admission."""

    since = DateField(
        _("Places follow an admission from"),
        [Optional(), stop_when_unreadable],
        description=_("Empty: the operator gives places without one. Who leases already goes on leasing."),
    )

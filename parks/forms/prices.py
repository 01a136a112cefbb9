"""The forms with which an operator states its prices, its account and the price index that its rents follow."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, DecimalField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp

from foundation.forms import PageForm, stop_when_unreadable
from parks.forms.leases import PER_M2, DongField
from parks.operations.indices import LARGEST


class FrameForm(PageForm):
    """Prices as they were registered with the board."""

    use = SelectField(_("Use"))
    lowest_vnd_m2 = DongField(_("Lowest rent"), validators=[InputRequired()], description=PER_M2)
    highest_vnd_m2 = DongField(_("Highest rent"), validators=[InputRequired()], description=PER_M2)
    service_highest_vnd_m2 = DongField(_("Highest service charge"), validators=[InputRequired()], description=PER_M2)
    valid_from = DateField(_("Registered from"), validators=[stop_when_unreadable, InputRequired()])
    reference = StringField(_("Number of the registration"), validators=[InputRequired(), Length(max=200)])
    is_land_rent_exempt = BooleanField(_("The operator is exempt from land rent"))


class AccountForm(PageForm):
    """Where tenants pay."""

    bank_bin = StringField(
        _("Number of the bank (BIN)"),
        validators=[InputRequired(), Regexp("^[0-9]{6}$", message=_("Six digits, for example 970436."))],
        description=_("Six digits, for example 970436."),
    )
    bank_name = StringField(_("Bank"), validators=[InputRequired(), Length(max=200)])
    account_number = StringField(
        _("Account number"),
        validators=[InputRequired(), Regexp("^[0-9A-Za-z]{1,19}$", message=_("Up to 19 digits and letters."))],
    )
    account_name = StringField(_("Name of the account"), validators=[InputRequired(), Length(max=200)])


class IndexForm(PageForm):
    """A value of the consumer price index as it was published."""

    published_on = DateField(_("Published on"), validators=[stop_when_unreadable, InputRequired()])
    value = DecimalField(
        _("Value of the index"),
        validators=[stop_when_unreadable, InputRequired(), NumberRange(max=LARGEST)],
        description=_("To the same base as the values before, for example 104.25."),
    )
    source = StringField(_("Source"), validators=[InputRequired(), Length(max=300)])

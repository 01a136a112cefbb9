"""The form with which a value is entered."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectChoice, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from foundation.forms import PageForm, stop_when_unreadable
from foundation.money import NotAnAmount, parse_vnd
from foundation.reasons import sentence_of
from fund.models.valuations import BOOK, FAIR

METHOD_TITLES = {
    "recent_transaction": _("Recent transaction, calibrated"),
    "market_multiple": _("Market multiples"),
    "discounted_cash_flow": _("Discounted cash flow"),
    "net_assets": _("Net assets"),
    "cost": _("Cost"),
}
BASIS_TITLES = {FAIR: _("Fair value"), BOOK: _("Book value of the accounts")}


class VndField(StringField):
    """Whole đồng, typed with or without marks between thousands; the amount is in ``amount``."""

    amount: int = 0

    def pre_validate(self, form: Any) -> None:
        try:
            self.amount = parse_vnd(self.data or "")
        except NotAnAmount as fault:
            raise ValidationError(sentence_of(fault.reason)) from fault


class ValuationForm(PageForm):
    """A valuation of the fund as a whole or of a position."""

    valued_on = DateField(_("Valued on"), validators=[stop_when_unreadable, InputRequired()])
    amount = VndField(_("Value"), validators=[InputRequired()], description=_("Whole đồng, for example 1.500.000.000"))
    position = SelectField(_("Of what"), choices=[SelectChoice("", _("The whole fund"))])
    basis = SelectField(_("Kind of value"), choices=[SelectChoice(code, title) for code, title in BASIS_TITLES.items()])
    method = SelectField(_("Method"), choices=[SelectChoice(code, title) for code, title in METHOD_TITLES.items()])
    source = StringField(
        _("Source"), validators=[InputRequired(), Length(max=500)], description=_("Who valued, and from what")
    )

"""The forms with which leases are drafted, signed, paid and ended."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from foundation.forms import PageForm, stop_when_unreadable
from foundation.money import NotAnAmount, parse_vnd
from foundation.reasons import sentence_of
from parks.models import SpaceAllocation

PER_M2 = _("Đồng for a square metre and month")
WHOLE_DONG = _("Whole đồng, for example 1.500.000.000")
DEPOSIT_TITLES = {
    "received": _("Deposit received"),
    "drawn": _("Deposit drawn on"),
    "returned": _("Deposit returned"),
}

RELIEF_TITLES = {"statutory": _("By law"), "programme": _("By a programme")}


class DongField(StringField):
    """Whole đồng, typed with or without marks between thousands; the amount is in ``amount``."""

    amount: int = 0

    def pre_validate(self, form: Any) -> None:
        if not (self.data or "").strip():
            return
        try:
            self.amount = parse_vnd(self.data or "")
        except NotAnAmount as fault:
            raise ValidationError(sentence_of(fault.reason)) from fault


class LeaseForm(PageForm):
    """A lease as agreed; what a page does not ask (index tables, commitments) comes by the interface of programs."""

    space = StringField(_("Space"), validators=[InputRequired(), Length(max=120)], description=_("Its code"))
    tenant = StringField(_("Tenant"), validators=[InputRequired(), Length(max=300)])
    organisation = StringField(
        _("Code of the tenant’s organisation"),
        validators=[Length(max=120)],
        description=_("So that its people see the lease and its payment requests"),
    )
    starts_on = DateField(_("First day"), validators=[stop_when_unreadable, InputRequired()])
    ends_on = DateField(_("Last day"), validators=[stop_when_unreadable, InputRequired()])
    base_vnd_m2 = DongField(_("Rent"), validators=[InputRequired()], description=PER_M2)
    service_vnd_m2 = DongField(_("Service charge"), description=PER_M2)
    rise = DecimalField(
        _("Rise each year, in per cent"),
        validators=[Optional(), stop_when_unreadable, NumberRange(min=0, max=100)],
    )
    follows_index = BooleanField(_("The rent follows the operator’s price index each year"))
    vat = DecimalField(
        _("VAT, in per cent"), validators=[Optional(), stop_when_unreadable, NumberRange(min=0, max=100)]
    )
    late_rate = DecimalField(
        _("Late interest a year, in per cent"),
        validators=[Optional(), stop_when_unreadable, NumberRange(min=0, max=100)],
    )
    deposit_vnd = DongField(_("Deposit"), description=WHOLE_DONG)
    permitted_use = TextAreaField(_("Permitted use"), validators=[Length(max=1000)])
    sublet_rule = TextAreaField(_("Rule on subletting"), validators=[Length(max=1000)])

    def validate_follows_index(self, field: Any) -> None:
        if field.data and self.rise.data:
            raise ValidationError(_("A rent either rises by a percentage or follows the index."))


class SignForm(PageForm):
    signed_on = DateField(_("Signed on"), validators=[stop_when_unreadable, InputRequired()])
    claim = SelectField(_("Takes the place of"), choices=[], validate_choice=False)

    def offer(self, held: Sequence[SpaceAllocation], tenant: str) -> "SignForm":
        """The holds and reservations of the space, the tenant's own chosen; without any the field goes."""
        if not held:
            del self.claim
            return self
        own = next((one.key for one in held if one.holder == tenant), "")
        self.claim.choices = [("", _("No hold")), *((one.key, f"{one.key} · {one.holder}") for one in held)]
        self.claim.data = self.claim.data or own
        return self


class PaymentForm(PageForm):
    received_on = DateField(_("Received on"), validators=[stop_when_unreadable, InputRequired()])
    amount_vnd = DongField(_("Amount"), validators=[InputRequired()], description=WHOLE_DONG)
    reference = StringField(_("Reference of the bank"), validators=[InputRequired(), Length(max=200)])


class DepositForm(PageForm):
    kind = SelectField(_("What happened"), choices=[SelectChoice(*one) for one in DEPOSIT_TITLES.items()])
    amount_vnd = DongField(_("Amount"), validators=[InputRequired()], description=WHOLE_DONG)
    entered_on = DateField(_("On"), validators=[stop_when_unreadable, InputRequired()])
    reason = StringField(_("Ground"), validators=[InputRequired(), Length(max=500)])


class EndForm(PageForm):
    last_on = DateField(_("Last day"), validators=[stop_when_unreadable, InputRequired()])


class HandBackForm(PageForm):
    on = DateField(_("Handed back on"), validators=[stop_when_unreadable, InputRequired()])


class RenewalForm(PageForm):
    ends_on = DateField(_("New last day"), validators=[stop_when_unreadable, InputRequired()])
    base_vnd_m2 = DongField(_("New rent"), validators=[InputRequired()], description=PER_M2)


class ReliefForm(PageForm):
    kind = SelectField(_("Kind of relief"), choices=[SelectChoice(*one) for one in RELIEF_TITLES.items()])
    rate = DecimalField(
        _("Part of the rent, in per cent"),
        validators=[stop_when_unreadable, InputRequired(), NumberRange(min=Decimal("0.01"), max=100)],
    )
    from_on = DateField(_("Valid from"), validators=[stop_when_unreadable, InputRequired()])
    to_on = DateField(_("Valid until"), validators=[stop_when_unreadable, InputRequired()])
    evidence = StringField(
        _("Evidence"), validators=[InputRequired(), Length(max=500)], description=_("Number and day of the decision")
    )
    source = StringField(
        _("Rule behind it"), validators=[InputRequired(), Length(max=500)], description=_("Law, article or programme")
    )


class EinvoiceForm(PageForm):
    einvoice_number = StringField(_("Number of the licensed e-invoice"), validators=[InputRequired(), Length(max=40)])


class CorrectionForm(PageForm):
    direction = SelectField(
        _("What is asked for"), choices=[SelectChoice("less", _("Less by")), SelectChoice("more", _("More by"))]
    )
    amount_vnd = DongField(_("Amount"), validators=[InputRequired()], description=WHOLE_DONG)
    reason = TextAreaField(_("Reason"), validators=[InputRequired(), Length(max=1000)])

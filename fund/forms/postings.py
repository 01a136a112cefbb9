"""What a fund's manager writes into the ledger by hand, as forms; each kind asks only for what it needs."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Optional, Regexp, ValidationError

from accounts.forms.fields import REQUIRED, options, text
from foundation.errors import Reason
from foundation.forms import PageForm, stop_when_unreadable
from foundation.money import LARGEST, NotAnAmount, format_number, parse_vnd
from foundation.reasons import sentence_of
from foundation.speech import current_language
from fund.books import Member

MOST_VND = min(LARGEST, 10**17)
AMOUNT_KINDS = ("commitment", "payment", "withdrawal_notice", "withdrawal", "reduction", "transfer", "late_interest")
KINDS = (*AMOUNT_KINDS, "default", "distribution")
"""What can be recorded by hand; calls have a page of their own."""


class VndField(StringField):
    """Whole đồng as people type them; ``data`` is the amount."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data: Any = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            amount = parse_vnd(valuelist[0])
        except NotAnAmount as fault:
            raise ValueError(sentence_of(fault.reason)) from fault
        if amount > MOST_VND:
            raise ValueError(sentence_of(Reason("amount_too_large")))
        self.data = amount

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else format_number(self.data, current_language())


def above_zero(form: PageForm, field: VndField) -> None:
    """Validator: an amount of nothing is no entry."""
    if field.data == 0:
        raise ValidationError(sentence_of(Reason("too_small", {"limit": 1})))


def vnd(label: Any, *, is_optional: bool = False, **more: Any) -> VndField:
    """A field for an amount; an optional one may be left empty or nothing."""
    checks = (
        [stop_when_unreadable] if is_optional else [stop_when_unreadable, InputRequired(_("Enter this.")), above_zero]
    )
    attributes = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 40}
    return VndField(label, validators=checks, render_kw=attributes, **more)


class RecordForm(PageForm):
    """Every question that any kind of entry asks; :meth:`asking` leaves those of one kind."""

    contributor = SelectField(_("Contributor"), validators=[REQUIRED])
    taker = SelectField(_("Passes to"), validators=[REQUIRED])
    amount = vnd(_("Amount in đồng"))
    is_recallable = RadioField(
        _("Can it be called again?"),
        choices=options([("no", _("No: it is returned for good")), ("yes", _("Yes: it counts as not called again"))]),
        default="no",
    )
    effective_on = DateField(_("Counts from"), validators=[stop_when_unreadable, REQUIRED])
    reference = text(_("Document or transfer number, and what it was for"), limit=500)
    is_restated = BooleanField(_("It takes the place of an entry that was taken back"))

    def asking(self, kind: str) -> "RecordForm":
        """Without the questions that this kind does not ask."""
        if kind != "transfer":
            del self.taker
        if kind != "distribution":
            del self.is_recallable
        else:
            del self.contributor
        if kind == "default":
            del self.amount
        return self

    def offer(self, contributors: Iterable[Member], today: date) -> None:
        """Fill the choices, and the day of today until another is typed."""
        choices = options([("", _("Choose…")), *((one.code, one.name) for one in contributors)])
        for name in ("contributor", "taker"):
            if name in self:
                self[name].choices = choices
        if self.effective_on.data is None and not self.effective_on.raw_data:
            self.effective_on.data = today


class ReverseForm(PageForm):
    effective_on = DateField(_("Counts from"), validators=[stop_when_unreadable, REQUIRED])
    reference = text(_("Why it is taken back"), limit=500, validators=[REQUIRED])


class ContributorForm(PageForm):
    """One who contributes, or will, and by which contract."""

    name = text(_("Name"), limit=200, validators=[REQUIRED])
    code = text(
        _("Short name in addresses"),
        limit=40,
        validators=[REQUIRED, Regexp(r"[a-z0-9][a-z0-9-]*$", message=_("This does not have the expected form."))],
        description=_("Small letters, digits and hyphens; it cannot be changed later."),
    )
    tax_code = text(
        _("Tax code of its organisation on this platform"),
        limit=20,
        description=_("Links the contributor to its organisation, whose members then see their own account."),
    )
    contract_number = text(_("Number of the contribution contract"), limit=100)
    signed_on = DateField(_("Signed on"), validators=[Optional(), stop_when_unreadable])


class NewContributorForm(ContributorForm):
    is_city = BooleanField(_("It is money of the city"), description=_("This cannot be changed later."))

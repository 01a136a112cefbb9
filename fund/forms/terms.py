"""New terms of a fund: ceilings, limits and clocks from a day on, with their source."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, DecimalField, IntegerField, RadioField, SelectChoice
from wtforms.validators import NumberRange, Optional, Regexp

from accounts.forms.fields import REQUIRED, text
from foundation.forms import PageForm, stop_when_unreadable
from fund.forms.postings import vnd
from fund.models import FundTerms
from fund.operations.founding import Charter
from fund.operations.funds import STORED, StatedTerms
from fund.titles import LEGAL_FORM_TITLES

HUNDRED, PLACES = Decimal(100), Decimal("0.01")


def whole(label: Any, least: int, most: int, *, is_optional: bool = False) -> IntegerField:
    """A whole number within bounds; an optional one left empty is no limit."""
    message = _("Enter a whole number from %(least)s to %(most)s.", least=least, most=most)
    checks = [Optional() if is_optional else REQUIRED, stop_when_unreadable, NumberRange(least, most, message=message)]
    return IntegerField(label, validators=checks, render_kw={"inputmode": "numeric"})


class TermsForm(PageForm):
    """Every limit of a fund; what is left empty is no limit."""

    valid_from = DateField(_("In force from"), validators=[stop_when_unreadable, REQUIRED])
    city_amount_vnd = vnd(_("Most money of the city, in đồng"), is_optional=True)
    share = DecimalField(
        _("Most of the whole for the city, in per cent"),
        places=None,
        validators=[
            stop_when_unreadable,
            REQUIRED,
            NumberRange(PLACES, HUNDRED - PLACES, message=_("Enter a share between 0 and 100 per cent.")),
        ],
    )
    private_investors = whole(_("Most other investors"), 1, 1000, is_optional=True)
    notice_working_days = whole(_("Notice of a call, in working days"), 0, 250)
    default_working_days = whole(_("Default after so many working days overdue"), 1, 250)
    calls_by_two = BooleanField(_("Who prepared a call may not issue it"))
    late_interest_bps = whole(_("Late interest a year, in hundredths of a per cent"), 0, 10_000, is_optional=True)
    loss_percent = whole(_("Most of charter capital lost over a cycle, in per cent"), 0, 100, is_optional=True)
    concentration_percent = whole(_("Most of charter capital in one company, in per cent"), 1, 100, is_optional=True)
    company_share_percent = whole(_("Most of one company’s capital, in per cent"), 1, 100, is_optional=True)
    breach_notice_working_days = whole(_("Notice of a breach, in working days"), 1, 250)
    breach_plan_working_days = whole(_("Plan for its cure, in working days"), 1, 250)
    breach_cure_days = whole(_("Its cure, in days"), 1, 1000)
    review_on = DateField(_("Interim review on"), validators=[Optional(), stop_when_unreadable])
    ends_on = DateField(_("The fund ends on"), validators=[Optional(), stop_when_unreadable])
    source_vi = text(_("Source, in Vietnamese"), limit=500, validators=[REQUIRED])
    source_en = text(_("Source, in English"), limit=500, validators=[REQUIRED])
    source_fr = text(_("Source, in French"), limit=500, validators=[REQUIRED])

    def stated(self) -> StatedTerms:
        """What was typed. An amount of nothing is no ceiling; shares are kept in hundredths of a per cent."""
        given: dict[str, Any] = {name: self[name].data for name in STORED}
        given["city_amount_vnd"] = given["city_amount_vnd"] or None
        share = (int((self.share.data / PLACES).to_integral_value()), 10_000)
        return StatedTerms(**given, share=share, source={key: self[f"source_{key}"].data for key in ("vi", "en", "fr")})


class FoundingForm(TermsForm):
    """A new fund: what it is called, its legal form, and its first terms."""

    code = text(
        _("Code of the fund"),
        limit=20,
        validators=[REQUIRED, Regexp(r"[A-Z0-9][A-Z0-9-]*\Z", message=_("Use capital letters, digits and hyphens."))],
        description=_("It stands in addresses and cannot be changed later, such as QMH"),
    )
    name_vi = text(_("Name, in Vietnamese"), limit=200, validators=[REQUIRED])
    name_en = text(_("Name, in English"), limit=200, validators=[REQUIRED])
    name_fr = text(_("Name, in French"), limit=200, validators=[REQUIRED])
    legal_form = RadioField(
        _("Legal form"),
        choices=[SelectChoice(code, title) for code, title in LEGAL_FORM_TITLES.items()],
        validators=[REQUIRED],
    )
    is_demonstration = BooleanField(_("It is invented, for demonstration only"))

    def charter(self) -> Charter:
        name = {key: self[f"name_{key}"].data for key in ("vi", "en", "fr")}
        return Charter(self.code.data, name, self.legal_form.data, is_demonstration=self.is_demonstration.data)


OF_THE_FUND = ("code", "name_vi", "name_en", "name_fr", "legal_form", "is_demonstration")
USUAL = {
    "notice_working_days": 10,
    "default_working_days": 15,
    "breach_notice_working_days": 1,
    "breach_plan_working_days": 10,
    "breach_cure_days": 90,
    "calls_by_two": True,
}
"""What a new fund begins with until its charter says otherwise."""


def shown_terms(terms: FundTerms) -> dict[str, Any]:
    """The terms in force, as the form begins with them."""
    share = Decimal(terms.share_numerator) / Decimal(terms.share_denominator) * HUNDRED
    kept = {name: getattr(terms, name) for name in STORED if name != "valid_from"}
    return {**kept, "share": share.normalize(), **{f"source_{key}": words for key, words in terms.source.items()}}

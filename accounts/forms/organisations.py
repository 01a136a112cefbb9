"""Forms of organisations and their members."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, SelectField
from wtforms.validators import Optional

from accounts.forms.fields import REQUIRED, email, options, or_nothing, text
from accounts.models import Ward
from accounts.operations.organisations import OrganisationFacts
from accounts.wording import LEGAL_FORM_TITLES, MEMBERSHIP_MEANINGS, MEMBERSHIP_TITLES
from foundation.forms import PageForm

TAX_CODE_HINT = _("10 digits, or 13 for a branch, as on the business registration certificate.")


def legal_form() -> SelectField:
    choices = options([("", _("Choose…")), *LEGAL_FORM_TITLES.items()])
    return SelectField(_("Legal form"), choices=choices, validators=[REQUIRED])


class OrganisationForm(PageForm):
    """What an organisation tells of itself."""

    name_vi = text(_("Name in Vietnamese"), limit=300, validators=[REQUIRED])
    name_en = text(_("Name in English"), limit=300)
    legal_form = legal_form()
    tax_code = text(_("Tax code"), limit=20, description=TAX_CODE_HINT)
    founded_on = DateField(_("Founded on"), validators=[Optional()])
    ward_code = SelectField(_("Ward or commune"), validate_choice=False)
    address = text(_("Address"), limit=300)
    email = text(_("E-mail address"), limit=254, render_kw={"type": "email"})
    phone = text(_("Telephone"), limit=40, render_kw={"type": "tel"})
    website = text(_("Website"), limit=300, render_kw={"type": "url"})

    def offer_wards(self, wards: Iterable[Ward], language: str) -> None:
        """Fill the choice of wards."""
        names = [(ward.code, ward.title(language)) for ward in wards]
        self.ward_code.choices = options([("", _("Choose…")), *names])

    def facts(self) -> OrganisationFacts:
        """What was typed, still to be judged."""
        return OrganisationFacts(
            name_vi=self.name_vi.data,
            legal_form=self.legal_form.data,
            name_en=or_nothing(self.name_en.data),
            tax_code=or_nothing(self.tax_code.data),
            ward_code=or_nothing(self.ward_code.data),
            address=or_nothing(self.address.data),
            email=or_nothing(self.email.data),
            phone=or_nothing(self.phone.data),
            website=or_nothing(self.website.data),
            founded_on=self.founded_on.data,
        )


class MemberInvitationForm(PageForm):
    email = email()
    role = RadioField(_("What this person may do"), choices=options(MEMBERSHIP_TITLES.items()), default="editor")
    meanings = MEMBERSHIP_MEANINGS


class MemberForm(PageForm):
    role = SelectField(_("Role"), choices=options(MEMBERSHIP_TITLES.items()))

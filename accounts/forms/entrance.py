"""Forms of the entrance: signing in and up, forgotten passwords, invitations."""

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, SelectField

from accounts.forms.fields import LANGUAGE_CHOICES, REQUIRED, email, new_password, or_nothing, text
from accounts.forms.organisations import TAX_CODE_HINT, legal_form
from accounts.operations.organisations import OrganisationFacts
from foundation.forms import PageForm


class SignInForm(PageForm):
    email = email(render_kw={"autocomplete": "username"})
    password = PasswordField(_("Password"), validators=[REQUIRED], render_kw={"autocomplete": "current-password"})


class ForgottenForm(PageForm):
    email = email()


class NewPasswordForm(PageForm):
    password = new_password(_("New password"))


class SignUpForm(PageForm):
    """The person and the least that is needed of the organisation; the rest can be added later."""

    full_name = text(_("Your full name"), validators=[REQUIRED], render_kw={"autocomplete": "name"})
    email = email(_("Your e-mail address"))
    password = new_password()
    name_vi = text(_("Name of the organisation"), limit=300, validators=[REQUIRED])
    legal_form = legal_form()
    tax_code = text(_("Tax code"), limit=20, description=TAX_CODE_HINT)

    def organisation(self) -> OrganisationFacts:
        """What was typed of the organisation, still to be judged."""
        return OrganisationFacts(
            name_vi=self.name_vi.data,
            legal_form=self.legal_form.data,
            tax_code=or_nothing(self.tax_code.data),
        )


class InvitedForm(PageForm):
    """What an invited person adds who has no account yet."""

    full_name = text(_("Your full name"), validators=[REQUIRED], render_kw={"autocomplete": "name"})
    language = SelectField(_("Language"), choices=LANGUAGE_CHOICES, validators=[REQUIRED])
    password = new_password()


class ConfirmForm(PageForm):
    """A page with nothing but a button."""

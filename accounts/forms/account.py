"""Forms of one's own account: profile, address, password, tokens."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, PasswordField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange

from accounts.forms.fields import LANGUAGE_CHOICES, REQUIRED, email, new_password, options, or_nothing, text
from accounts.operations.people import Profile
from accounts.operations.tokens import LONGEST_LIFETIME_DAYS
from accounts.wording import TOKEN_SCOPE_TITLES
from foundation.forms import PageForm, stop_when_unreadable


class ProfileForm(PageForm):
    full_name = text(_("Full name"), validators=[REQUIRED], render_kw={"autocomplete": "name"})
    language = SelectField(_("Language"), choices=LANGUAGE_CHOICES, validators=[REQUIRED])
    phone = text(_("Telephone"), limit=40, render_kw={"type": "tel", "autocomplete": "tel"})

    def profile(self) -> Profile:
        return Profile(self.full_name.data, self.language.data, or_nothing(self.phone.data))


class EmailForm(PageForm):
    email = email(_("New e-mail address"))


class PasswordForm(PageForm):
    present = PasswordField(
        _("Present password"), validators=[REQUIRED], render_kw={"autocomplete": "current-password"}
    )
    password = new_password(_("New password"))


class TokenForm(PageForm):
    """A token that reads, or one that also changes things."""

    name = text(_("Name"), limit=100, validators=[REQUIRED], description=_("What the token is for, to know it again."))
    scope = RadioField(_("Permission"), choices=options(TOKEN_SCOPE_TITLES.items()), default="read")
    days = IntegerField(
        _("Valid for (days)"),
        default=90,
        validators=[
            InputRequired(message=_("Enter this.")),
            stop_when_unreadable,
            NumberRange(1, LONGEST_LIFETIME_DAYS, message=_("Choose between %(min)d and %(max)d days.")),
        ],
    )

    def scopes(self) -> list[str]:
        return ["read", "write"] if self.scope.data == "write" else ["read"]

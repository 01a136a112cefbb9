"""Fields that several forms share, and what WTForms needs to know of them."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length

from foundation.wording import LANGUAGES

EMAIL = _("E-mail address")
PASSWORD = _("Password")
PASSWORD_HINT = _("At least 10 characters. A sentence is easy to remember and hard to guess.")
REQUIRED = InputRequired(message=_("Enter this."))


def options(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Pairs of code and title as the options of a choice."""
    return [SelectChoice(value=code, label=title) for code, title in pairs]


LANGUAGE_CHOICES = options(zip(LANGUAGES, ("Tiếng Việt", "English", "Français"), strict=True))


def at_most(limit: int) -> Length:
    return Length(max=limit, message=_("Use at most %(max)d characters."))


def stripped(value: Any) -> Any:
    """Filter: text without the white space around it."""
    return value.strip() if isinstance(value, str) else value


def or_nothing(value: Any) -> Any:
    """Filter: empty text counts as no answer."""
    return stripped(value) or None


def text(label: Any, *, limit: int = 200, validators: Iterable[Any] = (), **options: Any) -> StringField:
    """A line of text of at most ``limit`` characters."""
    return StringField(label, filters=[stripped], validators=[*validators, at_most(limit)], **options)


def email(label: Any = EMAIL, **options: Any) -> StringField:
    """An e-mail address; its form is judged by the operation."""
    attributes = {"type": "email", "autocomplete": "email", **options.pop("render_kw", {})}
    return text(label, limit=254, validators=[REQUIRED], render_kw=attributes, **options)


def new_password(label: Any = PASSWORD, **options: Any) -> PasswordField:
    """A password that somebody chooses now."""
    options.setdefault("description", PASSWORD_HINT)
    return PasswordField(
        label, validators=[REQUIRED, at_most(128)], render_kw={"autocomplete": "new-password"}, **options
    )

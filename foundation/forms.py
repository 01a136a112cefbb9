"""The form that every page derives from: its messages speak the reader's language."""

from flask_babel import get_translations, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, Form
from wtforms.validators import StopValidation

from foundation.errors import Reason
from foundation.reasons import sentence_of

REASON_OF_MESSAGE = {
    "Not a valid choice.": "not_a_choice",
    "Not a valid date value.": "not_a_date",
    "Not a valid decimal value.": "not_a_number",
    "Not a valid integer value.": "not_a_number",
    "This field is required.": "required",
}
"""What WTForms says by itself, in our own words."""
LIMIT_OF_MESSAGE = {
    "Number must be between %(min)s and %(max)s.": lazy_gettext("Enter a number between %(min)s and %(max)s."),
    "Number must be at least %(min)s.": lazy_gettext("Enter a number that is not below %(min)s."),
    "Number must be at most %(max)s.": lazy_gettext("Enter a number that is not above %(max)s."),
    "Field cannot be longer than %(max)d characters.": lazy_gettext("Use at most %(max)d characters."),
    "Field must be at least %(min)d characters long.": lazy_gettext("Use at least %(min)d characters."),
    "Field must be between %(min)d and %(max)d characters long.": lazy_gettext("Use %(min)d to %(max)d characters."),
}
"""The same for limits: WTForms puts their numbers in."""


class _Catalogue:
    """WTForms' own messages in the product's words and languages (its own catalogue knows no Vietnamese)."""

    def gettext(self, string: str) -> str:
        if string in REASON_OF_MESSAGE:
            return sentence_of(Reason(REASON_OF_MESSAGE[string]))
        if string in LIMIT_OF_MESSAGE:
            return str(LIMIT_OF_MESSAGE[string])
        return str(get_translations().ugettext(string))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        if plural in LIMIT_OF_MESSAGE:
            return str(LIMIT_OF_MESSAGE[plural])
        return str(get_translations().ungettext(singular, plural, number))


_CATALOGUE = _Catalogue()


class PageForm(FlaskForm):
    """A form of a page: CSRF token inside, messages in the reader's language."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: FlaskForm) -> _Catalogue:
            return _CATALOGUE


def stop_when_unreadable(form: Form, field: Field) -> None:
    """Validator: what could not be read as a number or date is told once, without the faults that follow from it."""
    if field.process_errors:
        raise StopValidation

"""The form that every page derives from: its messages speak the reader's language."""

from flask_babel import get_translations
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


class _Catalogue:
    """WTForms' own messages in the product's words and languages (its own catalogue knows no Vietnamese)."""

    def gettext(self, string: str) -> str:
        if string in REASON_OF_MESSAGE:
            return sentence_of(Reason(REASON_OF_MESSAGE[string]))
        return str(get_translations().ugettext(string))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
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

"""The form that every page derives from: its messages speak the reader's language."""

from flask_babel import get_translations
from flask_wtf import FlaskForm


class _Catalogue:
    """WTForms' own messages, looked up in the product's catalogue (its own knows no Vietnamese)."""

    def gettext(self, string: str) -> str:
        return str(get_translations().ugettext(string))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return str(get_translations().ungettext(singular, plural, number))


_CATALOGUE = _Catalogue()


class PageForm(FlaskForm):
    """A form of a page: CSRF token inside, messages in the reader's language."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: FlaskForm) -> _Catalogue:
            return _CATALOGUE

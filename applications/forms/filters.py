"""The forms in which a filter of the queue or a search gets its name and those who share it."""

from collections.abc import Sequence
from typing import Self

from flask_babel import lazy_gettext
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from accounts.models import Unit
from applications.operations.filters import LONGEST_NAME
from foundation.forms import PageForm

ALONE = ""


class SavedSearchForm(PageForm):
    """The name of what is kept, and who can use it: oneself, or everybody of a unit."""

    name = StringField(lazy_gettext("Name"), validators=[InputRequired(), Length(max=LONGEST_NAME)])
    unit = SelectField(lazy_gettext("Who can use it"))

    def offer(self, units: Sequence[Unit], language: str) -> Self:
        """Let it be shared with these units."""
        shared = [(unit.code, str(lazy_gettext("Everybody of %(unit)s", unit=unit.title(language)))) for unit in units]
        self.unit.choices = [(ALONE, str(lazy_gettext("Only me"))), *shared]
        return self

    def unit_id(self, units: Sequence[Unit]) -> int | None:
        """The unit that was chosen."""
        return next((unit.id for unit in units if unit.code == self.unit.data), None)


class SavedFilterForm(SavedSearchForm):
    """For a filter of the queue also whether the queue opens with it."""

    is_first = BooleanField(lazy_gettext("Open my queue with this filter"))

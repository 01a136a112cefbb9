"""Spaces merged or split, as people ask for it: codes and areas line by line, a day, a reason."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from foundation.decimals import NotADecimal, parse_decimal
from foundation.errors import Reason
from foundation.forms import PageForm, stop_when_unreadable
from foundation.reasons import sentence_of
from parks.operations.spacechanges import Change
from parks.operations.spaces import StatedSpace

MOST_PARTS = 50


class ChangeForm(PageForm):
    """From which day, and why."""

    holds_from = DateField(_("From which day"), [stop_when_unreadable, DataRequired()])
    reason = StringField(_("Reason"), [InputRequired(), Length(max=500)])

    def change(self) -> Change:
        return Change(self.holds_from.data, self.reason.data.strip())


class MergeForm(ChangeForm):
    """Codes of the others, and that of the new space."""

    others = StringField(
        _("Merge it with"),
        [InputRequired(), Length(max=2000)],
        description=_("Codes of spaces of the same kind in the same place, with spaces between them."),
    )
    into = StringField(_("Code of the new space"), [InputRequired(), Length(max=120)])

    def validate_into(self, field: Any) -> None:
        if "/" in field.data:
            raise ValidationError(sentence_of(Reason("not_this_form")))

    def codes(self) -> list[str]:
        return str(self.others.data).replace(",", " ").replace(";", " ").split()


class SplitForm(ChangeForm):
    """The parts, a line each: code, then area."""

    parts = TextAreaField(
        _("Parts"),
        [InputRequired(), Length(max=5000)],
        description=_("A line for each part: its code, a space, its area in m²."),
    )

    def validate_parts(self, field: Any) -> None:
        lines = [line.split() for line in field.data.splitlines() if line.strip()]
        if len(lines) < 2 or len(lines) > MOST_PARTS or not all(_is_part(line) for line in lines):
            raise ValidationError(sentence_of(Reason("parts_unreadable", {"limit": MOST_PARTS})))

    def stated(self, kind: str) -> list[StatedSpace]:
        lines = [line.split() for line in self.parts.data.splitlines() if line.strip()]
        return [StatedSpace(code, kind, usable_m2=_area(text)) for code, text in lines]


def _area(text: str) -> Decimal:
    return parse_decimal(text.replace(",", "."), places=2)


def _is_part(words: list[str]) -> bool:
    if len(words) != 2 or "/" in words[0] or len(words[0]) > 120:
        return False
    try:
        return 0 < _area(words[1]) < 10**10
    except NotADecimal:
        return False

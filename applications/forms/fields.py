"""One form field per kind of question: what was typed becomes a raw answer, a raw answer is shown as typed.

Nothing is judged here; :func:`applications.fields.check_answers` is the only one who knows what is sound.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import Field

from applications.fields.types import LONGEST
from applications.forms.conditions import condition_text
from applications.forms.figures import is_iso_day, iso_day, plain_number, shown_number
from applications.packs.model import FieldSpec
from foundation.errors import Reason
from foundation.reasons import sentence_of
from foundation.wording import in_language


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What fields need to know besides their question.

    ``people`` are the persons that can be chosen, by the key of the question; ``files`` the names of files
    that are there, by number; ``blank_rows`` the keys of tables that get one more empty row.
    """

    language: str
    people: Mapping[str, Sequence[tuple[int, str]]] = field(default_factory=dict)
    files: Mapping[int, str] = field(default_factory=dict)
    blank_rows: frozenset[str] = frozenset()
    is_row: bool = False

    def of_a_row(self) -> "Surroundings":
        return replace(self, is_row=True)


def number_or_text(text: str) -> int | str:
    """A number by which a person or a file is known, or what was typed instead."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else text


def typed(text: str) -> str:
    """What somebody typed, without the one character that no database keeps."""
    return text.replace("\x00", "")


class AnswerField(Field):
    """Base of the fields. ``data`` is the raw answer; ``None`` when nothing was answered.

    ``seen`` says which change of the answer is shown, where answers are kept one by one.
    """

    def __init__(self, spec: FieldSpec, surroundings: Surroundings, **rest: Any) -> None:
        super().__init__(label=in_language(spec.label, surroundings.language), **rest)
        self.spec = spec
        self.surroundings = surroundings
        self.applies = True
        self.seen = ""
        self.errors: list[str] = []

    @property
    def kind(self) -> str:
        return self.spec.type

    @property
    def title(self) -> str:
        return str(self.label.text)

    @property
    def help(self) -> str:
        return in_language(self.spec.help, self.surroundings.language)

    @property
    def example(self) -> str:
        return in_language(self.spec.example, self.surroundings.language)

    @property
    def condition(self) -> str:
        return condition_text(self.spec.when)

    @property
    def is_group(self) -> bool:
        """Whether several inputs answer together, so that the question is a legend and not a label."""
        return False

    @property
    def anchor(self) -> str:
        """The id of the input that an error message leads to."""
        return str(self.id)

    @property
    def described_by(self) -> str:
        """The ids of the texts that explain the input, for screen readers."""
        parts = [("hint", self.help or self.example or self.limit_text), ("error", self.errors)]
        return " ".join(f"{self.id}-{part}" for part, text in parts if text)

    @property
    def limit_text(self) -> str:
        """What is accepted, in words; empty when nothing needs saying."""
        return ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = typed(valuelist[0]) if valuelist else ""
        self.data = self.read(text) if text.strip() else None

    def read(self, text: str) -> Any:
        """The raw answer behind a typed text that is not blank."""
        return text

    @property
    def shown(self) -> str:
        """The present answer as the input holds it."""
        return "" if self.data is None else str(self.data)

    def take_fault(self, path: str, reasons: Sequence[Reason]) -> None:
        """Show these reasons beside the input; ``path`` is below the field, empty for the field itself."""
        self.errors = [*self.errors, *(sentence_of(reason) for reason in reasons)]


class TextField(AnswerField):
    """A line or a paragraph."""

    @property
    def longest(self) -> int:
        return int(self.spec.limits.get("max_length", LONGEST[self.spec.type]))

    @property
    def limit_text(self) -> str:
        count = shown_number(self.longest, self.surroundings.language)
        return str(gettext("Up to %(limit)s characters.", limit=count)) if self.has_counter else ""

    @property
    def has_counter(self) -> bool:
        """Whether the limit is worth telling before it is reached."""
        return self.spec.type == "long_text" and "max_length" in self.spec.limits

    @property
    def lines(self) -> int:
        """How tall the input is, by how much is expected."""
        return min(7, max(3, self.longest // 400))


class NumberField(AnswerField):
    """A number or an amount, typed with the separators of the reader's language."""

    @property
    def is_whole(self) -> bool:
        return self.spec.type == "money" or self.spec.limits.get("decimals", 0) == 0

    @property
    def unit(self) -> str:
        if self.spec.type == "money":
            return str(gettext("VND"))
        return in_language(self.spec.limits.get("unit"), self.surroundings.language)

    def read(self, text: str) -> str:
        return plain_number(text, self.surroundings.language, is_whole=self.is_whole)

    @property
    def shown(self) -> str:
        return "" if self.data is None else shown_number(self.data, self.surroundings.language)


class CalculatedField(AnswerField):
    """What follows from other answers: shown, never read."""

    @property
    def kind(self) -> str:
        return "calculated"


class DateField(AnswerField):
    """A day, chosen in the browser's calendar or typed day first."""

    def read(self, text: str) -> str:
        return iso_day(text)

    @property
    def is_native(self) -> bool:
        """Whether a date input can show it; something else that was typed needs a text input."""
        return self.data is None or is_iso_day(self.data)


class PeriodField(AnswerField):
    """A first and a last day."""

    ENDS = (("from", lazy_gettext("First day")), ("to", lazy_gettext("Last day")))

    @property
    def is_group(self) -> bool:
        return True

    @property
    def anchor(self) -> str:
        return f"{self.id}-from"

    @property
    def limit_text(self) -> str:
        months = self.spec.limits.get("max_months")
        return str(gettext("At most %(limit)s months.", limit=months)) if months else ""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.data = data if isinstance(data, Mapping) else None
        if formdata is not None:
            texts = {end: typed(formdata.get(f"{self.name}-{end}", "")) for end, _ in self.ENDS}
            self.data = {end: iso_day(text) for end, text in texts.items() if text.strip()} or None

    @property
    def ends(self) -> list[tuple[str, Any, str, bool]]:
        """For each end: its key, its label, the day as the input holds it, and whether a date input can."""
        days = {end: str((self.data or {}).get(end) or "") for end, _ in self.ENDS}
        return [(end, label, days[end], not days[end] or is_iso_day(days[end])) for end, label in self.ENDS]

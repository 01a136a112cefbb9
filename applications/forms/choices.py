"""Form fields of questions that offer what can be chosen: options, yes and no, declarations, wards, people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from applications.forms.fields import AnswerField, number_or_text, typed
from applications.forms.wards import WardGroup, ward_groups
from applications.packs.model import Choice
from foundation.wording import in_language

FEW_CHOICES = 7
"""Up to so many choices are all shown as buttons, more go into a list."""

YES, NO = "yes", "no"
ANSWERS = {YES: True, NO: False}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose, as the page shows it."""

    value: str
    label: str
    help: str
    is_chosen: bool


class ChoiceField(AnswerField):
    """One of several."""

    @property
    def is_list(self) -> bool:
        return len(self.spec.choices) > FEW_CHOICES or (self.surroundings.is_row and not self._has_help)

    @property
    def _has_help(self) -> bool:
        return any(choice.help for choice in self.spec.choices)

    @property
    def is_group(self) -> bool:
        return not self.is_list

    @property
    def anchor(self) -> str:
        return str(self.id) if self.is_list else f"{self.id}-1"

    @property
    def options(self) -> list[Option]:
        return [self._option(choice) for choice in self.spec.choices]

    def _option(self, choice: Choice) -> Option:
        language = self.surroundings.language
        return Option(
            choice.value,
            in_language(choice.label, language),
            in_language(choice.help, language),
            self._is_chosen(choice.value),
        )

    def _is_chosen(self, value: str) -> bool:
        return bool(self.data == value)

    @property
    def has_no_answer(self) -> bool:
        """Whether an answer can be taken back: buttons cannot be unpressed."""
        return not self.spec.required and not self.is_list


class ChoicesField(ChoiceField):
    """Any number of several."""

    @property
    def is_list(self) -> bool:
        return False

    @property
    def has_no_answer(self) -> bool:
        return False

    @property
    def limit_text(self) -> str:
        most = self.spec.limits.get("max_choices")
        return str(gettext("Choose at most %(limit)s.", limit=most) if most else gettext("Choose all that apply."))

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = [typed(value) for value in valuelist if value.strip()] or None

    def _is_chosen(self, value: str) -> bool:
        return isinstance(self.data, list) and value in self.data


class PartField(ChoiceField):
    """A question or a document of the dossier, in a list grouped by section; the documents come last."""

    @property
    def is_list(self) -> bool:
        return True

    @property
    def groups(self) -> list[tuple[str, list[Option]]]:
        title_of = {choice.value: in_language(choice.help, self.surroundings.language) for choice in self.spec.choices}
        found: dict[str, list[Option]] = {}
        for option in self.options:
            found.setdefault(title_of[option.value] or gettext("Documents"), []).append(option)
        return list(found.items())


class YesNoField(ChoiceField):
    """Yes or no."""

    @property
    def is_list(self) -> bool:
        return False

    @property
    def options(self) -> list[Option]:
        return [
            Option(YES, gettext("Yes"), "", self.data is True),
            Option(NO, gettext("No"), "", self.data is False),
        ]

    def read(self, text: str) -> Any:
        return ANSWERS.get(text, text)


class DeclarationField(AnswerField):
    """A sentence that one confirms, or not yet: there is no other answer."""

    def read(self, text: str) -> Any:
        return {YES: True, NO: None}.get(text, text)

    @property
    def is_confirmed(self) -> bool:
        return self.data is True


class WardField(AnswerField):
    """A ward or commune of the city."""

    @property
    def groups(self) -> tuple[WardGroup, ...]:
        return ward_groups(self.surroundings.language)

    @property
    def is_unknown(self) -> bool:
        """Whether the answer is none of the wards, and yet has to be shown."""
        return bool(self.shown) and not any(self.shown == code for _, rows in self.groups for code, _ in rows)


class PersonField(AnswerField):
    """A person, by number."""

    def read(self, text: str) -> Any:
        return number_or_text(text)

    @property
    def options(self) -> list[Option]:
        people = self.surroundings.people.get(self.spec.key, ())
        return [Option(str(number), name, "", self.data == number) for number, name in people]

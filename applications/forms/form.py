"""A form made of questions: shows answers with what is wrong with them, and reads back what was typed."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale, gettext
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm

from applications.fields.types import MOST_ROWS, Faults
from applications.forms.choices import (
    ChoiceField,
    ChoicesField,
    DeclarationField,
    PartField,
    PersonField,
    WardField,
    YesNoField,
)
from applications.forms.fields import (
    AnswerField,
    CalculatedField,
    DateField,
    NumberField,
    PeriodField,
    Surroundings,
    TextField,
)
from applications.forms.files import FileField
from applications.packs.conditions import is_answered
from applications.packs.model import FieldSpec
from foundation.errors import Reason
from foundation.wording import DEFAULT_LANGUAGE

ADD_ROW, REMOVE_ROW = "add_row", "remove_row"
"""Names of the buttons that change a table where no script does; the value is the table, or the row, by name."""

TOKEN = re.compile(r"[a-z0-9]{1,16}")
TEMPLATE_TOKEN = "__row__"  # noqa: S105 - stands for a row, opens nothing


@dataclass(frozen=True, slots=True)
class Mistake:
    """One line of the summary above a form."""

    anchor: str
    title: str
    sentence: str


class AnswerForm(BaseForm):
    """The fields of some questions; ``outside`` are answers of other pages that conditions here read.

    ``token`` names a row of a table.
    """

    token = ""

    def __init__(self, specs: Iterable[FieldSpec], surroundings: Surroundings, prefix: str = "") -> None:
        self.specs = list(specs)
        self.surroundings = surroundings
        self.outside: dict[str, Any] = {}
        fields = {spec.key: UnboundField(_field_of(spec), spec, surroundings) for spec in self.specs}
        super().__init__(fields, prefix=prefix)

    @property
    def has_files(self) -> bool:
        return any(spec.type == "file" for spec in self.specs)

    @property
    def outside_data(self) -> str:
        return json.dumps(self.outside, ensure_ascii=False)

    @property
    def shown_keys(self) -> str:
        """The questions that apply now, so that the next save knows which ones it opened."""
        return " ".join(spec.key for spec in self.specs if self[spec.key].applies)

    def judge(self, values: Mapping[str, Any], others: Mapping[str, Any]) -> None:
        """Settle which questions apply to these values, given the answers on other pages."""
        answers = {**others, **values}
        for spec in self.specs:
            self[spec.key].applies = spec.when is None or spec.when.holds(answers)
        here = {spec.key for spec in self.specs}
        read = {name for spec in self.specs if spec.when for name in spec.when.fields()}
        self.outside = {name: others.get(name) for name in sorted(read - here)}

    def take_faults(self, faults: Faults) -> None:
        """Put what is wrong beside the inputs; what concerns other questions is left out."""
        for path, reasons in faults.items():
            key, _, below = path.partition(".")
            if key in self:
                self[key].take_fault(below, reasons)

    def mistakes(self) -> Iterator[Mistake]:
        """What is wrong on this form, from top to bottom, each with the input it leads to."""
        for answer_field in self:
            if answer_field.applies:
                yield from mistakes_of(answer_field)

    def raw(self) -> dict[str, Any]:
        return {spec.key: self[spec.key].data for spec in self.specs}


class TableField(AnswerField):
    """Rows of answers to the same questions; rows without any answer do not count.

    ``is_fillable`` says whether the page offers to fill it from a spreadsheet, ``can_undo`` whether that was just done.
    """

    is_fillable = False
    can_undo = False

    @property
    def is_group(self) -> bool:
        return True

    @property
    def row_name(self) -> str:
        """The name under which the tokens of the rows arrive, in their order."""
        return f"{self.name}-row"

    @property
    def most_rows(self) -> int:
        return int(self.spec.limits.get("max_rows", MOST_ROWS))

    @property
    def least_rows(self) -> int:
        return max(1, int(self.spec.limits.get("min_rows", 0)))

    @property
    def anchor(self) -> str:
        return str(self.id)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.data = data if isinstance(data, list) else None
        if formdata is not None:
            self.data = [row for row in self._typed_rows(formdata) if row] or None
        self.rows = [self._row(str(number), row) for number, row in enumerate(self._shown_rows())]

    def _typed_rows(self, formdata: Any) -> Iterator[dict[str, Any]]:
        dropped = set(formdata.getlist(REMOVE_ROW))
        tokens = [token for token in formdata.getlist(self.row_name) if TOKEN.fullmatch(token)]
        for token in list(dict.fromkeys(tokens))[: MOST_ROWS + 1]:
            form = self._empty_row(token)
            if f"{self.name}-{token}" not in dropped:
                form.process(formdata)
                yield {key: value for key, value in form.raw().items() if is_answered(value)}

    def _shown_rows(self) -> list[Mapping[str, Any]]:
        rows = [row for row in self.data or [] if isinstance(row, Mapping)]
        wanted = max(self.least_rows, len(rows) + (self.name in self.surroundings.blank_rows))
        return rows + [{}] * (min(wanted, self.most_rows) - len(rows))

    def _empty_row(self, token: str) -> AnswerForm:
        return AnswerForm(self.spec.columns, self.surroundings.of_a_row(), prefix=f"{self.name}-{token}-")

    def _row(self, token: str, values: Mapping[str, Any]) -> AnswerForm:
        form = self._empty_row(token)
        form.process(data=values)
        form.judge(values, {})
        form.token = token
        return form

    @property
    def template_row(self) -> AnswerForm:
        """An empty row in which the page's script puts a new token."""
        return self._row(TEMPLATE_TOKEN, {})

    @property
    def limit_text(self) -> str:
        most = self.spec.limits.get("max_rows")
        return str(gettext("Up to %(limit)s rows.", limit=most)) if most else ""

    def take_fault(self, path: str, reasons: Sequence[Reason]) -> None:
        number, _, below = path.partition(".")
        if number.isdecimal() and int(number) < len(self.rows) and below:
            self.rows[int(number)].take_faults({below: list(reasons)})
        else:
            super().take_fault("", reasons)


FIELDS: Mapping[str, type[AnswerField]] = {
    "text": TextField,
    "long_text": TextField,
    "number": NumberField,
    "money": NumberField,
    "date": DateField,
    "period": PeriodField,
    "choice": ChoiceField,
    "choices": ChoicesField,
    "part": PartField,
    "yes_no": YesNoField,
    "declaration": DeclarationField,
    "ward": WardField,
    "person": PersonField,
    "file": FileField,
    "table": TableField,
}


def _field_of(spec: FieldSpec) -> type[AnswerField]:
    return CalculatedField if spec.calculated else FIELDS[spec.type]


def mistakes_of(answer_field: AnswerField) -> Iterator[Mistake]:
    """What is wrong with one answer, and with the rows of a table."""
    for sentence in answer_field.errors:
        yield Mistake(answer_field.anchor, answer_field.title, sentence)
    for number, row in enumerate(getattr(answer_field, "rows", ()), start=1):
        for mistake in row.mistakes():
            title = gettext("%(table)s, row %(number)s: %(column)s", **_place(answer_field, number, mistake))
            yield Mistake(mistake.anchor, title, mistake.sentence)


def _place(answer_field: AnswerField, number: int, mistake: Mistake) -> dict[str, Any]:
    return {"table": answer_field.title, "number": number, "column": mistake.title}


def form_for(
    specs: Iterable[FieldSpec],
    values: Mapping[str, Any],
    faults: Faults,
    language: str,
    prefix: str = "",
    **more: Any,
) -> AnswerForm:
    """The form that shows these values, stored or as typed, with what is wrong with them beside each input.

    ``more``: ``others`` are the answers to questions elsewhere, read by conditions; ``people``, ``files`` and
    ``blank_rows`` as :class:`Surroundings` says.
    """
    others = more.pop("others", {})
    form = AnswerForm(specs, Surroundings(language, **more), prefix=prefix)
    form.process(data=values)
    form.judge(values, others)
    form.take_faults(faults)
    return form


def raw_answers(
    source: MultiDict[str, str], specs: Iterable[FieldSpec], *, language: str = "", prefix: str = ""
) -> dict[str, Any]:
    """What was typed, as ``check_answers`` takes it; ``None`` for each question left open.

    Rows of tables that hold no answer are dropped, so that paths of faults count the rows that are kept.
    """
    language = language or _present_language()
    form = AnswerForm(specs, Surroundings(language), prefix=prefix)
    form.process(source)
    return form.raw()


def _present_language() -> str:
    locale = get_locale()
    return str(locale.language) if locale else DEFAULT_LANGUAGE


def arrived_files(
    files: MultiDict[str, FileStorage], specs: Iterable[FieldSpec], *, prefix: str = ""
) -> Iterator[tuple[FieldSpec, FileStorage]]:
    """The files that were sent as answers, each with its question."""
    form = AnswerForm((spec for spec in specs if spec.type == "file"), Surroundings(DEFAULT_LANGUAGE), prefix=prefix)
    for answer_field in form:
        arrived = files.get(answer_field.upload_name)
        if arrived is not None and arrived.filename:
            yield answer_field.spec, arrived


def changes_rows(source: MultiDict[str, str]) -> bool:
    """Whether a button was pressed that adds or removes a row, so that the form is shown again."""
    return ADD_ROW in source or REMOVE_ROW in source


def tables_with_new_row(source: MultiDict[str, str]) -> frozenset[str]:
    """The tables for which one more row was asked: ``blank_rows`` of the form shown next."""
    return frozenset(source.getlist(ADD_ROW))

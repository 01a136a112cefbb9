"""Questions as web forms: one kind of question yields what is shown and how it is read back."""

from applications.forms.display import shown_answer
from applications.forms.form import (
    AnswerForm,
    arrived_files,
    changes_rows,
    form_for,
    raw_answers,
    tables_with_new_row,
)

__all__ = [
    "AnswerForm",
    "arrived_files",
    "changes_rows",
    "form_for",
    "raw_answers",
    "shown_answer",
    "tables_with_new_row",
]

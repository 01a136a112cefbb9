"""What an operation refuses, placed beside the fields of the form that asked for it."""

from foundation.errors import Blocked, Invalid
from foundation.forms import PageForm
from foundation.reasons import sentence_of

ELSEWHERE = {"to": "to_on", "from": "from_on", "escalation.index": "follows_index"}
"""Fields of pages that stand for what operations and programs call otherwise."""


def place_refusal(form: PageForm, refusal: Invalid | Blocked) -> None:
    """Beside their fields what a form has a field for; above it the rest."""
    fields = refusal.fields if isinstance(refusal, Invalid) else {"": list(refusal.reasons)}
    for name, reasons in fields.items():
        sentences = [sentence_of(reason) for reason in reasons]
        field = ELSEWHERE.get(name, name)
        if field in form:
            form[field].errors = sentences
        else:
            form.form_errors = [*form.form_errors, *sentences]

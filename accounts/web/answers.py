"""How the pages of this package answer: a form shown again with its errors, or a word and the next page."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from foundation.database import db, transaction
from foundation.errors import Invalid
from foundation.forms import PageForm
from foundation.reasons import sentence_of

Answer = str | Response | tuple[str, int]


@contextmanager
def shown_on(form: PageForm) -> Iterator[Session]:
    """Commit what happens inside; what is invalid is undone and said beside the form's fields."""
    try:
        with transaction(db.session()) as session:
            yield session
    except Invalid as refusal:
        attach(form, refusal)


def attach(form: PageForm, refusal: Invalid) -> None:
    """Put each reason beside its field; what belongs to no field of the form goes above it."""
    for path, reasons in refusal.fields.items():
        sentences = [sentence_of(reason) for reason in reasons]
        if path in form:
            form[path].errors = [*form[path].errors, *sentences]
        else:
            form.form_errors.extend(sentences)


def page(template: str, form: PageForm | None = None, **facts: Any) -> Answer:
    """A page; with status 422 when its form was sent with errors."""
    html = render_template(template, form=form, **facts)
    return (html, 422) if form is not None and form.errors else html


def go(endpoint: str, said: Any = "", **values: Any) -> Response:
    """On to a page by GET, where ``said`` is shown once."""
    if said:
        flash(str(said), "success")
    return redirect(url_for(endpoint, **values), 303)

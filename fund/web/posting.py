"""How pages write to a fund: what is refused stands beside the amount, with the most that is still allowed."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy.orm import Session

from accounts.web.answers import shown_on
from foundation.access import current_actor
from foundation.database import db
from foundation.errors import Blocked, NotAllowed, Reason
from foundation.forms import PageForm
from foundation.reasons import sentence_of
from fund.books import Books, books_of
from fund.queries.funds import find_fund
from fund.rules import may_keep_books


def kept_books(code: str) -> Books:
    """The books as they stand, to fill a form with. Raises NotFound, or NotAllowed to who may only read."""
    session, actor = db.session(), current_actor()
    fund = find_fund(session, code, actor=actor)
    if not may_keep_books(actor, fund):
        raise NotAllowed
    return books_of(session, fund)


@contextmanager
def refused_beside(form: PageForm, books: Books, field: str = "amount") -> Iterator[Session]:
    """Commit what happens inside; a refusal is undone and said beside the field, or else above the form."""
    try:
        with shown_on(form) as session:
            yield session
    except Blocked as refusal:
        sentences = sentences_of(refusal.reasons, books)
        if field in form:
            form[field].errors = [*form[field].errors, *sentences]
        else:
            form.form_errors.extend(sentences)


def sentences_of(reasons: Sequence[Reason], books: Books) -> list[str]:
    """Reasons as sentences that call contributors by their names."""
    names = {one.code: one.name for one in books.contributors}
    return [sentence_of(Reason(reason.code, _named(reason.facts, names))) for reason in reasons]


def _named(facts: Mapping[str, object], names: Mapping[str, str]) -> dict[str, object]:
    return {name: names.get(str(value), value) if name == "contributor" else value for name, value in facts.items()}

"""Terms of a fund that change: the ceilings are judged at once, and a breach that follows gets its clocks."""

from sqlalchemy.orm import Session

from foundation.actors import Actor
from foundation.errors import Invalid
from fund.books import books_of
from fund.models import FundTerms
from fund.operations.breaches import note_breach
from fund.operations.entries import today
from fund.operations.funds import StatedTerms, set_terms
from fund.operations.opening import open_books


def change_terms(session: Session, code: str, stated: StatedTerms, *, actor: Actor) -> FundTerms:
    """Let other terms hold from a day on, not before today: what was done was done under those of its day.

    Raises Invalid: the day lies back.
    """
    books = open_books(session, code, actor=actor)
    if stated.valid_from < today():
        raise Invalid({"valid_from": ["fund_terms_back"]})
    terms = set_terms(session, books.fund, stated, actor=actor)
    was = books.fund.state
    session.refresh(books.fund, ["state"])
    if books.fund.state != was:
        note_breach(session, books_of(session, books.fund), actor=actor)
    return terms

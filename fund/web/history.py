"""How the city's share of a fund moved over the years, drawn and in rows."""

from fractions import Fraction

from flask import render_template

from foundation.access import access, current_actor, roles
from foundation.database import db
from fund.books import books_of
from fund.operations.ledger import today
from fund.queries.funds import find_fund
from fund.queries.history import share_history
from fund.rules import READING_ROLES
from fund.sharechart import draw_shares
from fund.titles import BASE_TITLES
from fund.web.blueprint import blueprint

ROWS = 400
"""The latest changes that are shown as rows; the drawing holds all."""


@blueprint.get("/funds/<code>/history")
@access(roles(*READING_ROLES))
def share_history_page(code: str) -> str:
    """The share on charter and paid-in capital since the beginning, under its ceiling."""
    session = db.session()
    books = books_of(session, find_fund(session, code, actor=current_actor()))
    points, terms = share_history(session, books.fund), books.terms
    ceiling = Fraction(terms.share_numerator, terms.share_denominator)
    return render_template(
        "fund/history.html",
        fund=books.fund,
        points=points[: -ROWS - 1 : -1],
        drawing=draw_shares(points, ceiling, today()) if points else None,
        ceiling=books.book.limits.ceiling.share,
        bases=BASE_TITLES,
    )

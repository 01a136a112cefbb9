"""What-if: events that may happen, played on the books without writing, side by side with today."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask_babel import lazy_gettext as _

from foundation.access import access, current_actor, roles
from foundation.database import db
from foundation.errors import Invalid, Reason
from foundation.money import NotAnAmount, parse_vnd
from foundation.reasons import sentence_of
from foundation.speech import current_language
from fund.books import Books, books_of, with_cash
from fund.capital import Contributor
from fund.queries.funds import find_fund
from fund.rules import READING_ROLES
from fund.scenario import EVENT_KINDS, Event, Outcome, play
from fund.statement import capital_facts
from fund.titles import BASE_TITLES, KIND_TITLES
from fund.web.blueprint import blueprint
from fund.web.posting import sentences_of

ROWS, SPARE, MOST = 4, 2, 40
EVENT_TITLES = {kind: KIND_TITLES.get(kind, _("Distribution that can be called again")) for kind in EVENT_KINDS}


@dataclass(slots=True)
class Typed:
    """A row as it was typed, with what is wrong about it."""

    kind: str = ""
    contributor: str = ""
    taker: str = ""
    amount: str = ""
    fault: str = ""


@blueprint.get("/funds/<code>/what-if")
@access(roles(*READING_ROLES))
def what_if(code: str) -> str | tuple[str, int]:
    """A scenario in the address: its figures beside those of today; nothing is written."""
    session = db.session()
    books = with_cash(session, books_of(session, find_fund(session, code, actor=current_actor())))
    rows = _typed()
    outcome = _played(books, rows)
    then = None if outcome is None else capital_facts(books, current_language(), outcome.book)
    page = render_template(
        "fund/what_if.html",
        fund=books.fund,
        rows=[*rows, *(Typed() for _ in range(max(SPARE, ROWS - len(rows))))],
        events=EVENT_TITLES,
        contributors=books.contributors,
        sides=[(_("Today"), capital_facts(books, current_language())), (_("Then"), then)] if then else [],
        refused=_refused(books, outcome),
        bases=BASE_TITLES,
    )
    return page, 422 if any(row.fault for row in rows) else 200


def _typed() -> list[Typed]:
    columns = [request.args.getlist(name)[:MOST] for name in ("kind", "contributor", "taker", "amount")]
    rows = [Typed(*(text.strip() for text in cells)) for cells in zip(*columns, strict=False)]
    return [row for row in rows if row.kind in EVENT_KINDS]


def _played(books: Books, rows: Sequence[Typed]) -> Outcome | None:
    """What follows; nothing when no event is typed, or one of them cannot be read."""
    known = {one.code: Contributor(one.code, one.is_city) for one in books.contributors}
    events = []
    for row in rows:
        try:
            amount = parse_vnd(row.amount) if row.amount else 0
        except NotAnAmount as fault:
            row.fault, amount = sentence_of(fault.reason), 0
        events.append(Event(row.kind, amount, known.get(row.contributor), known.get(row.taker)))
    if not rows or any(row.fault for row in rows):
        return None
    try:
        return play(books.book, events)
    except Invalid as refusal:
        for path, reasons in refusal.fields.items():
            _, number, field = path.split(".")
            rows[int(number)].fault = sentence_of(_missing(field, reasons[0]))
        return None


def _missing(field: str, reason: Reason) -> Reason:
    """What is missing, in words that name it."""
    return Reason(f"fund_{field}_missing") if reason.code == "required" else reason


def _refused(books: Books, outcome: Outcome | None) -> tuple[int, list[str]] | None:
    if outcome is None or outcome.refused_at is None:
        return None
    return outcome.refused_at + 1, sentences_of(outcome.reasons, books)

"""The books of funds as pages: meters of the ceilings, each contributor, the ledger behind every number."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from foundation.access import access, current_actor, roles
from foundation.database import db
from foundation.speech import current_language
from fund.books import NOW, Books, books_of
from fund.capital import ACCOUNTS, CREDITS
from fund.queries.funds import find_fund, readable_funds
from fund.queries.ledger import Narrowing, ledger_page, sum_of_lines
from fund.rules import READING_ROLES, may_found, may_keep_books
from fund.statement import capital_facts
from fund.titles import ACCOUNT_TITLES, BASE_TITLES, COMMITMENT_TITLES, KIND_TITLES
from fund.web.blueprint import blueprint

READERS = roles(*READING_ROLES)
ROWS = 25


@blueprint.get("/funds")
@access(READERS)
def funds() -> str | Response:
    """The funds that the reader may look into; a lone one opens at once."""
    found = readable_funds(db.session(), current_actor())
    if len(found) == 1 and request.args.get("all") is None:
        return redirect(url_for("fund.dashboard", code=found[0].code))
    return render_template("fund/funds.html", funds=found, may_found=may_found(current_actor()))


@blueprint.get("/funds/<code>")
@access(READERS)
def fund(code: str) -> str:
    """The capital of a fund under its ceilings."""
    books = _books(code)
    return render_template("fund/fund.html", capital=capital_facts(books, current_language()), **_shown(books))


@blueprint.get("/funds/<code>/ledger")
@access(READERS)
def fund_ledger(code: str) -> str:
    """The entries of the ledger, all or those behind one number."""
    books, narrowing = _books(code), narrowing_of(request.args)
    page = ledger_page(db.session(), books.fund, NOW, narrowing=narrowing, after=request.args.get("after"), size=ROWS)
    names = {one.id: one.name for one in books.contributors}
    chosen = next((one for one in books.contributors if one.code == narrowing.contributor), None)
    total = sum_of_lines(db.session(), books.fund, narrowing) if narrowing.account else None
    if total is not None and narrowing.account in CREDITS:
        total = -total
    found = {"page": page, "names": names, "chosen": chosen, "narrowing": narrowing, "total": total}
    return render_template("fund/ledger.html", **found, **_shown(books))


def narrowing_of(asked: Mapping[str, str]) -> Narrowing:
    """What an address asks for; what is no account and no day is left out."""
    account = asked.get("account", "")
    return Narrowing(
        contributor=asked.get("contributor", ""),
        account=account if account in ACCOUNTS else "",
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _books(code: str) -> Books:
    session = db.session()
    return books_of(session, find_fund(session, code, actor=current_actor()))


def _shown(books: Books) -> dict[str, Any]:
    return {
        "fund": books.fund,
        "bases": BASE_TITLES,
        "kinds": KIND_TITLES,
        "accounts": ACCOUNT_TITLES,
        "commitments": {one.code: COMMITMENT_TITLES[one.state] for one in books.contributors},
        "may_keep": may_keep_books(current_actor(), books.fund),
    }

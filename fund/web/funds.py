"""The books of funds as pages: meters of the ceilings, each contributor, the ledger behind every number."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from foundation.access import access, current_actor, roles
from foundation.database import db
from foundation.speech import current_language
from fund.books import NOW, Books, books_of
from fund.capital import AFTER_LEAVING, CHARTER_BASE, PAID_BASE
from fund.queries.funds import find_fund, readable_funds
from fund.queries.ledger import ledger_page
from fund.rules import READING_ROLES
from fund.statement import capital_facts
from fund.web.blueprint import blueprint

READERS = roles(*READING_ROLES)
ROWS = 25
BASE_TITLES = {
    CHARTER_BASE: _("Charter capital"),
    PAID_BASE: _("Paid-in capital"),
    AFTER_LEAVING: _("After announced withdrawals"),
}
KIND_TITLES = {
    "commitment": _("Commitment"),
    "call": _("Capital call"),
    "payment": _("Payment"),
    "withdrawal_notice": _("Withdrawal announced"),
    "withdrawal": _("Withdrawal"),
    "investment": _("Investment"),
    "reversal": _("Reversal"),
}
ACCOUNT_TITLES = {
    "charter": _("Charter capital"),
    "uncalled": _("Not called yet"),
    "receivable": _("Called, not paid"),
    "paid": _("Paid in"),
    "leaving": _("Leaving"),
    "leaving_noted": _("Leaving, noted"),
    "invested": _("Invested"),
    "spent": _("Spent"),
}


@blueprint.get("/funds")
@access(READERS)
def funds() -> str | Response:
    """The funds that the reader may look into; a lone one opens at once."""
    found = readable_funds(db.session(), current_actor())
    if len(found) == 1:
        return redirect(url_for("fund.fund", code=found[0].code))
    return render_template("fund/funds.html", funds=found)


@blueprint.get("/funds/<code>")
@access(READERS)
def fund(code: str) -> str:
    """The capital of a fund under its ceilings."""
    books = _books(code)
    return render_template("fund/fund.html", capital=capital_facts(books, current_language()), **_shown(books))


@blueprint.get("/funds/<code>/ledger")
@access(READERS)
def fund_ledger(code: str) -> str:
    """The entries of the ledger, all or those of one contributor."""
    books, who = _books(code), request.args.get("contributor", "")
    page = ledger_page(db.session(), books.fund, NOW, contributor=who, after=request.args.get("after"), size=ROWS)
    names = {one.id: one.name for one in books.contributors}
    chosen = next((one for one in books.contributors if one.code == who), None)
    return render_template("fund/ledger.html", page=page, names=names, chosen=chosen, **_shown(books))


def _books(code: str) -> Books:
    session = db.session()
    return books_of(session, find_fund(session, code, actor=current_actor()))


def _shown(books: Books) -> dict[str, Any]:
    return {
        "fund": books.fund,
        "bases": BASE_TITLES,
        "kinds": KIND_TITLES,
        "accounts": ACCOUNT_TITLES,
    }

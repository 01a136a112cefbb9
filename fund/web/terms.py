"""The terms of a fund: every version with its source, and the next one."""

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.web.answers import Answer, go, page, shown_on
from foundation.access import access, current_actor, roles
from foundation.database import db
from foundation.errors import NotAllowed
from fund.forms.terms import OF_THE_FUND, USUAL, FoundingForm, TermsForm, shown_terms
from fund.models import Fund
from fund.operations.founding import found_by_page
from fund.operations.ledger import today
from fund.operations.terms import change_terms
from fund.queries.funds import find_fund, versions_of_terms
from fund.rules import FUND_MANAGER, READING_ROLES, may_found, may_keep_books
from fund.web.blueprint import blueprint
from fund.web.posting import kept_books, refused_beside


@blueprint.get("/funds/<code>/terms")
@access(roles(*READING_ROLES))
def fund_terms(code: str) -> str:
    """All versions, the latest first."""
    session, actor = db.session(), current_actor()
    fund = find_fund(session, code, actor=actor)
    return render_template("fund/terms.html", may_keep=may_keep_books(actor, fund), **_shown(session, fund))


@blueprint.route("/funds/<code>/terms/new", methods=["GET", "POST"])
@access(roles(FUND_MANAGER))
def new_terms(code: str) -> Answer:
    """Let other terms hold from a day on; the form begins with those in force."""
    books, actor = kept_books(code), current_actor()
    form = TermsForm(data=shown_terms(books.terms) | {"valid_from": today()})
    if form.validate_on_submit():
        with refused_beside(form, books, "valid_from") as session:
            change_terms(session, code, form.stated(), actor=actor)
            return go("fund.fund_terms", _("The terms are set."), code=code)
    return page("fund/terms_new.html", form, fund=books.fund)


@blueprint.route("/funds/new", methods=["GET", "POST"])
@access(roles(FUND_MANAGER))
def new_fund() -> Answer:
    """Found a fund: what it is, and its first terms. Contributors come next."""
    actor = current_actor()
    if not may_found(actor):
        raise NotAllowed
    form = FoundingForm(data=USUAL | {"valid_from": today(), "legal_form": "contract"})
    if form.validate_on_submit():
        with shown_on(form) as session:
            fund = found_by_page(session, form.charter(), form.stated(), actor=actor)
            return go("fund.fund", _("The fund is founded. Add those who contribute to it."), code=fund.code)
    return page("fund/fund_new.html", form, of_the_fund=OF_THE_FUND)


def _shown(session: Session, fund: Fund) -> dict[str, object]:
    return {"fund": fund, "versions": versions_of_terms(session, fund)}

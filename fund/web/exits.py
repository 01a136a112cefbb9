"""A position that ends: what it brought, what was paid for it, and on whose decision."""

from flask_babel import gettext as _

from accounts.web.answers import Answer, go, page
from foundation.access import access, current_actor, roles
from foundation.database import db
from foundation.errors import NotFound
from fund.books import NOW, Books
from fund.forms.exits import ExitForm
from fund.operations.exits import StatedExit, exit_position
from fund.operations.ledger import open_books, today
from fund.queries.positions import Held, positions_of
from fund.rules import FUND_MANAGER
from fund.web.blueprint import blueprint
from fund.web.posting import kept_books, refused_beside


@blueprint.route("/funds/<code>/positions/<key>/exit", methods=["GET", "POST"])
@access(roles(FUND_MANAGER))
def exit_from_position(code: str, key: str) -> Answer:
    """Record an exit, in part or whole, or a write-off."""
    books, form = kept_books(code), ExitForm()
    held = _held(books, key)
    if form.exited_on.data is None and not form.exited_on.raw_data:
        form.exited_on.data = today()
    if form.validate_on_submit():
        with refused_beside(form, books, "kind") as session:
            kept = open_books(session, code, actor=current_actor())
            exit_position(session, kept, held.code, _stated(form), actor=current_actor())
            return go("fund.fund_results_page", _("The exit is recorded."), code=code, _anchor="positions")
    return page("fund/exit.html", form, fund=books.fund, held=held)


def _held(books: Books, key: str) -> Held:
    for one in positions_of(db.session(), books.fund, NOW):
        if one.key == key:
            return one
    raise NotFound


def _stated(form: ExitForm) -> StatedExit:
    return StatedExit(
        kind=form.kind.data,
        way=form.way.data,
        exited_on=form.exited_on.data,
        proceeds_vnd=form.proceeds.data or 0,
        cost_vnd=form.cost.data,
        decision=form.decision.data,
        justification=form.justification.data,
    )

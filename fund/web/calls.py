"""Pages of capital calls: prepared, issued, followed until they are paid, with a notice to each contributor."""

from io import BytesIO

from flask import render_template, send_file
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from accounts.web.answers import Answer, go, page
from applications.letters import render
from foundation.access import SIGNED_IN, access, current_actor, roles
from foundation.database import db
from foundation.downloads import list_file
from foundation.errors import NotFound
from foundation.exports import Column
from foundation.speech import current_language
from foundation.wording import in_language
from fund.books import Member, books_of
from fund.callnotice import amounts_of_notice, notice_facts
from fund.forms.calls import CallForm, DropForm, IssueForm
from fund.lives import needs_another
from fund.models import CapitalCall, Fund
from fund.operations.calls import (
    Uses,
    call_numbered,
    drop_call,
    earliest_due,
    issue_call,
    prepare_call,
)
from fund.operations.ledger import Voucher, open_books, today
from fund.queries.calls import calls_of, find_call, moves_of_call, parts_of_issued, unfunded_of
from fund.queries.funds import find_fund
from fund.queries.investors import own_holding
from fund.rules import FUND_MANAGER, READING_ROLES, may_keep_books
from fund.scenario import parts_of_call
from fund.titles import CALL_TITLES
from fund.web.blueprint import blueprint
from fund.web.posting import kept_books, refused_beside

READERS, KEEPERS = roles(*READING_ROLES), roles(FUND_MANAGER)
AMOUNT_TITLES = {
    "part": lazy_gettext("This call"),
    "investment": lazy_gettext("For investments"),
    "fee": lazy_gettext("For the management fee"),
    "cost": lazy_gettext("For costs"),
    "committed": lazy_gettext("Commitment"),
    "called_before": lazy_gettext("Called before this call"),
    "recallable": lazy_gettext("Returned, can be called again"),
    "unfunded_before": lazy_gettext("Unfunded before this call"),
    "unfunded_after": lazy_gettext("Unfunded after this call"),
    "called_after": lazy_gettext("Called in all"),
}


@blueprint.get("/funds/<code>/calls")
@access(READERS)
def capital_calls(code: str) -> str:
    """All calls of a fund."""
    session, actor = db.session(), current_actor()
    fund = find_fund(session, code, actor=actor)
    found = {"fund": fund, "calls": calls_of(session, fund), "states": CALL_TITLES}
    return render_template("fund/capital_calls.html", may_keep=may_keep_books(actor, fund), **found)


@blueprint.route("/funds/<code>/calls/new", methods=["GET", "POST"])
@access(KEEPERS)
def new_call(code: str) -> Answer:
    """Prepare a call: it is checked against notice and ceilings before it waits for the general meeting."""
    books, actor, form = kept_books(code), current_actor(), CallForm()
    earliest = earliest_due(db.session(), books, today())
    if form.due_on.data is None and not form.due_on.raw_data:
        form.due_on.data = earliest
    if form.validate_on_submit():
        uses = Uses(*(field.data or 0 for field in (form.investment, form.fee, form.cost)))
        if not uses.amount:
            form.investment.errors = [*form.investment.errors, _("Enter this.")]
            return page("fund/capital_call_new.html", form, fund=books.fund, books=books, earliest=earliest)
        with refused_beside(form, books, "investment") as session:
            voucher = Voucher("call", today(), form.reference.data, due_on=form.due_on.data)
            made = prepare_call(session, open_books(session, code, actor=actor), uses, voucher=voucher, actor=actor)
            said = _("Call %(number)s is checked: it may be issued.", number=made.number)
            return go("fund.capital_call", said, code=code, number=made.number)
    return page("fund/capital_call_new.html", form, fund=books.fund, books=books, earliest=earliest)


@blueprint.get("/funds/<code>/calls/<int:number>")
@access(READERS)
def capital_call(code: str, number: int) -> Answer:
    """A call with each contributor's part."""
    return _call_page(code, number, None)


@blueprint.post("/funds/<code>/calls/<int:number>/issue")
@access(KEEPERS)
def issue_capital_call(code: str, number: int) -> Answer:
    """Send the call out."""
    books, actor, form = kept_books(code), current_actor(), IssueForm()
    if form.validate_on_submit():
        with refused_beside(form, books, "decision") as session:
            kept = open_books(session, code, actor=actor)
            prepared = call_numbered(session, kept, number)
            issue_call(session, kept, prepared, effective_on=today(), actor=actor, decision=form.decision.data)
            return go("fund.capital_call", _("Call %(number)s is issued.", number=number), code=code, number=number)
    return _call_page(code, number, form)


@blueprint.post("/funds/<code>/calls/<int:number>/drop")
@access(KEEPERS)
def drop_capital_call(code: str, number: int) -> Answer:
    """Give up a call that was not issued."""
    books, actor, form = kept_books(code), current_actor(), DropForm()
    if form.validate_on_submit():
        with refused_beside(form, books, "why") as session:
            kept = open_books(session, code, actor=actor)
            drop_call(session, kept, call_numbered(session, kept, number), reason=form.why.data, actor=actor)
            return go("fund.capital_calls", _("Call %(number)s is dropped.", number=number), code=code)
    return _call_page(code, number, form)


def _call_page(code: str, number: int, sent: IssueForm | DropForm | None) -> Answer:
    session, actor = db.session(), current_actor()
    fund = find_fund(session, code, actor=actor)
    call, books = find_call(session, fund, number), books_of(session, fund)
    is_prepared = call.state == "cap_checked"
    names = {one.code: one.name for one in books.contributors}
    planned = parts_of_call(books.book, call.amount_vnd) if is_prepared else {}
    return page(
        "fund/capital_call.html",
        sent,
        fund=fund,
        call=call,
        parts=parts_of_issued(session, books, call, until=today()),
        planned=[(names[who.code], amount) for who, amount in planned.items()],
        moves=moves_of_call(session, call),
        states=CALL_TITLES,
        issue=sent if isinstance(sent, IssueForm) else IssueForm(),
        drop=sent if isinstance(sent, DropForm) else DropForm(),
        may_keep=may_keep_books(actor, fund) and is_prepared,
        by_another=needs_another(books, call, actor),
    )


@blueprint.get("/funds/<code>/calls/<int:number>/notice/<who>.<extension>")
@access(READERS)
def call_notice(code: str, number: int, who: str, extension: str) -> Response:
    """The notice to one contributor, as PDF or for a spreadsheet."""
    session = db.session()
    fund = find_fund(session, code, actor=current_actor())
    call = find_call(session, fund, number)
    one = next((one for one in books_of(session, fund).contributors if one.code == who), None)
    if one is None:
        raise NotFound
    return notice_file(fund, call, one, extension)


@blueprint.get("/investments/<code>/<contributor>/calls/<int:number>.<extension>")
@access(SIGNED_IN)
def own_call_notice(code: str, contributor: str, number: int, extension: str) -> Response:
    """The notice of a call to one's own organisation."""
    session = db.session()
    found = own_holding(session, code, contributor, actor=current_actor())
    return notice_file(found.fund, find_call(session, found.fund, number), found.contributor, extension)


def notice_file(fund: Fund, call: CapitalCall, one: Member, extension: str) -> Response:
    """Raises NotFound: another kind of file, or the call asks nothing of them."""
    unfunded = unfunded_of(db.session(), call, one)
    stem = f"{fund.code}-{call.number}-{one.code}"
    if extension == "pdf":
        pdf = render("capital_call.typ", notice_facts(fund, call, one, unfunded), current_language())
        return send_file(BytesIO(pdf), mimetype="application/pdf", download_name=f"{stem}.pdf")
    amounts = amounts_of_notice(call, unfunded)
    rows = [
        (_("Fund"), in_language(fund.name, current_language())),
        (_("Contributor"), one.name),
        (_("Capital call"), call.number),
        (_("What the call is for"), call.reference),
        (_("Issued on"), call.issued_on),
        (_("Due on"), call.due_on),
        *((str(title), amounts[name]) for name, title in AMOUNT_TITLES.items()),
    ]
    columns = [Column(_("Item"), lambda row: row[0]), Column(_("Value"), lambda row: row[1])]
    return list_file(extension, stem, columns, rows)

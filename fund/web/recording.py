"""Pages on which a fund's manager writes into the ledger, takes entries back, and keeps who contributes."""

from collections.abc import Callable

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.identifiers import show_tax_code
from accounts.models import Organisation
from accounts.web.answers import Answer, go, page
from foundation.access import access, current_actor, roles
from foundation.actors import Actor
from foundation.database import db
from foundation.errors import NotFound
from fund.books import Books
from fund.forms.postings import KINDS, ContributorForm, NewContributorForm, RecordForm, ReverseForm
from fund.models import FundContributor, LedgerEntry
from fund.operations import ledger
from fund.operations.contributors import ContributorFacts, describe_contributor, enter_contributor
from fund.operations.ledger import Voucher, open_books, today
from fund.queries.funds import find_contributor
from fund.queries.ledger import find_entry
from fund.rules import FUND_MANAGER
from fund.statement import position_of
from fund.titles import ACCOUNT_TITLES, KIND_TITLES
from fund.web.blueprint import blueprint
from fund.web.posting import kept_books, refused_beside

KEEPERS = roles(FUND_MANAGER)
BY_AMOUNT: dict[str, Callable[..., LedgerEntry]] = {
    "commitment": ledger.post_commitment,
    "payment": ledger.record_payment,
    "withdrawal_notice": ledger.note_withdrawal,
    "withdrawal": ledger.withdraw,
    "reduction": ledger.reduce_commitment,
    "late_interest": ledger.record_interest,
}


@blueprint.route("/funds/<code>/record/<kind>", methods=["GET", "POST"])
@access(KEEPERS)
def record_entry(code: str, kind: str) -> Answer:
    """Record what happened to the capital; refused amounts come back with the most that is allowed."""
    if kind not in KINDS:
        raise NotFound
    books, actor = kept_books(code), current_actor()
    form = RecordForm().asking(kind)
    form.offer(books.contributors, today())
    if form.validate_on_submit():
        with refused_beside(form, books, "amount" if "amount" in form else "contributor") as session:
            entry = _recorded(session, open_books(session, code, actor=actor), kind, form, actor)
            return go("fund.fund_ledger", _("Entry no. %(number)s is recorded.", number=entry.id), code=code)
    rows = [position_of(books, one) for one in books.contributors]
    return page("fund/record.html", form, fund=books.fund, kind=kind, title=KIND_TITLES[kind], rows=rows)


def _recorded(session: Session, books: Books, kind: str, form: RecordForm, actor: Actor) -> LedgerEntry:
    voucher = Voucher(kind, form.effective_on.data, form.reference.data or "", is_restated=bool(form.is_restated.data))
    if kind == "distribution":
        recallable = form.is_recallable.data == "yes"
        return ledger.distribute(
            session, books, form.amount.data, is_recallable=recallable, voucher=voucher, actor=actor
        )
    if kind == "transfer":
        shift = (form.contributor.data, form.taker.data)
        return ledger.transfer_share(session, books, shift, form.amount.data, voucher=voucher, actor=actor)
    who = form.contributor.data
    if kind == "default":
        return ledger.record_default(session, books, who, voucher=voucher, actor=actor)
    return BY_AMOUNT[kind](session, books, who, form.amount.data, voucher=voucher, actor=actor)


@blueprint.route("/funds/<code>/ledger/<int:entry>/reverse", methods=["GET", "POST"])
@access(KEEPERS)
def take_entry_back(code: str, entry: int) -> Answer:
    """Take an entry back by one with all signs turned."""
    books, actor, form = kept_books(code), current_actor(), ReverseForm()
    wrong = find_entry(db.session(), books.fund, entry)
    if form.effective_on.data is None and not form.effective_on.raw_data:
        form.effective_on.data = today()
    if form.validate_on_submit():
        with refused_beside(form, books, "") as session:
            made = ledger.reverse_entry(
                session,
                open_books(session, code, actor=actor),
                entry,
                effective_on=form.effective_on.data,
                reference=form.reference.data,
                actor=actor,
            )
            said = _("Entry no. %(number)s is taken back by no. %(other)s.", number=entry, other=made.id)
            return go("fund.fund_ledger", said, code=code)
    names = {one.id: one.name for one in books.contributors}
    found = {"fund": books.fund, "entry": wrong, "names": names, "kinds": KIND_TITLES, "accounts": ACCOUNT_TITLES}
    return page("fund/reverse.html", form, **found)


@blueprint.route("/funds/<code>/contributors/new", methods=["GET", "POST"])
@access(KEEPERS)
def new_contributor(code: str) -> Answer:
    """Enter one who will contribute."""
    books, actor, form = kept_books(code), current_actor(), NewContributorForm()
    if form.validate_on_submit():
        with refused_beside(form, books, "code") as session:
            kept = open_books(session, code, actor=actor)
            is_city = bool(form.is_city.data)
            enter_contributor(session, kept, form.code.data, _facts(form), is_city=is_city, actor=actor)
            return go("fund.fund", _("The contributor is entered."), code=code)
    return page("fund/contributor.html", form, fund=books.fund, contributor=None)


@blueprint.route("/funds/<code>/contributors/<who>", methods=["GET", "POST"])
@access(KEEPERS)
def edit_contributor(code: str, who: str) -> Answer:
    """The contract and the organisation of a contributor."""
    books, actor = kept_books(code), current_actor()
    known = find_contributor(db.session(), books.fund, who)
    form = ContributorForm(data=_shown(db.session(), known))
    del form.code
    if form.validate_on_submit():
        with refused_beside(form, books, "name") as session:
            kept = open_books(session, code, actor=actor)
            describe_contributor(session, kept, find_contributor(session, kept.fund, who), _facts(form), actor=actor)
            return go("fund.fund", _("The contributor is up to date."), code=code)
    return page("fund/contributor.html", form, fund=books.fund, contributor=known)


def _facts(form: ContributorForm) -> ContributorFacts:
    return ContributorFacts(
        name=form.name.data,
        tax_code=form.tax_code.data or "",
        contract_number=form.contract_number.data or "",
        signed_on=form.signed_on.data,
    )


def _shown(session: Session, known: FundContributor) -> dict[str, object]:
    """What is known already, as the form shows it."""
    chosen = select(Organisation.tax_code).where(Organisation.id == known.organisation_id)
    tax_code = session.scalar(chosen) if known.organisation_id else None
    return {
        "name": known.name,
        "tax_code": show_tax_code(tax_code),
        "contract_number": known.contract_number,
        "signed_on": known.signed_on,
    }

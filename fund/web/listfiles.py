"""The lists of a fund as files for spreadsheets: funds, deals, ledger, valuations, calls, and one's contributions."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from foundation.access import EVERYONE, SIGNED_IN
from foundation.downloads import all_rows, list_at
from foundation.exports import Column
from foundation.listkinds import Asking, Listed
from foundation.speech import current_language
from foundation.wording import in_language
from foundation.workdays import local_date
from fund.books import NOW, Moment, books_of
from fund.forms.valuations import BASIS_TITLES, METHOD_TITLES
from fund.queries.calls import calls_of
from fund.queries.deals import FILTERS, deals_page, pipeline_of
from fund.queries.funds import find_fund, readable_funds
from fund.queries.investors import own_holding, own_lines, own_places
from fund.queries.ledger import ledger_page
from fund.queries.public import public_funds
from fund.queries.valuations import valuations_page
from fund.titles import ACCOUNT_TITLES, CALL_TITLES, FUND_TITLES, KIND_TITLES, LEGAL_FORM_TITLES
from fund.web.blueprint import blueprint
from fund.web.deals import DEAL_READERS, ORIGIN_TITLES
from fund.web.funds import READERS, narrowing_of


@list_at(blueprint, "/funds", READERS, lazy_gettext("Funds"))
def funds_file(asking: Asking) -> Listed:
    """The funds whose books the reader may see."""
    return Listed("funds", _fund_columns(), readable_funds(asking.session, asking.actor))


@list_at(blueprint, "/state-capital", EVERYONE, lazy_gettext("City money in funds"))
def state_capital_file(asking: Asking) -> Listed:
    """The funds that are open to everybody."""
    return Listed("city-money-in-funds", _fund_columns(), public_funds(asking.session))


def _fund_columns() -> list[Column]:
    spoken = current_language()
    return [
        Column(_("Code"), lambda fund: fund.code),
        Column(_("Name"), lambda fund: in_language(fund.name, spoken)),
        Column(_("Legal form"), lambda fund: str(LEGAL_FORM_TITLES[fund.legal_form])),
        Column(_("State"), lambda fund: str(FUND_TITLES[fund.state])),
        Column(_("Demonstration"), lambda fund: _("Yes") if fund.is_demonstration else _("No")),
    ]


@list_at(blueprint, "/funds/<code>/deals", DEAL_READERS, lazy_gettext("Deals"), asked=FILTERS)
def deals_file(asking: Asking) -> Listed:
    """The pipeline of a fund under the filters of its list."""
    session, spoken = asking.session, current_language()
    pipeline = pipeline_of(session, asking["code"], actor=asking.actor)
    asked = {name: asking[name][:200] for name in FILTERS if asking[name]}
    fields = {choice.value: choice.label for choice in pipeline.pack.field_by_key["field"].choices}
    columns = [
        Column(_("Dossier"), lambda row: row.code or row.key),
        Column(_("Deal"), lambda row: row.title),
        Column(_("Company"), lambda row: row.company),
        Column(_("Stage"), lambda row: in_language(pipeline.pack.state_by_key[row.state].title, spoken)),
        Column(_("Amount"), lambda row: row.sought_vnd),
        Column(_("Field"), lambda row: in_language(fields[row.field], spoken)),
        Column(_("Origin"), lambda row: str(ORIGIN_TITLES[row.origin])),
        Column(_("In charge"), lambda row: row.holder),
        Column(_("Since"), lambda row: local_date(row.state_since)),
        Column(_("Due"), lambda row: local_date(row.due_at) if row.due_at else None),
    ]
    rows = all_rows(lambda after, size: deals_page(session, pipeline, asked, after=after, size=size))
    return Listed(f"{pipeline.fund.code}-deals", columns, rows)


@list_at(
    blueprint,
    "/funds/<code>/ledger",
    READERS,
    lazy_gettext("Ledger"),
    page="fund_ledger",
    asked=("contributor", "account", "since", "until"),
)
def ledger_file(asking: Asking) -> Listed:
    """Each line of each entry."""
    session = asking.session
    books, narrowing = (
        books_of(session, find_fund(session, asking["code"], actor=asking.actor)),
        narrowing_of(asking.asked),
    )
    names = {one.id: one.name for one in books.contributors}
    entries = all_rows(
        lambda after, size: ledger_page(session, books.fund, NOW, narrowing=narrowing, after=after, size=size)
    )
    columns = [
        Column(_("Entry"), lambda pair: pair[0].id),
        Column(_("Kind"), lambda pair: str(KIND_TITLES[pair[0].kind])),
        Column(_("Effective on"), lambda pair: pair[0].effective_on),
        Column(_("Recorded"), lambda pair: pair[0].recorded_at),
        Column(_("Due on"), lambda pair: pair[0].due_on),
        Column(_("Takes back entry"), lambda pair: pair[0].reverses_id),
        Column(_("Reference"), lambda pair: pair[0].reference),
        Column(_("Contributor"), lambda pair: names[pair[1].contributor_id]),
        Column(_("Account"), lambda pair: str(ACCOUNT_TITLES[pair[1].account])),
        Column(_("Amount"), lambda pair: pair[1].amount_vnd),
    ]
    return Listed(f"{books.fund.code}-ledger", columns, _lines(entries))


def _lines(entries: Iterator[Any]) -> Iterator[tuple[Any, Any]]:
    return ((entry, line) for entry in entries for line in entry.lines)


@list_at(blueprint, "/funds/<code>/valuations", READERS, lazy_gettext("Valuations"), page="fund_valuations")
def valuations_file(asking: Asking) -> Listed:
    """Everything that was entered, the latest first."""
    session = asking.session
    fund = find_fund(session, asking["code"], actor=asking.actor)
    columns = [
        Column(_("Valued on"), lambda one: one.valued_on),
        Column(_("Of what"), lambda one: one.position or _("The whole fund")),
        Column(_("Value"), lambda one: one.amount_vnd),
        Column(_("Kind of value"), lambda one: str(BASIS_TITLES[one.basis])),
        Column(_("Method"), lambda one: str(METHOD_TITLES[one.method])),
        Column(_("Source"), lambda one: one.source),
        Column(_("Recorded"), lambda one: one.recorded_at),
    ]
    rows = all_rows(lambda after, size: valuations_page(session, fund, Moment(), after=after, size=size))
    return Listed(f"{fund.code}-valuations", columns, rows)


@list_at(blueprint, "/funds/<code>/calls", READERS, lazy_gettext("Capital calls"), page="capital_calls")
def calls_file(asking: Asking) -> Listed:
    """All calls of a fund, the latest first."""
    fund = find_fund(asking.session, asking["code"], actor=asking.actor)
    columns = [
        Column(_("Call"), lambda call: call.number),
        Column(_("Reference"), lambda call: call.reference),
        Column(_("State"), lambda call: str(CALL_TITLES[call.state])),
        Column(_("Issued on"), lambda call: call.issued_on),
        Column(_("Due on"), lambda call: call.due_on),
        Column(_("Amount"), lambda call: call.amount_vnd),
        Column(_("For investments"), lambda call: call.investment_vnd),
        Column(_("For the management fee"), lambda call: call.fee_vnd),
        Column(_("For costs"), lambda call: call.cost_vnd),
    ]
    return Listed(f"{fund.code}-capital-calls", columns, calls_of(asking.session, fund))


@list_at(blueprint, "/investments", SIGNED_IN, lazy_gettext("Your contributions to funds"))
def investments_file(asking: Asking) -> Listed:
    """The funds to which the reader's organisations contribute."""
    spoken = current_language()
    columns = [
        Column(_("Code"), lambda pair: pair[0].code),
        Column(_("Fund"), lambda pair: in_language(pair[0].name, spoken)),
        Column(_("Contributor"), lambda pair: pair[1].name),
    ]
    return Listed("contributions", columns, own_places(asking.session, asking.actor))


@list_at(blueprint, "/investments/<code>/<contributor>/entries", SIGNED_IN, lazy_gettext("Entries on your account"),
         page="investment")  # fmt: skip
def own_entries_file(asking: Asking) -> Listed:
    """The entries on one's own account, the latest first."""
    session = asking.session
    holding = own_holding(session, asking["code"], asking["contributor"], actor=asking.actor)
    columns = [
        Column(_("Effective on"), lambda pair: pair[1].effective_on),
        Column(_("Kind"), lambda pair: str(KIND_TITLES[pair[1].kind])),
        Column(_("Reference"), lambda pair: pair[1].reference),
        Column(_("Due on"), lambda pair: pair[1].due_on),
        Column(_("Account"), lambda pair: str(ACCOUNT_TITLES[pair[0].account])),
        Column(_("Amount"), lambda pair: pair[0].amount_vnd),
    ]
    rows = all_rows(lambda after, size: own_lines(session, holding, after=after, size=size))
    return Listed(f"{holding.fund.code}-{holding.contributor.code}-entries", columns, rows)

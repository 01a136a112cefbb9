"""The lists of the parks as files for spreadsheets: parks, spaces, leases, requests, rounds, admissions, sheets."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from foundation.access import EVERYONE, SIGNED_IN
from foundation.database import now
from foundation.downloads import AT_ONCE, all_rows, list_at
from foundation.errors import NotFound
from foundation.exports import MOST_ROWS, Column
from foundation.listkinds import Asking, Listed
from foundation.speech import current_language
from foundation.wording import in_language
from foundation.workdays import local_date
from parks.leasefacts import frame_facts
from parks.queries.admissions import admissions_page, own_admissions, places_of_all
from parks.queries.indices import latest_frames
from parks.queries.leases import account_of_lease, accounts_of, find_lease, leases_page
from parks.queries.reportsheets import Narrowing, Question, whole_sheet
from parks.queries.rounds import find_round, rounds_page
from parks.queries.spaces import all_parks, find_park, present, spaces_page, tally
from parks.roundfacts import standings
from parks.rules import may_run, may_see_holders
from parks.statements import space_facts
from parks.tenancy import status_of
from parks.tenancyrules import rules_on
from parks.web import admissions, leases, rounds
from parks.web.blueprint import blueprint
from parks.web.names import KIND_TITLES, STATUS_TITLES, TENURE_TITLES, USE_TITLES
from parks.web.prices import RUNNERS, operator_of
from parks.web.reports import NARROWED_BY, READERS, question_of, spoken
from parks.web.reportwords import COLUMNS
from parks.web.spaces import sought_of


@list_at(blueprint, "/parks", EVERYONE, lazy_gettext("Parks"))
def parks_file(asking: Asking) -> Listed:
    """All parks with what is free in each."""
    session, said = asking.session, current_language()
    found = all_parks(session)
    counted = tally(session, [park.id for park in found], present())
    columns = [
        Column(_("Code"), lambda park: park.code),
        Column(_("Park"), lambda park: in_language(park.name, said)),
        Column(_("Address"), lambda park: in_language(park.place, said)),
        Column(_("Gross area, m²"), lambda park: park.gross_m2),
        Column(_("Area that can be let, m²"), lambda park: park.leasable_m2),
        Column(_("Spaces that are free"), lambda park: counted[park.id].get("available", (0, 0))[0]),
        Column(_("Free area, m²"), lambda park: counted[park.id].get("available", (0, 0))[1]),
    ]
    return Listed("parks", columns, found)


@list_at(
    blueprint, "/parks/<code>/spaces", EVERYONE, lazy_gettext("Spaces"), page="park",
    asked=("status", "use", "kind", "min_m2"),
)  # fmt: skip
def spaces_file(asking: Asking) -> Listed:
    """The spaces of a park as they stand, under the filters of its page; who has them stands elsewhere."""
    session, moment, sought = asking.session, present(), sought_of(asking.asked)
    park = find_park(session, asking["code"])
    columns = [
        Column(_("Space"), lambda one: one["code"]),
        Column(_("Name"), lambda one: one["name"]),
        Column(_("Part of"), lambda one: one["parent"]),
        Column(_("Kind"), lambda one: str(KIND_TITLES[one["kind"]])),
        Column(_("Use"), lambda one: str(USE_TITLES[one["use"]]) if one["use"] else None),
        Column(_("Tenure"), lambda one: str(TENURE_TITLES[one["tenure"]]) if one["tenure"] else None),
        Column(_("Status"), lambda one: str(STATUS_TITLES[one["status"]]) if one["status"] else None),
        Column(_("Area, m²"), lambda one: one["usable_m2"]),
        Column(_("Free area, m²"), lambda one: one["free_m2"]),
        Column(_("Taken until"), lambda one: one["taken_until"]),
    ]
    rows = all_rows(lambda after, size: spaces_page(session, park, sought, moment, after=after, size=size))
    return Listed(f"{park.code}-spaces", columns, (space_facts(row) for row in rows))


@list_at(leases.blueprint, "/leases", SIGNED_IN, lazy_gettext("Leases"), page="leases_list")
def leases_file(asking: Asking) -> Listed:
    """The leases that the reader may see, each with where it stands and what is overdue."""
    session, on = asking.session, local_date(now())
    columns = [
        Column(_("Lease number"), lambda pair: pair[0].key),
        Column(_("Tenant"), lambda pair: pair[0].tenant),
        Column(_("Space"), lambda pair: pair[0].space.code),
        Column(_("First day"), lambda pair: pair[0].starts_on),
        Column(_("Last day"), lambda pair: pair[0].terminated_on or pair[0].ends_on),
        Column(_("Status"), lambda pair: str(leases.STATUS_TITLES[status_of(pair[0], on, rules_on(on))])),
        Column(_("Overdue"), lambda pair: sum(pair[1].arrears(on).values())),
    ]
    found = all_rows(lambda after, size: leases_page(session, asking.actor, after=after, size=size))
    return Listed("leases", columns, _with_accounts(asking, found))


def _with_accounts(asking: Asking, found: Iterator[Any]) -> Iterator[tuple[Any, Any]]:
    while some := list(islice(found, AT_ONCE)):
        accounts = accounts_of(asking.session, [lease.id for lease in some])
        yield from ((lease, accounts[lease.id]) for lease in some)


@list_at(leases.blueprint, "/leases/<key>/requests", SIGNED_IN, lazy_gettext("Payment requests"), page="lease")
def requests_file(asking: Asking) -> Listed:
    """What was asked of a lease, and what of it is open."""
    lease = find_lease(asking.session, asking["key"], actor=asking.actor)
    account, on = account_of_lease(asking.session, lease), local_date(now())
    columns = [
        Column(_("Request"), lambda one: one.key),
        Column(_("First day"), lambda one: one.from_on),
        Column(_("Last day"), lambda one: one.to_on),
        Column(_("Issued on"), lambda one: one.issued_on),
        Column(_("Due on"), lambda one: one.due_on),
        Column(_("Rent"), lambda one: one.rent_vnd),
        Column(_("Service charge"), lambda one: one.service_vnd),
        Column(_("Value-added tax"), lambda one: one.vat_vnd),
        Column(_("To be paid"), lambda one: one.owed_vnd),
        Column(_("Open"), lambda one: account.open_of(one, on)),
    ]
    return Listed(f"{lease.key}-requests", columns, account.requests)


@list_at(
    blueprint, "/parks/<code>/prices", RUNNERS, lazy_gettext("Registered price frames"), page="prices",
    asked=("operator",),
)  # fmt: skip
def prices_file(asking: Asking) -> Listed:
    """The price frames of an operator, the latest first. Raises NotFound or NotAllowed."""
    operator = operator_of(asking.session, asking["code"], asking["operator"] or None, actor=asking.actor)
    columns = [
        Column(_("Use"), lambda one: str(USE_TITLES[one["use"]])),
        Column(_("Registered from"), lambda one: one["valid_from"]),
        Column(_("To be registered again by"), lambda one: one["holds_until"]),
        Column(_("Lowest rent, VND per m² and month"), lambda one: one["lowest_vnd_m2"]),
        Column(_("Highest rent, VND per m² and month"), lambda one: one["highest_vnd_m2"]),
        Column(_("Number of the registration"), lambda one: one["reference"]),
    ]
    frames = latest_frames(asking.session, operator.id, MOST_ROWS)
    return Listed(f"{operator.code}-prices", columns, (frame_facts(frame) for frame in frames))


@list_at(rounds.blueprint, "/rounds", EVERYONE, lazy_gettext("Rounds for spaces"), page="rounds_list")
def rounds_file(asking: Asking) -> Listed:
    """All rounds, the newest first."""
    said = current_language()
    columns = [
        Column(_("Code"), lambda one: one.key),
        Column(_("Title"), lambda one: in_language(one.title, said)),
        Column(_("Park"), lambda one: in_language(one.park.name, said)),
        Column(_("Closes on"), lambda one: one.closes_on),
        Column(_("First day"), lambda one: one.starts_on),
        Column(_("Last day"), lambda one: one.ends_on),
        Column(_("Decided on"), lambda one: local_date(one.decided_at) if one.decided_at else None),
    ]
    found = all_rows(lambda after, size: rounds_page(asking.session, after=after, size=size))
    return Listed("rounds", columns, found)


@list_at(rounds.blueprint, "/rounds/<key>/firms", EVERYONE, lazy_gettext("Ranking"), page="allocation_round")
def ranking_file(asking: Asking) -> Listed:
    """The firms of a round by rank, once it is decided; before that for those who run the park. Raises NotFound."""
    contest = find_round(asking.session, asking["key"])
    if contest.decided_at is None and not may_run(asking.actor, contest.park.code):
        raise NotFound
    columns = [
        Column(_("Rank"), lambda row: row.rank),
        Column(_("Firm"), lambda row: row.firm.name),
        Column(_("Score"), lambda row: row.score),
        Column(_("Space"), lambda row: row.offer.space.code if row.offer else row.place),
        Column(_("Answer"), lambda row: str(rounds.ANSWER_TITLES[row.offer.answer]) if row.offer else None),
    ]
    return Listed(contest.key, columns, standings(contest).rows)


@list_at(
    admissions.blueprint, "/parks/<code>/admissions", admissions.READERS, lazy_gettext("Admissions to parks"),
    page="park_admissions", asked=("show",),
)  # fmt: skip
def admissions_file(asking: Asking) -> Listed:
    """Who was admitted to a park; those without a place, or all."""
    session, park = asking.session, find_park(asking.session, asking["code"])
    if not may_see_holders(asking.actor, park.code):
        raise NotFound
    waiting = asking["show"] != "all"
    found = all_rows(lambda after, size: admissions_page(session, park, waiting=waiting, after=after, size=size))
    columns = [
        Column(_("Admission"), lambda pair: pair[0].key),
        Column(_("Firm"), lambda pair: pair[0].organisation.name_vi),
        Column(_("Project"), lambda pair: pair[0].title),
        Column(_("Kind"), lambda pair: str(admissions.KIND_TITLES[pair[0].kind])),
        Column(_("Admitted on"), lambda pair: local_date(pair[0].admitted_at)),
        Column(_("Ended on"), lambda pair: local_date(pair[0].ended_at) if pair[0].ended_at else None),
        Column(_("Place"), lambda pair: ", ".join(place.space.code for place in pair[1])),
    ]
    return Listed(f"{park.code}-admissions", columns, _with_places(asking, found))


def _with_places(asking: Asking, found: Iterator[Any]) -> Iterator[tuple[Any, Sequence[Any]]]:
    while some := list(islice(found, AT_ONCE)):
        places = places_of_all(asking.session, some)
        yield from ((one, places.get(one.id, [])) for one in some)


@list_at(
    admissions.blueprint, "/admissions", SIGNED_IN, lazy_gettext("Your admissions"), page="admissions_home"
)  # fmt: skip
def own_admissions_file(asking: Asking) -> Listed:
    """The admissions of the organisations that the reader belongs to."""
    said = current_language()
    columns = [
        Column(_("Admission"), lambda one: one.key),
        Column(_("Firm"), lambda one: one.organisation.name_vi),
        Column(_("Project"), lambda one: one.title),
        Column(_("Kind"), lambda one: str(admissions.KIND_TITLES[one.kind])),
        Column(_("Park"), lambda one: in_language(one.park.name, said)),
        Column(_("Admitted on"), lambda one: local_date(one.admitted_at)),
    ]
    return Listed("admissions", columns, own_admissions(asking.session, asking.actor))


@list_at(blueprint, "/park-reports/<sheet>", READERS, lazy_gettext("Reports on parks"), page="report_sheet",
         asked=("code", "as_of", *NARROWED_BY))  # fmt: skip
def report_sheet_file(asking: Asking) -> Listed:
    """The rows behind a figure. Raises NotFound."""
    sheet = asking["sheet"]
    if sheet not in COLUMNS:
        raise NotFound
    asked = question_of(asking.session, asking["code"], asking["as_of"], actor=asking.actor)
    question = Question(asking.actor, asked.on, asked.rules, asked.park)
    narrowing = Narrowing(**{name: asking[name] for name in NARROWED_BY})
    columns = [Column(str(one.title), _reads(one)) for one in COLUMNS[sheet]]
    return Listed(sheet, columns, whole_sheet(asking.session, question, sheet, narrowing))


def _reads(column: Any) -> Any:
    return lambda row: spoken(column, row[column.name])

"""Where leases stand and how they end: early, renewed, held over, handed back; and what is owed for each day."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import as_of
from foundation.errors import Invalid
from foundation.notices import notices_of
from parks.models import Lease
from parks.operations import leases
from parks.operations.billing import issue_requests
from parks.operations.leases import StatedRelief
from parks.operations.passing import pass_on_lapsed
from parks.operations.renewals import tell_of_renewals
from parks.operations.waiting import join_queue
from parks.queries.leases import account_of_lease, find_lease
from parks.tenancy import renewal_clock, status_of
from parks.tenancyrules import rules_on
from tests.accounts.factories import make_organisation, make_person
from tests.parks.grounds import make_park, wanted
from tests.parks.leases import make_lease, stated

NOW = datetime(2026, 7, 10, 3, tzinfo=UTC)
TODAY = date(2026, 7, 10)


@pytest.fixture(autouse=True)
def park(session: Session) -> None:
    make_park(session)


@pytest.mark.parametrize(
    ("on", "status"),
    [
        ("2026-03-16", "signed"),
        ("2026-03-17", "active"),
        ("2026-09-15", "active"),
        ("2026-09-16", "expiring"),
        ("2027-03-16", "expiring"),
        ("2027-03-17", "holding_over"),
    ],
)
def test_where_a_lease_stands_follows_from_its_days(session: Session, on: str, status: str) -> None:
    lease = make_lease(session)

    assert status_of(lease, date.fromisoformat(on), rules_on(TODAY)) == status


def test_an_early_end_frees_the_space_and_stops_the_rent(session: Session) -> None:
    with as_of(NOW):
        lease = make_lease(session)
        leases.terminate_lease(session, lease.key, last_on=date(2026, 8, 15), actor=SYSTEM)
        issue_requests(session, date(2026, 8, 31))
        follower = leases.draft_lease(session, "P1-U1", stated("2026-08-16", "2027-08-15", tenant="B"), actor=SYSTEM)
        leases.sign_lease(session, follower.key, signed_on=TODAY, actor=SYSTEM)
    with as_of(datetime(2026, 9, 1, tzinfo=UTC)):
        with pytest.raises(Invalid):
            leases.hand_back(session, lease.key, on=date(2026, 8, 14), actor=SYSTEM)
        leases.hand_back(session, lease.key, on=date(2026, 8, 20), actor=SYSTEM)

    requests = account_of_lease(session, lease).requests
    assert (len(requests), requests[-1].to_on, requests[-1].total_vnd) == (6, date(2026, 8, 15), 14_516_129)
    assert status_of(lease, date(2026, 8, 16), rules_on(TODAY)) == "holding_over"
    assert status_of(lease, date(2026, 8, 20), rules_on(TODAY)) == "ended"


def test_a_renewal_follows_on_the_last_day_by_its_clock(session: Session) -> None:
    rises = {"kind": "percent", "rate": "0.05", "every_months": 12}
    lease = make_lease(session, deposit_vnd=7, escalation=rises)

    renewed = leases.offer_renewal(
        session, lease.key, ends_on=date(2028, 3, 16), base_vnd_m2=Decimal(260_000), actor=SYSTEM
    )

    read = find_lease(session, renewed.key, actor=SYSTEM)
    assert (read.starts_on, read.tenant, read.deposit_vnd) == (date(2027, 3, 17), "Công ty A", 7)
    assert (read.renews_id, read.escalation) == (lease.id, rises)
    clock = renewal_clock(lease, rules_on(TODAY))
    assert (clock.remind_on, clock.offer_by, clock.accept_by) == (
        date(2026, 9, 16),
        date(2027, 1, 16),
        date(2027, 2, 6),
    )


def test_who_stays_after_the_term_pays_the_last_rent_for_each_day(session: Session) -> None:
    lease = make_lease(session, last="2026-06-10", service_vnd_m2=Decimal(10_000))
    half = StatedRelief("programme", Decimal("0.5"), date(2026, 1, 1), date(2027, 1, 1), "No. 7", "Programme")
    leases.grant_relief(session, lease.key, half, actor=SYSTEM)

    while_it_lasts = issue_requests(session, date(2026, 6, 30))
    after_a_pause = issue_requests(session, date(2026, 8, 3))
    with as_of(datetime(2026, 8, 20, tzinfo=UTC)):
        leases.hand_back(session, lease.key, on=date(2026, 8, 15), actor=SYSTEM)
    at_the_end = [issue_requests(session, date(2026, 8, 20)) for _turn in range(2)]

    stayed = [one for one in account_of_lease(session, lease).requests if one.is_hold_over]
    assert (while_it_lasts, after_a_pause, at_the_end) == (4, 2, [1, 0])
    assert [(one.from_on, one.to_on, one.rent_vnd, one.programme_vnd, one.total_vnd) for one in stayed] == [
        (date(2026, 6, 11), date(2026, 6, 30), 20_000_000, 0, 20_800_000),
        (date(2026, 7, 1), date(2026, 7, 31), 30_000_000, 0, 31_200_000),
        (date(2026, 8, 1), date(2026, 8, 15), 14_516_129, 0, 15_096_774),
    ]


def test_whoever_signed_a_renewal_does_not_stay_on(session: Session) -> None:
    lease = make_lease(session, last="2026-06-30")
    renewed = leases.offer_renewal(
        session, lease.key, ends_on=date(2027, 6, 30), base_vnd_m2=Decimal(260_000), actor=SYSTEM
    )
    with as_of(NOW):
        leases.sign_lease(session, renewed.key, signed_on=date(2026, 6, 20), actor=SYSTEM)

    assert issue_requests(session, date(2026, 8, 2)) == 6
    assert [one.from_on for one in account_of_lease(session, renewed).requests] == [date(2026, 7, 1), date(2026, 8, 1)]


def test_an_early_end_takes_back_what_was_asked_for_later_days(session: Session) -> None:
    with as_of(NOW):
        lease = make_lease(session)
        issue_requests(session, date(2026, 7, 2))
        leases.terminate_lease(session, lease.key, last_on=date(2026, 7, 15), actor=SYSTEM)

    last = account_of_lease(session, lease).requests[-1]
    assert (last.total_vnd, last.owed_vnd) == (30_000_000, 14_516_129)


def owed_by_month(session: Session, lease: Lease) -> dict[str, int]:
    return {f"{one.from_on:%m-%d}": one.owed_vnd for one in account_of_lease(session, lease).requests}


def test_who_stays_after_an_early_end_pays_each_day_of_a_month_asked_for_before(session: Session) -> None:
    """The clock puts it right by itself, whenever it runs, and a second run finds nothing."""
    with as_of(NOW):
        lease = make_lease(session)
        issue_requests(session, date(2026, 7, 2))
        leases.terminate_lease(session, lease.key, last_on=date(2026, 7, 15), actor=SYSTEM)
        issue_requests(session, date(2026, 7, 31))
        while_it_lasts = owed_by_month(session, lease)["07-01"]
    for _turn in range(2):
        issue_requests(session, date(2026, 9, 3))
    after_a_pause = owed_by_month(session, lease)
    with as_of(datetime(2026, 9, 20, tzinfo=UTC)):
        leases.hand_back(session, lease.key, on=date(2026, 8, 10), actor=SYSTEM)
    for _turn in range(2):
        issue_requests(session, date(2026, 9, 20))

    assert while_it_lasts == 14_516_129
    assert (after_a_pause["07-01"], after_a_pause["08-01"]) == (30_000_000, 30_000_000)
    handed_back = owed_by_month(session, lease)
    assert (handed_back["07-01"], handed_back["08-01"], len(handed_back)) == (30_000_000, 9_677_419, 6)
    rows = session.execute(text("SELECT amount_vnd, is_stay FROM request_corrections ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [(-15_483_871, False), (15_483_871, True), (-20_322_581, True)]


def test_the_rule_of_a_stay_says_how_sure_its_source_is() -> None:
    rules = rules_on(TODAY)

    assert (rules.hold_over_certainty, set(rules.hold_over_source)) == ("memory", {"vi", "en", "fr"})


def test_a_renewal_signed_late_takes_back_what_was_asked_for_the_stay(session: Session) -> None:
    lease = make_lease(session, last="2026-06-30")
    issue_requests(session, date(2026, 8, 2))
    renewed = leases.offer_renewal(
        session, lease.key, ends_on=date(2027, 6, 30), base_vnd_m2=Decimal(260_000), actor=SYSTEM
    )
    with as_of(datetime(2026, 8, 5, tzinfo=UTC)):
        leases.sign_lease(session, renewed.key, signed_on=date(2026, 8, 4), actor=SYSTEM)
    issue_requests(session, date(2026, 8, 5))

    assert owed_by_month(session, lease)["07-01"] == 0
    assert owed_by_month(session, renewed) == {"07-01": 31_200_000, "08-01": 31_200_000}


@pytest.mark.parametrize("step", ["terminate", "hand_back"])
def test_who_waits_gets_the_space_as_soon_as_a_tenant_gives_it_up(session: Session, step: str) -> None:
    with as_of(NOW):
        lease = make_lease(session)
        wish = wanted("2026-09-01", "2027-08-31", holder="Waiting")
        join_queue(session, "P1-U1", wish, actor=SYSTEM)
        leases.terminate_lease(session, lease.key, last_on=date(2026, 8, 15), actor=SYSTEM)
    if step == "hand_back":
        with as_of(datetime(2026, 8, 20, tzinfo=UTC)):
            pass_on_lapsed(session)
            join_queue(session, "P1-U1", wish, actor=SYSTEM)
            leases.hand_back(session, lease.key, on=date(2026, 8, 19), actor=SYSTEM)

    given = session.execute(text("SELECT holder, release_reason FROM space_allocations ORDER BY id")).all()
    expected = [("Công ty A", None), ("Waiting", None)]
    assert [tuple(row) for row in given] == (
        expected if step == "terminate" else [expected[0], ("Waiting", "lapsed"), expected[1]]
    )


def test_both_sides_are_told_of_the_days_of_a_renewal_once(session: Session) -> None:
    firm = make_organisation(session)
    tenant = make_person(session, organisation=firm)
    runner = make_person(session, grants=[{"role": "park_administrator", "scope_park": "P1"}])
    stranger = make_person(session, grants=[{"role": "park_administrator", "scope_park": "P2"}])
    make_lease(session, first="2028-03-17", last="2029-03-16", organisation_id=firm.id)
    days = [date(2028, 9, 15), date(2028, 9, 16), date(2028, 9, 17), date(2029, 1, 16), date(2029, 2, 6)]

    told = [tell_of_renewals(session, day) for day in (*days, date(2029, 2, 7), date(2029, 2, 8))]

    assert told == [0, 1, 0, 1, 0, 1, 0]
    kinds = ["renewal_accept_due", "renewal_offer_due", "renewal_opens"]
    for person, heard in ((tenant, kinds), (runner, kinds), (stranger, [])):
        assert [one.kind for one in notices_of(session, person.id).rows] == heard

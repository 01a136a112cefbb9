"""Leases: drafted within the registered frame, fixed by the signature, billed exactly once, paid and ended."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import as_of
from foundation.errors import Blocked, Invalid
from foundation.notices import notices_of
from parks.models import Lease, ParkOperator, PaymentRequest
from parks.operations import billing, leases, payments
from parks.operations.billing import issue_batches, issue_requests
from parks.operations.frames import StatedFrame, register_frame
from parks.operations.indices import enter_index_value
from parks.operations.leases import StatedRelief
from parks.operations.passing import pass_on_lapsed
from parks.operations.reminding import remind_tenants
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


def frame(valid_from: str = "2026-02-01", *, is_exempt: bool = False) -> StatedFrame:
    return StatedFrame(
        "research",
        lowest_vnd_m2=Decimal(200_000),
        highest_vnd_m2=Decimal(300_000),
        service_highest_vnd_m2=Decimal(50_000),
        valid_from=date.fromisoformat(valid_from),
        reference="12/BQL",
        is_land_rent_exempt=is_exempt,
    )


def operator(session: Session, kind: str = "public_board") -> ParkOperator:
    found = session.scalars(select(ParkOperator)).one()
    found.kind = kind
    session.flush()
    return found


def refusals(problem: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {field: reasons[0].code for field, reasons in problem.value.fields.items()}


def test_a_signature_lets_the_space_once(session: Session) -> None:
    make_lease(session)
    other = leases.draft_lease(session, "P1-U1", stated("2027-03-16", "2027-12-31", tenant="B"), actor=SYSTEM)

    with pytest.raises(Blocked) as refusal:
        leases.sign_lease(session, other.key, signed_on=date(2026, 3, 2), actor=SYSTEM)

    assert [reason.code for reason in refusal.value.reasons] == ["space_taken"]


def test_signed_terms_stay_whoever_writes(session: Session) -> None:
    lease = make_lease(session)

    for change in ("base_vnd_m2 = 1", "ends_on = ends_on + 1", "signed_on = NULL, allocation_id = NULL"):
        with pytest.raises(DBAPIError, match="is signed"), session.begin_nested():
            session.execute(text(f"UPDATE leases SET {change} WHERE id = :id"), {"id": lease.id})  # noqa: S608 - ours


def test_prices_keep_to_the_registered_frame(session: Session) -> None:
    with as_of(NOW):
        register_frame(session, operator(session), frame(is_exempt=True), actor=SYSTEM)

        with pytest.raises(Invalid) as refusal:
            leases.draft_lease(
                session,
                "P1-U1",
                stated(base_vnd_m2=Decimal(300_001), service_vnd_m2=Decimal(60_000), land_rent_vnd_m2=Decimal(1)),
                actor=SYSTEM,
            )

    assert refusals(refusal) == {
        "base_vnd_m2": "price_outside_frame",
        "service_vnd_m2": "price_outside_frame",
        "land_rent_vnd_m2": "land_rent_exempt",
    }


def test_a_frame_must_be_registered_again_after_six_months(session: Session) -> None:
    register_frame(session, operator(session, "private_owner"), frame("2026-01-10"), actor=SYSTEM)

    with as_of(NOW), pytest.raises(Blocked) as refusal:
        leases.draft_lease(session, "P1-U1", stated(), actor=SYSTEM)

    assert refusal.value.reasons[0].code == "frame_lapsed"


def test_a_private_owner_lets_nothing_without_a_frame(session: Session) -> None:
    operator(session, "private_owner")

    with as_of(NOW), pytest.raises(Blocked) as refusal:
        leases.draft_lease(session, "P1-U1", stated(), actor=SYSTEM)

    assert refusal.value.reasons[0].code == "frame_missing"


def test_a_relief_needs_evidence_and_changes_the_months_it_is_valid(session: Session) -> None:
    lease = make_lease(session)
    half, april = Decimal("0.5"), (date(2026, 4, 1), date(2026, 4, 30))

    with pytest.raises(Invalid) as refusal:
        leases.grant_relief(session, lease.key, StatedRelief("statutory", half, *april, "", "Law"), actor=SYSTEM)
    leases.grant_relief(session, lease.key, StatedRelief("statutory", half, *april, "No. 7", "Law"), actor=SYSTEM)
    issue_requests(session, date(2026, 5, 1))

    assert refusals(refusal) == {"evidence": "required"}
    rows = account_of_lease(session, lease).requests
    assert [(one.from_on, one.statutory_vnd, one.total_vnd) for one in rows] == [
        (date(2026, 3, 17), 0, 14_516_129),
        (date(2026, 4, 1), 15_000_000, 15_000_000),
        (date(2026, 5, 1), 0, 30_000_000),
    ]


def test_a_clock_that_stood_still_issues_exactly_what_is_missing(session: Session) -> None:
    lease = make_lease(session)
    other = make_lease(session, "P1-U2", tenant="B", first="2026-05-20", last="2026-06-10")
    leases.hand_back(session, other.key, on=date(2026, 6, 10), actor=SYSTEM)
    assert issue_requests(session, date(2026, 4, 2)) == 2

    healed = issue_requests(session, date(2026, 7, 2))
    again = issue_requests(session, date(2026, 7, 2))

    assert (healed, again) == (5, 0)
    months = [one.from_on for one in account_of_lease(session, lease).requests]
    assert months == [date(2026, 3, 17), *(date(2026, month, 1) for month in (4, 5, 6, 7))]
    assert session.scalar(select(func.max(PaymentRequest.due_on))) == date(2026, 7, 12)


def test_a_run_that_was_cut_off_goes_on_where_it_stood(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(billing, "BATCH", 1)
    for number in (1, 2, 3):
        make_lease(session, f"P1-U{number}", first="2026-06-01")

    cut_off = next(issue_batches(session, date(2026, 7, 2)))

    assert (cut_off, issue_requests(session, date(2026, 7, 2)), issue_requests(session, date(2026, 7, 2))) == (2, 4, 0)


def test_a_month_is_asked_for_once_whoever_writes(session: Session) -> None:
    make_lease(session)
    issue_requests(session, date(2026, 4, 2))
    again = "INSERT INTO payment_requests (lease_id, from_on, to_on, issued_on, due_on, rent_vnd, statutory_vnd, "
    again += "programme_vnd, service_vnd, vat_vnd, total_vnd) SELECT lease_id, from_on + 1, to_on, issued_on, due_on, "
    again += "rent_vnd, 0, 0, service_vnd, vat_vnd, total_vnd FROM payment_requests"

    with pytest.raises(DBAPIError, match="ex_payment_requests_period"), session.begin_nested():
        session.execute(text(again))


def test_payments_settle_the_oldest_and_arrears_have_an_age(session: Session) -> None:
    lease = make_lease(session, late_rate=Decimal("0.1"), payment_days=5)
    for on in (date(2026, 3, 17), date(2026, 4, 1), date(2026, 5, 1)):
        issue_requests(session, on)

    with as_of(NOW):
        payments.record_payment(
            session, lease.key, received_on=date(2026, 4, 6), amount_vnd=34_516_129, reference="FT1", actor=SYSTEM
        )
        with pytest.raises(Invalid):
            payments.record_payment(
                session, lease.key, received_on=date(2026, 4, 7), amount_vnd=1, reference="FT1", actor=SYSTEM
            )

    account = account_of_lease(session, lease)
    assert [account.open_of(one, TODAY) for one in account.requests] == [0, 10_000_000, 30_000_000]
    assert account.arrears(TODAY) == {"to_30": 0, "to_60": 0, "to_90": 30_000_000, "above_90": 10_000_000}
    assert account.settlement.credit_vnd == 0


def test_a_deposit_is_never_overdrawn(session: Session) -> None:
    lease = make_lease(session)
    with as_of(NOW):
        payments.enter_deposit(session, lease.key, "received", 90, entered_on=TODAY, reason="Contract", actor=SYSTEM)
        with pytest.raises(Blocked):
            payments.enter_deposit(session, lease.key, "drawn", 91, entered_on=TODAY, reason="Decision 3", actor=SYSTEM)
        payments.enter_deposit(session, lease.key, "returned", 40, entered_on=TODAY, reason="End", actor=SYSTEM)

    assert payments.deposit_held(session, lease.id) == 50
    overdrawn = "INSERT INTO lease_deposits (lease_id, kind, amount_vnd, entered_on, reason, recorded_at) "
    with pytest.raises(DBAPIError, match="overdrawn"), session.begin_nested():
        session.execute(text(f"{overdrawn} VALUES (:id, 'drawn', 51, '2026-07-10', 'x', now())"), {"id": lease.id})


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


def test_a_tenant_is_reminded_once_for_each_term_until_it_paid(session: Session) -> None:
    firm = make_organisation(session)
    person = make_person(session, organisation=firm)
    lease = make_lease(session, last="2026-03-31", organisation_id=firm.id, payment_days=5)
    issue_requests(session, date(2026, 3, 17))
    days = (date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30), date(2026, 4, 6), date(2026, 5, 30))

    reminded = [remind_tenants(session, day) for day in days]

    assert reminded == [0, 1, 0, 1, 0]
    assert [one.facts["open_vnd"] for one in notices_of(session, person.id).rows] == [14_516_129] * 2
    assert account_of_lease(session, lease).requests[0].reminders == 2


def test_nobody_is_reminded_of_what_is_paid(session: Session) -> None:
    lease = make_lease(session, last="2026-03-31", payment_days=5)
    issue_requests(session, date(2026, 3, 17))
    with as_of(NOW):
        payments.record_payment(
            session, lease.key, received_on=date(2026, 3, 20), amount_vnd=14_516_129, reference="FT1", actor=SYSTEM
        )

    assert remind_tenants(session, date(2026, 5, 30)) == 0


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


def test_a_rent_follows_the_index_that_is_entered_after_the_signature(session: Session) -> None:
    with as_of(NOW):
        enter_index_value(session, operator(session), date(2026, 2, 6), Decimal(100), source="NSO", actor=SYSTEM)
        lease = make_lease(session, last="2028-03-16", escalation={"kind": "index", "every_months": 12})
    with as_of(datetime(2027, 3, 10, tzinfo=UTC)):
        enter_index_value(session, operator(session), date(2027, 3, 6), Decimal(104), source="NSO", actor=SYSTEM)
    issue_requests(session, date(2027, 4, 1))

    assert account_of_lease(session, lease).requests[-1].rent_vnd == 31_200_000


def test_a_lease_that_follows_an_index_needs_its_first_value(session: Session) -> None:
    with pytest.raises(Invalid) as refusal:
        make_lease(session, escalation={"kind": "index", "every_months": 12})

    assert refusals(refusal) == {"escalation.index": "rent_index_begins_late"}


def test_a_request_is_corrected_by_a_row_with_its_reason_and_never_below_nothing(session: Session) -> None:
    lease = make_lease(session, last="2026-03-31")
    issue_requests(session, date(2026, 3, 17))
    (request,) = account_of_lease(session, lease).requests

    payments.correct_request(session, lease.key, request.key, -4_516_129, reason="Water cut off", actor=SYSTEM)
    for amount, reason, refused in ((-10_000_001, "x", Blocked), (1, " ", Invalid), (0, "x", Invalid)):
        with pytest.raises(refused):
            payments.correct_request(session, lease.key, request.key, amount, reason=reason, actor=SYSTEM)

    assert account_of_lease(session, lease).open_of(request, TODAY) == 10_000_000
    with pytest.raises(DBAPIError, match="corrected by a row"), session.begin_nested():
        session.execute(text("UPDATE payment_requests SET corrected_vnd = 0"))


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

"""Leases: drafted within the registered frame, fixed by the signature, billed exactly once, reminded of and paid."""

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
from parks.models import ParkOperator, PaymentRequest
from parks.operations import billing, leases, payments
from parks.operations.billing import issue_batches, issue_requests
from parks.operations.frames import StatedFrame, register_frame
from parks.operations.indices import enter_index_value
from parks.operations.leases import StatedRelief
from parks.operations.reminding import remind_tenants
from parks.queries.leases import account_of_lease
from tests.accounts.factories import make_organisation, make_person
from tests.parks.grounds import make_park
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

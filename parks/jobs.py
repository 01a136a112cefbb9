"""What the clock does for tenancies: requests by the month, offers that move on."""

from sqlalchemy.orm import Session

from foundation.database import now
from foundation.jobs import task
from foundation.workdays import local_date
from parks.operations.billing import issue_batches
from parks.operations.corrections import correct_stays
from parks.operations.offers import lapse_offers
from parks.operations.reminding import remind_tenants
from parks.operations.renewals import tell_batches


@task("parks:request:issue", every="10 17 * * *")
def issue_payment_requests(session: Session) -> None:
    """Shortly after midnight in Hanoi, ask for each month that has begun, and for days stayed after an early end."""
    for _issued in issue_batches(session, local_date(now())):
        session.commit()
    for _corrected in correct_stays(session, local_date(now())):
        session.commit()


@task("parks:request:remind", every="30 1 * * *")
def remind_of_requests(session: Session) -> None:
    """In the morning, remind tenants of what is overdue."""
    remind_tenants(session, local_date(now()))


@task("parks:renewal:tell", every="40 1 * * *")
def tell_of_renewal_days(session: Session) -> None:
    """In the morning, tell of leases whose renewal is to be spoken of, offered or accepted."""
    for _told in tell_batches(session, local_date(now())):
        session.commit()


@task("parks:offer:lapse", every="*/10 * * * *")
def move_offers_on(session: Session) -> None:
    """Offer to the next in line what nobody accepted in time."""
    lapse_offers(session, now())

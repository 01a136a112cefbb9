"""What the clock does for tenancies: requests by the month."""

from sqlalchemy.orm import Session

from foundation.database import now
from foundation.jobs import task
from foundation.workdays import local_date
from parks.operations.billing import issue_batches


@task("parks:request:issue", every="10 17 * * *")
def issue_payment_requests(session: Session) -> None:
    """Shortly after midnight in Hanoi, ask for each month that has begun and was not asked for."""
    for _issued in issue_batches(session, local_date(now())):
        session.commit()

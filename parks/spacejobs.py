"""What the clock does for spaces: what lapsed goes to the next in the queue."""

from sqlalchemy.orm import Session

from foundation.jobs import task
from parks.operations.passing import pass_on_lapsed


@task("parks:allocation:pass_on", every="7,17,27,37,47,57 * * * *")
def pass_on_lapsed_spaces(session: Session) -> None:
    """Spaces are free from the moment a hold lapses; within ten minutes the next has it and everybody knows."""
    pass_on_lapsed(session)

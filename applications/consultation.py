"""Other bodies whose opinion is asked side by side, each with its own clock: who is late holds nobody up."""

from collections.abc import Iterator

from flask_babel import lazy_gettext

from applications.firing import Firing
from applications.registry import guard
from foundation.errors import Reason
from foundation.reasons import register_reasons
from foundation.workdays import local_date

OPINIONS = "opinion_clocks"
"""Parameter of a pack: the clocks that run while others are asked."""


@guard
def opinion_is_awaited(firing: Firing) -> Iterator[Reason]:
    """The department of this step was asked, and has not answered yet."""
    asked = {key for key, verb in firing.step.clocks.items() if verb == "stop"}
    if not any(run.clock in asked and run.ended_at is None for run in firing.runs):
        yield Reason("opinion_not_awaited")


@guard
def opinions_are_in_or_overdue(firing: Firing) -> Iterator[Reason]:
    """Every department has answered, or its time is over: who is late does not hold up the others."""
    clocks = firing.pack.parameters.get(OPINIONS, ())
    awaited = [run for run in firing.runs if run.clock in clocks and run.ended_at is None]
    open_ones = [run.due_at for run in awaited if run.due_at is not None and run.due_at > firing.at]
    if open_ones:
        last = local_date(max(open_ones)).isoformat()
        yield Reason("opinions_awaited", {"count": len(open_ones), "due": last})


register_reasons(
    {
        "opinion_not_awaited": lazy_gettext("This department was not asked, or has given its opinion already."),
        "opinions_awaited": lazy_gettext(
            "%(count)s opinions are awaited until %(due)s; after that day evaluation goes on without them."
        ),
    }
)

"""The advisory panel on a dossier: who gave which opinion since it was convened, whether enough did, what it carries.

Opinions are the steps themselves, kept for ever with their reasons; nobody counts twice, nor with a conflict.
"""

from collections.abc import Iterator
from datetime import date

from flask_babel import lazy_gettext

from applications.conflicts import conflicted_people
from applications.firing import AnyEvent, Firing
from applications.registry import guard
from applications.voting import Tally, share_of
from foundation.errors import Reason
from foundation.reasons import register_reasons
from foundation.workdays import local_date

CONVENES, GIVES_OPINION, CONCLUDES = "convene_panel", "give_opinion", "conclude_panel"
FAVOURABLE = frozenset({"for", "for_on_conditions"})
"""Opinions that speak for the test."""

UNDECIDED = frozenset({"revise"})
"""Recommendations that need no majority: the plan is not ripe."""


def convening(firing: Firing) -> AnyEvent | None:
    """The step by which the panel was convened last."""
    return firing.last(CONVENES)


def opinions(firing: Firing) -> list[AnyEvent]:
    """The opinions given since the panel was convened, in their order."""
    convened = convening(firing)
    if convened is None:
        return []
    return [event for event in firing.events if event.step == GIVES_OPINION and event.seq > convened.seq]


def tally_of(firing: Firing) -> Tally:
    """The opinions that count, against the seats of the panel, by the pack's ``quorum`` and ``majority``."""
    convened = convening(firing)
    conflicted = conflicted_people(firing.session, firing.case.organisation_id)
    counted = [event for event in opinions(firing) if event.person_id not in conflicted]
    return Tally(
        entitled=int(convened.data["seats"]) if convened else 0,
        cast=len(counted),
        in_favour=sum(event.data["opinion"] in FAVOURABLE for event in counted),
        quorum=share_of(firing.pack, "quorum"),
        majority=share_of(firing.pack, "majority"),
    )


@guard
def panel_is_convened(firing: Firing) -> Iterator[Reason]:
    """The members know on what and when they meet."""
    if convening(firing) is None:
        yield Reason("panel_not_convened")


@guard
def opinion_is_first(firing: Firing) -> Iterator[Reason]:
    """Everybody on the panel gives one opinion, and there are no more opinions than seats."""
    given, convened = opinions(firing), convening(firing)
    if any(event.person_id == firing.actor.person_id for event in given):
        yield Reason("panel_opinion_given")
    elif convened is not None and len(given) >= int(convened.data["seats"]):
        yield Reason("panel_seats_taken", {"seats": int(convened.data["seats"])})


@guard
def panel_has_met(firing: Firing) -> Iterator[Reason]:
    """Nothing is concluded before the day of the meeting."""
    convened = convening(firing)
    if convened is not None and local_date(firing.at) < date.fromisoformat(convened.data["meeting_on"]):
        yield Reason("panel_before_meeting", {"meeting_on": convened.data["meeting_on"]})


@guard
def panel_is_quorate(firing: Firing) -> Iterator[Reason]:
    """Enough of the panel have given their opinion."""
    found = tally_of(firing)
    if not found.is_quorate:
        yield Reason("panel_too_few_opinions", {"needed": int(found.needed), "found": found.cast})


@guard
def recommendation_follows_opinions(firing: Firing) -> Iterator[Reason]:
    """What is recommended is what the majority said."""
    recommended = firing.data.get("recommendation")
    if recommended is None or recommended in UNDECIDED:
        return
    found = tally_of(firing)
    if found.is_carried != (recommended == "permit"):
        yield Reason("panel_recommends_otherwise", {"in_favour": found.in_favour, "cast": found.cast})


register_reasons(
    {
        "panel_not_convened": lazy_gettext("The advisory panel was not convened yet."),
        "panel_opinion_given": lazy_gettext("You have given your opinion in this sitting of the panel."),
        "panel_seats_taken": lazy_gettext("All %(seats)s members of the panel have given their opinion."),
        "panel_before_meeting": lazy_gettext("The panel meets on %(meeting_on)s; it cannot conclude before that day."),
        "panel_too_few_opinions": lazy_gettext(
            "The panel is quorate with %(needed)s opinions of members without a conflict of interest; %(found)s are in."
        ),
        "panel_recommends_otherwise": lazy_gettext(
            "%(in_favour)s of %(cast)s opinions speak for the test: the recommendation has to follow their majority."
        ),
    }
)

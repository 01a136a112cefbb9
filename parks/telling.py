"""What firms of a round are told: what is offered to them, who follows where they lost it, and where they stand."""

from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.queries.organisations import members_of
from foundation.notices import NoticeKind, notify, register_notice
from foundation.workdays import local_date
from parks.models import AllocationRound, RoundApplicant, RoundOffer, Space, SpaceWaiter
from parks.roundfacts import Ranked, standings

OFFERED = register_notice(
    NoticeKind(
        "space_offered",
        subject=lazy_gettext("Space %(space)s is offered to %(firm)s"),
        body=lazy_gettext(
            "In the round %(round)s the space %(space)s is offered to %(firm)s. Accept it by %(until)s; "
            "after that day it goes to the next in line."
        ),
    )
)
LAPSED = register_notice(
    NoticeKind(
        "space_offer_lapsed",
        subject=lazy_gettext("The offer of space %(space)s to %(firm)s has lapsed"),
        body=lazy_gettext(
            "Nobody accepted the space %(space)s for %(firm)s by %(until)s. By the published ranking it is now "
            "offered to: %(following)s."
        ),
    )
)
MOVED_UP = register_notice(
    NoticeKind(
        "space_offer_moved_up",
        subject=lazy_gettext("%(firm)s is moved up to the space %(space)s"),
        body=lazy_gettext(
            "In the round %(round)s the space %(space)s fell free, which %(firm)s wanted more than %(former)s. By the "
            "published ranking it is offered to %(firm)s instead: accept it by %(until)s. The offer of %(former)s, not "
            "answered yet, is withdrawn and goes to the next in line."
        ),
    )
)
LOST = register_notice(
    NoticeKind(
        "round_space_lost",
        subject=lazy_gettext("%(firm)s no longer has the space %(space)s"),
        body=lazy_gettext(
            "In the round %(round)s the space %(space)s is no longer kept for %(firm)s. By the published ranking it "
            "is now offered to: %(following)s."
        ),
    )
)
LEFT_TO_QUEUE = register_notice(
    NoticeKind(
        "round_space_to_queue",
        subject=lazy_gettext("%(firm)s no longer has the space %(space)s"),
        body=lazy_gettext(
            "In the round %(round)s nobody else in line wants the space %(space)s. It went to the first who waited "
            "for it: %(following)s."
        ),
    )
)
LEFT_FREE = register_notice(
    NoticeKind(
        "round_space_free",
        subject=lazy_gettext("%(firm)s no longer has the space %(space)s"),
        body=lazy_gettext(
            "In the round %(round)s nobody else in line wants the space %(space)s, and nobody waits for it. It is free."
        ),
    )
)
NOT_PLACED = register_notice(
    NoticeKind(
        "round_not_placed",
        subject=lazy_gettext("%(firm)s is on the waiting list of the round %(round)s"),
        body=lazy_gettext(
            "The list of the round %(round)s is published: %(firm)s has rank %(rank)s and got no space yet. %(space)s, "
            "its first wish, is offered to %(holder)s. The list says why for each space; what is given back is offered "
            "in the order of the ranking."
        ),
    )
)
NOT_PLACED_ELSE = register_notice(
    NoticeKind(
        "round_not_placed_else",
        subject=lazy_gettext("%(firm)s is on the waiting list of the round %(round)s"),
        body=lazy_gettext(
            "The list of the round %(round)s is published: %(firm)s has rank %(rank)s and got no space yet. The list "
            "says why for each space; what is given back is offered in the order of the ranking."
        ),
    )
)
IN_ROUND = register_notice(
    NoticeKind(
        "waited_space_in_round",
        subject=lazy_gettext("The space %(space)s is now in a round of allocation"),
        body=lazy_gettext(
            "You wait for the space %(space)s. It is in the round %(round)s, which has it first: apply by "
            "%(closes_on)s to be ranked. You keep your place in the queue for what the round leaves."
        ),
    )
)


def tell_offered(session: Session, contest: AllocationRound, offer: RoundOffer) -> None:
    _tell(session, OFFERED, contest, offer)


def tell_moved_up(session: Session, contest: AllocationRound, offer: RoundOffer, former: RoundOffer) -> None:
    """Who had not answered yet is told which offer took the place of which, and why."""
    _tell(session, MOVED_UP, contest, offer, former=former.space.code)


def tell_lost(session: Session, contest: AllocationRound, offer: RoundOffer, from_queue: str | None) -> None:
    """Who had an offer and has it no more is told who is next, and by which rule."""
    live = [one for one in contest.offers if one.space_id == offer.space_id and one.answer is None]
    if live:
        kind = LAPSED if offer.answer == "lapsed" else LOST
        _tell(session, kind, contest, offer, following=live[0].applicant.name)
    elif from_queue:
        _tell(session, LEFT_TO_QUEUE, contest, offer, following=from_queue)
    else:
        _tell(session, LEFT_FREE, contest, offer)


def tell_not_placed(session: Session, contest: AllocationRound) -> None:
    """Who got nothing learns the rank, and who was offered the first wish."""
    found = standings(contest)
    for row in found.rows:
        if row.place is None:
            _tell_rank(session, contest, row, found.names)


def _tell_rank(session: Session, contest: AllocationRound, row: Ranked, names: Any) -> None:
    facts = {"round": contest.key, "firm": row.firm.name, "rank": row.rank}
    first = row.verdicts[0] if row.verdicts else None
    if first is not None and first.holder:
        named = {"space": first.space, "holder": names[first.holder]}
        _tell_firm(session, NOT_PLACED, contest, row.firm, facts | named)
    else:
        _tell_firm(session, NOT_PLACED_ELSE, contest, row.firm, facts)


def tell_waiting(session: Session, contest: AllocationRound, spaces: list[Space]) -> None:
    """Who waits for one of the spaces is told that the round has it first, and until when to apply."""
    codes = {space.id: space.code for space in spaces}
    waiting = select(SpaceWaiter).where(
        SpaceWaiter.space_id.in_(codes), SpaceWaiter.left_at.is_(None), SpaceWaiter.organisation_id.is_not(None)
    )
    for one in session.scalars(waiting.order_by(SpaceWaiter.id)):
        facts = {"round": contest.key, "space": codes[one.space_id], "closes_on": contest.closes_on}
        people = [member.person_id for member in members_of(session, one.organisation_id or 0)]
        notify(session, people, IN_ROUND, facts=facts, link=f"/rounds/{contest.key}")


def _tell(session: Session, kind: NoticeKind, contest: AllocationRound, offer: RoundOffer, **more: str) -> None:
    firm = offer.applicant
    facts = {"round": contest.key, "space": offer.space.code, "firm": firm.name, "until": local_date(offer.expires_at)}
    _tell_firm(session, kind, contest, firm, facts | more)


def _tell_firm(
    session: Session, kind: NoticeKind, contest: AllocationRound, firm: RoundApplicant, facts: dict[str, Any]
) -> None:
    if firm.organisation_id is not None:
        people = [one.person_id for one in members_of(session, firm.organisation_id)]
        notify(session, people, kind, facts=facts, link=f"/rounds/{contest.key}")

"""What firms of a round are told: that a space is offered to them, and who follows where an offer lapsed."""

from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from accounts.queries.organisations import members_of
from foundation.notices import NoticeKind, notify, register_notice
from foundation.workdays import local_date
from parks.models import AllocationRound, RoundOffer

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


def tell_offered(session: Session, contest: AllocationRound, offer: RoundOffer) -> None:
    _tell(session, OFFERED, contest, offer)


def tell_lapsed(session: Session, contest: AllocationRound, offer: RoundOffer) -> None:
    """With the name of whoever is offered the space now, a dash where nobody wants it."""
    live = [one for one in contest.offers if one.space_id == offer.space_id and one.answer is None]
    _tell(session, LAPSED, contest, offer, following=live[0].applicant.name if live else "–")


def _tell(session: Session, kind: NoticeKind, contest: AllocationRound, offer: RoundOffer, **more: str) -> None:
    firm = offer.applicant
    if firm.organisation_id is None:
        return
    people = [one.person_id for one in members_of(session, firm.organisation_id)]
    facts = {"round": contest.key, "space": offer.space.code, "firm": firm.name, "until": local_date(offer.expires_at)}
    notify(session, people, kind, facts=facts | more, link=f"/rounds/{contest.key}")

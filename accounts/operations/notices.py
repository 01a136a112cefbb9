"""How a person wants to be told: by topic, and out of the digest by the link in it."""

from collections.abc import Mapping

from sqlalchemy import update
from sqlalchemy.orm import Session

from accounts.operations.people import own_account
from accounts.trail import record
from foundation.actors import PUBLIC, Actor
from foundation.dailydigest import person_leaving
from foundation.errors import Invalid
from foundation.noticechoices import channel_for, choices_of, choose, leave_digest
from foundation.noticekinds import Channel, kinds_about, topics_for
from foundation.notices import Notice
from foundation.waysout import WayOut, read_way_out

ON_SITE_AT_MOST = (Channel.NONE, Channel.SITE)


def chosen_channels(session: Session, actor: Actor) -> dict[str, Channel]:
    """By topic that concerns the actor: how they are told now."""
    person = own_account(session, actor)
    choices = choices_of(session, [person.id])
    return {topic.key: channel_for(choices, person.id, topic) for topic in topics_for(actor)}


def choose_channels(session: Session, actor: Actor, wanted: Mapping[str, str]) -> None:
    """Keep how the actor wants to be told, by topic; what waits for a digest no longer wanted is read on the site.

    Raises:
        NotAllowed: nobody is signed in.
        Invalid: a topic that does not concern the actor, or a way that it does not offer.
    """
    present = chosen_channels(session, actor)
    offered = {topic.key: topic.channels for topic in topics_for(actor)}
    wrong = [key for key, channel in wanted.items() if channel not in offered.get(key, ())]
    if wrong:
        raise Invalid({key: ["not_a_choice"] for key in wrong})
    changed = {key: Channel(channel) for key, channel in wanted.items() if channel != present[key]}
    if not changed:
        return
    person = own_account(session, actor)
    choose(session, person.id, changed)
    _stop_waiting(session, person.id, {key for key, channel in changed.items() if channel in ON_SITE_AT_MOST})
    record(session, actor, "accounts:notices:choose", ("person", person.id), topics=dict(sorted(changed.items())))


def leave_by_mail(session: Session, token: str) -> WayOut:
    """End mails on a topic, or the digest, for whoever the mail was for. Raises NotFound for a link not made here."""
    way = read_way_out(token)
    if way.topic is None:
        _leave_digest(session, way.person_id)
        return way
    choose(session, way.person_id, {way.topic.key: Channel.SITE})
    _stop_waiting(session, way.person_id, {way.topic.key})
    record(session, PUBLIC, "accounts:notices:choose", ("person", way.person_id), topics={way.topic.key: Channel.SITE})
    return way


def leave_digest_by_link(session: Session, token: str) -> None:
    """Switch off the digest of whoever the mail was for; nothing else. Raises NotFound for a link not made here."""
    _leave_digest(session, person_leaving(token))


def _leave_digest(session: Session, person_id: int) -> None:
    leave_digest(session, person_id)
    statement = update(Notice).where(Notice.person_id == person_id, Notice.waits_for_digest)
    session.execute(statement.values(waits_for_digest=False))
    record(session, PUBLIC, "accounts:notices:choose", ("person", person_id), digest="left")


def _stop_waiting(session: Session, person_id: int, topics: set[str]) -> None:
    statement = update(Notice).where(
        Notice.person_id == person_id, Notice.waits_for_digest, Notice.kind.in_(kinds_about(topics))
    )
    session.execute(statement.values(waits_for_digest=False))

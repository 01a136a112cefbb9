"""How each person wants to be told of each topic; for who never chose, the topic says it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import CheckConstraint, ForeignKey, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.database import Code, Model
from foundation.noticekinds import Channel, NoticeTopic, topics_read_together


class NoticeChoice(Model):
    """What one person chose for one topic."""

    __tablename__ = "notice_choices"
    __table_args__ = (CheckConstraint(f"channel IN {tuple(map(str, Channel))}", name="channel"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[Code] = mapped_column(primary_key=True)
    channel: Mapped[Code]


Choices = Mapping[tuple[int, str], Channel]
"""The channels that people chose, by person and topic."""


def choices_of(session: Session, people: Sequence[int]) -> Choices:
    """What these people chose."""
    rows = session.scalars(select(NoticeChoice).where(NoticeChoice.person_id.in_(people)))
    return {(row.person_id, row.topic): Channel(row.channel) for row in rows}


def channel_for(choices: Choices, person_id: int, topic: NoticeTopic | None) -> Channel:
    """How a person is told; a way that the topic does not offer (any more) counts as not chosen."""
    if topic is None:
        return Channel.MAIL
    chosen = choices.get((person_id, topic.key), topic.unless_chosen)
    return chosen if chosen in topic.channels else topic.unless_chosen


def refusing(session: Session, people: Sequence[int], topic: str) -> set[int]:
    """Those among the people who do not want to be told of a topic at all."""
    query = select(NoticeChoice.person_id).where(
        NoticeChoice.person_id.in_(people), NoticeChoice.topic == topic, NoticeChoice.channel == Channel.NONE
    )
    return set(session.scalars(query))


def choose(session: Session, person_id: int, chosen: Mapping[str, Channel]) -> None:
    """Keep what a person chose, by topic."""
    rows = [{"person_id": person_id, "topic": topic, "channel": channel} for topic, channel in chosen.items()]
    statement = insert(NoticeChoice).values(rows)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id", "topic"], set_={"channel": statement.excluded.channel}
        )
    )


def leave_digest(session: Session, person_id: int) -> None:
    """Let the person read on the site what the daily digest told them so far."""
    unsaid = [{"person_id": person_id, "topic": topic, "channel": Channel.SITE} for topic in topics_read_together()]
    if unsaid:
        session.execute(insert(NoticeChoice).values(unsaid).on_conflict_do_nothing())
    theirs = update(NoticeChoice).where(NoticeChoice.person_id == person_id, NoticeChoice.channel == Channel.DIGEST)
    session.execute(theirs.values(channel=Channel.SITE))

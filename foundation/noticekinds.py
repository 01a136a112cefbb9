"""The kinds of notices and letters by mail: each named by what happened, each with its words and its topic."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import force_locale
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from foundation.actors import Actor
from foundation.facts import spoken

Words = Callable[[Session, Mapping[str, Any], str], tuple[str, str]]
"""Gives subject and body from the facts, in a language; for wording that is data."""

PLACEHOLDER = re.compile(r"%\((\w+)\)s")

_kinds: dict[str, "NoticeKind"] = {}
_topics: dict[str, "NoticeTopic"] = {}


class Channel(StrEnum):
    """How somebody is told: each way includes the ways before it, as far as the site goes."""

    NONE = "none"
    SITE = "site"
    DIGEST = "digest"
    MAIL = "mail"


REQUIRED = (Channel.MAIL,)
AT_LEAST_ON_SITE = (Channel.SITE, Channel.DIGEST, Channel.MAIL)
FREE = (Channel.NONE, *AT_LEAST_ON_SITE)


@dataclass(frozen=True, slots=True)
class NoticeTopic:
    """What a reader tells apart among notices, and the ways of being told of it that they choose from.

    ``unless_chosen`` is what holds until somebody chooses. Mail at once is always among the ways; where it is
    the only one, the law demands the notice. ``is_for`` says who is ever told of it.
    """

    key: str
    title: LazyString
    explanation: LazyString
    channels: tuple[Channel, ...] = FREE
    unless_chosen: Channel = Channel.MAIL
    is_for: Callable[[Actor], bool] = lambda actor: True

    @property
    def is_required(self) -> bool:
        return self.channels == REQUIRED


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """Something that people are told of, named by what happened (``deal_approved``).

    Either ``subject`` and ``body``, lazy translations with ``%(name)s`` for the facts, or ``words``. A kind
    with ``is_secret`` carries a link that opens a door: it is forgotten once it is sent. A kind without
    ``topic`` is always mailed at once.
    """

    key: str
    subject: LazyString | None = None
    body: LazyString | None = None
    words: Words | None = None
    is_secret: bool = False
    topic: NoticeTopic | None = None

    def __post_init__(self) -> None:
        if (self.words is None) == (self.subject is None or self.body is None):
            raise ValueError(f"notice {self.key!r} has either subject and body, or words")

    def in_language(self, session: Session, facts: Mapping[str, Any], language: str) -> tuple[str, str]:
        """Subject, on one line, and body."""
        if self.words is not None:
            subject, body = self.words(session, facts, language)
        else:
            named = spoken(facts, language)
            with force_locale(language):
                subject, body = str(self.subject) % named, str(self.body) % named
        return " ".join(subject.split()), body

    def names(self) -> set[str]:
        """The facts that the wording needs, where it is a translation."""
        return set() if self.words is not None else set(PLACEHOLDER.findall(f"{self.subject} {self.body}"))


def register_notice(kind: NoticeKind) -> NoticeKind:
    """Make a kind known. Raises ValueError when the key is taken."""
    if kind.key in _kinds:
        raise ValueError(f"notice {kind.key!r} is registered twice")
    _kinds[kind.key] = kind
    return kind


def register_topic(topic: NoticeTopic) -> NoticeTopic:
    """Let people choose how they are told of this. Raises ValueError when the key is taken."""
    if topic.key in _topics:
        raise ValueError(f"topic {topic.key!r} is registered twice")
    _topics[topic.key] = topic
    return topic


def topics_for(actor: Actor) -> list[NoticeTopic]:
    """The topics that the actor may be told of, in the order of their registration."""
    return [topic for topic in _topics.values() if topic.is_for(actor)]


def topics_read_together() -> list[str]:
    """The keys of the topics that come in the daily digest unless somebody chooses otherwise."""
    return [topic.key for topic in _topics.values() if topic.unless_chosen is Channel.DIGEST]


def topic_of(key: str) -> NoticeTopic | None:
    """The topic with this key, if there is one."""
    return _topics.get(key)


def kinds_about(topics: set[str]) -> list[str]:
    """The keys of the kinds that belong to these topics."""
    return [kind.key for kind in _kinds.values() if kind.topic is not None and kind.topic.key in topics]


def kind_of(key: str) -> NoticeKind:
    """The kind with this key. Raises KeyError when none was registered."""
    return _kinds[key]


def registered_notices() -> list[NoticeKind]:
    return list(_kinds.values())


def require_facts(kind: NoticeKind, facts: Mapping[str, Any]) -> None:
    """Raise ValueError where the wording needs a fact that is not given: now, not when somebody reads it."""
    if missing := kind.names() - facts.keys():
        raise ValueError(f"notice {kind.key!r} lacks {sorted(missing)}")

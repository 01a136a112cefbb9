"""How readers end mails of one kind from their mail program, by one press (RFC 8058), and what that changes.

What the law demands and what keeps an account safe has no way out.
"""

from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session

from foundation.dailydigest import DIGEST
from foundation.errors import NotFound
from foundation.mails import MailMessage, register_way_out
from foundation.noticekinds import Channel, NoticeTopic, kind_of, topic_of
from foundation.notices import Notice

THE_DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class WayOut:
    """Whose mails end, and which: those of a topic, or the daily digest where there is none."""

    person_id: int
    topic: NoticeTopic | None


@register_way_out
def way_out_of(session: Session, mail: MailMessage) -> str | None:
    """The path that ends mails like this one; nothing where they cannot be ended."""
    if mail.kind == DIGEST.key:
        return path_out(mail.facts["person"], THE_DIGEST)
    topic = kind_of(mail.kind).topic
    if mail.notice_id is None or topic is None or Channel.SITE not in topic.channels:
        return None
    notice = session.get(Notice, mail.notice_id)
    return path_out(notice.person_id, topic.key) if notice is not None else None


def path_out(person_id: int, topic: str) -> str:
    """The path by which whoever holds it ends this person's mails on a topic, and nothing else."""
    return f"/notices/leave/{_signer().dumps([person_id, topic])}"


def read_way_out(token: str) -> WayOut:
    """What a token ends. Raises NotFound for one that was not made here, or whose mails cannot be ended any more."""
    try:
        person_id, key = _signer().loads(token)
    except (BadSignature, ValueError) as error:
        raise NotFound from error
    topic = None if key == THE_DIGEST else topic_of(key)
    if key != THE_DIGEST and (topic is None or Channel.SITE not in topic.channels):
        raise NotFound
    return WayOut(int(person_id), topic)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["KHUEVAN"].secret_key, salt="way out of mails")

"""Mail: an outbox written with what causes it, sent by a job in the recipient's language."""

import logging
import re
import smtplib
import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import BigInteger, Index, delete, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.database import Code, Facts, Instant, Key, Model, now
from foundation.facts import plain
from foundation.jobs import defer, task
from foundation.noticekinds import NoticeKind, kind_of, require_facts

LOG = logging.getLogger(__name__)

ATTEMPTS = 8
KEEP_DAYS = 90
RESEND_WITHIN = timedelta(days=3)
TIMEOUT_SECONDS = 20
UNFOLDED = policy.default.clone(max_line_length=900)
"""Addresses in headers are no words: folded, mail programs do not find them."""
ONE_ADDRESS = re.compile(r"""[^\s@<>()\[\],;:"\\\x00-\x1f]+@[^\s@<>()\[\],;:"\\\x00-\x1f]+""")
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class MailMessage(Model):
    """One mail to one address, worded when sent; ``sent_at`` stays empty where no server is named."""

    __tablename__ = "mail_messages"
    __table_args__ = (
        Index("ix_mail_messages_waiting", "id", postgresql_where=text("sent_at IS NULL")),
        Index("uq_mail_messages_notice", "notice_id", unique=True),
    )

    id: Mapped[Key]
    to_address: Mapped[str]
    language: Mapped[Code]
    kind: Mapped[Code]
    facts: Mapped[Facts]
    link: Mapped[str | None]
    notice_id: Mapped[int | None] = mapped_column(BigInteger)
    subject: Mapped[str | None]
    text: Mapped[str | None]
    created_at: Mapped[Instant] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]


WayOut = Callable[[Session, MailMessage], str | None]
"""Finds the path by which the reader of a mail ends mails like it."""

_ways_out: list[WayOut] = []


def register_way_out(way: WayOut) -> WayOut:
    """Decorator: have ``way`` asked for each mail that is sent."""
    _ways_out.append(way)
    return way


def send_mail(session: Session, to: str, *, language: str, kind: NoticeKind, facts: Mapping[str, Any]) -> MailMessage:
    """Put a mail in the outbox and have it sent once the caller's transaction is committed.

    Raises:
        ValueError: ``to`` is not exactly one address, or the wording needs a fact that is not given.
    """
    _require_address(to)
    require_facts(kind, facts)
    message = MailMessage(to_address=to, language=language, kind=kind.key, facts=plain(facts))
    session.add(message)
    session.flush()
    deliver_later(session, [message.id])
    return message


def deliver_later(session: Session, mails: Iterable[int]) -> None:
    """Have these mails sent once the transaction is committed; where no server is named they stay in the outbox."""
    if current_app.config["KHUEVAN"].mail_url:
        for mail_id in mails:
            defer(session, deliver_mail, mail_id=mail_id)


def _require_address(to: str) -> None:
    if not ONE_ADDRESS.fullmatch(to):
        raise ValueError(f"{to!r} is not one address")


def words_of(session: Session, message: MailMessage) -> tuple[str, str]:
    """Subject and text of a mail, as sent or as it will be."""
    if message.subject is not None:
        return message.subject, message.text or ""
    subject, body = kind_of(message.kind).in_language(session, message.facts, message.language)
    link = f"\n\n{current_app.config['KHUEVAN'].public_url}{message.link}" if message.link else ""
    return subject, f"{body}{link}\n"


def outbox(session: Session, *, before: int | None = None, limit: int = 50) -> Sequence[MailMessage]:
    """The latest mails, newest first, behind id ``before``."""
    query = select(MailMessage).order_by(MailMessage.id.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(MailMessage.id < before)).all()


@task("foundation:mail:deliver", queue="mail", attempts=ATTEMPTS)
def deliver_mail(session: Session, *, mail_id: int) -> None:
    """Send one mail, unless it is sent already or no mail server is named."""
    message = session.get(MailMessage, mail_id, with_for_update={"skip_locked": True})
    url = current_app.config["KHUEVAN"].mail_url
    if message is None or message.sent_at is not None or not url:
        return
    subject, body = words_of(session, message)
    message.attempts += 1
    try:
        _transmit(url, _envelope(message.to_address, subject, body, _headers_of(session, message)))
    except (OSError, smtplib.SMTPException) as error:
        message.error = f"{type(error).__name__}: {error}"[:500]
        session.commit()
        raise
    _note_as_sent(message, subject, body)


def _note_as_sent(message: MailMessage, subject: str, body: str) -> None:
    message.sent_at, message.error, message.subject = now(), None, subject
    if kind_of(message.kind).is_secret:
        message.facts = {}
    else:
        message.text = body


def _headers_of(session: Session, message: MailMessage) -> dict[str, str]:
    """How the mail program ends such mails; by one press only where the way there is safe (RFC 8058)."""
    path = next(filter(None, (way(session, message) for way in _ways_out)), None)
    if path is None:
        return {}
    address = f"{current_app.config['KHUEVAN'].public_url}{path}"
    one_press = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if address.startswith("https://") else {}
    return {"List-Unsubscribe": f"<{address}>", **one_press}


def _envelope(to: str, subject: str, body: str, headers: Mapping[str, str]) -> EmailMessage:
    """The mail itself; its parts cannot break out of their headers (:mod:`email` refuses line ends)."""
    message = EmailMessage(UNFOLDED)
    for name, value in headers.items():
        message[name] = value
    message["From"] = current_app.config["KHUEVAN"].mail_sender
    message["To"] = Address(addr_spec=to)
    message["Subject"] = subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message


def _transmit(url: str, message: EmailMessage) -> None:
    """Hand the mail to the server that ``smtp://`` or ``smtps://`` names.

    Raises:
        smtplib.SMTPException: refused; also when a password would cross a network in clear.
        OSError: not reachable.
    """
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    with _connected(parts.scheme, host, parts.port) as server:
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif parts.scheme == "smtp" and parts.username and host not in LOOPBACK:
            raise smtplib.SMTPNotSupportedError("the server offers no encryption for the password")
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _connected(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_SECONDS, context=context)
    server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT_SECONDS)
    server.ehlo()
    return server


@task("foundation:mail:deliver_waiting", queue="mail", every="*/15 * * * *")
def deliver_waiting(session: Session) -> None:
    """Take up young mails that nothing will send any more: the server was named late, or was long away."""
    if not current_app.config["KHUEVAN"].mail_url:
        return
    waiting = select(MailMessage.id).where(
        MailMessage.sent_at.is_(None), MailMessage.created_at > now() - RESEND_WITHIN
    )
    for mail_id in session.scalars(waiting.order_by(MailMessage.id).limit(500)):
        defer(session, deliver_mail, queueing_lock=f"mail:{mail_id}", mail_id=mail_id)


@task("foundation:mail:forget", queue="mail", every="40 18 * * *")
def forget_old_mails(session: Session) -> None:
    """Delete mails after :data:`KEEP_DAYS`: addresses are not kept longer than needed."""
    session.execute(delete(MailMessage).where(MailMessage.created_at < now() - timedelta(days=KEEP_DAYS)))

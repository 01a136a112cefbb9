"""Messages on a case, between the applicant and the unit."""

from collections.abc import Sequence

from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from accounts.models import Unit
from applications.correspondence import OFFICERS, officers_of, people_of
from applications.models import Case, Message, MessageFile
from applications.noticetopics import MESSAGES
from applications.operations.documents import Arrival
from applications.packs.catalogue import pack_of_version
from applications.visibility import WORKING_ROLES
from applications.wordindex import words_changed
from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotAllowed, Reason
from foundation.notices import NoticeKind, notify, register_notice
from foundation.reasons import register_reasons

LONGEST = 5000


MOST_FILES = 5
LARGEST_MB = 20
KINDS = ("pdf", "docx", "xlsx", "png", "jpeg")
"""What files a message may carry."""


def send_message(session: Session, case: Case, text: str, *, actor: Actor, files: Sequence[Arrival] = ()) -> Message:
    """Write to the other side. Raises NotAllowed for those on neither side, Invalid, Blocked for drafts."""
    text = text.strip()
    pack = pack_of_version(session, case.version_id)
    is_applicant = case.organisation_id in actor.editing_organisation_ids
    if not is_applicant and not actor.has_role(*WORKING_ROLES, procedure=pack.code, unit_id=case.unit_id):
        raise NotAllowed
    if case.state_kind == "draft":
        raise Blocked("not_submitted_yet")
    if len(files) > MOST_FILES:
        raise Invalid({"files": [Reason("too_many_files", {"limit": MOST_FILES})]})
    if not text or len(text) > LONGEST:
        raise Invalid({"text": [Reason("too_long", {"limit": LONGEST}) if text else "required"]})
    message = Message(
        case_id=case.id,
        author_id=actor.person_id,
        is_from_applicant=is_applicant,
        text=text,
        sent_at=now(),
    )
    session.add(message)
    words_changed(session, case.id)
    session.flush()
    session.add_all(_file(message, arrival) for arrival in files)
    audit.append(
        session,
        case.stream,
        actor=actor,
        action="applications:message:send",
        subject=("case", case.id),
        facts={"message": message.id} | ({"files": [file.sha256 for file in files]} if files else {}),
    )
    _tell_other_side(session, case, message, actor, pack.code)
    return message


def _file(message: Message, arrival: Arrival) -> MessageFile:
    return MessageFile(
        message_id=message.id,
        case_id=message.case_id,
        sha256=arrival.sha256,
        size=arrival.size,
        filename=arrival.filename,
        media_type=arrival.media_type,
        scanned_at=arrival.scanned_at,
    )


def _tell_other_side(session: Session, case: Case, message: Message, actor: Actor, procedure: str) -> None:
    if not message.is_from_applicant:
        people = set(people_of(session, case))
    elif case.holder_id is not None:
        people = {case.holder_id}
    else:
        people = set(officers_of(session, session.get_one(Unit, case.unit_id), procedure, OFFICERS["unit"]))
    notify(
        session,
        people,
        SENT,
        facts={"title": case.title, "code": case.code or case.key},
        link=f"/dossiers/{case.key}#messages",
        case_id=case.id,
        exclude=actor,
    )


SENT = register_notice(
    NoticeKind(
        "message_sent",
        subject=lazy_gettext("New message: %(title)s"),
        body=lazy_gettext("There is a new message on the dossier %(code)s, “%(title)s”."),
        topic=MESSAGES,
    )
)
audit.register_actions({"applications:message:send": lazy_gettext("A message was sent.")})
register_reasons(
    {
        "not_submitted_yet": lazy_gettext("This dossier has not been submitted yet."),
        "too_many_files": lazy_gettext("A message carries at most %(limit)s files."),
    }
)

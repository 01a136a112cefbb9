"""What was sent for a dossier, time by time, as it was frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Organisation, Unit
from applications.archive import readable_facts
from applications.dossier import digest_of
from applications.models import Application, Case, EarlierSubmission
from applications.models.procedures import ProcedureVersion
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack
from applications.sensitive import masked
from applications.visibility import Reader, find_case, reader_of
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import NotFound
from foundation.wording import LANGUAGES
from foundation.workdays import HANOI, local_date

PLACE = {"vi": "Hà Nội", "en": "Hanoi", "fr": "Hanoï"}


@dataclass(frozen=True, slots=True)
class Submission:
    """One sending. ``sent`` is what the reader may see of it; ``digest`` is over the whole, as in the audit trail."""

    number: int
    submitted_at: datetime
    digest: str
    sent: Mapping[str, Any]
    hidden: Sequence[str]


@dataclass(frozen=True, slots=True)
class SubmissionsView:
    """Everything that was sent, newest first."""

    case: Application
    pack: Pack
    reader: Reader
    submissions: Sequence[Submission]

    def number(self, number: int) -> Submission:
        """The sending with this number. Raises NotFound."""
        for submission in self.submissions:
            if submission.number == number:
                return submission
        raise NotFound


def submissions_view(session: Session, key: str, *, actor: Actor) -> SubmissionsView:
    """What was sent for the dossier with this key. Raises NotFound; also before anything was."""
    case = find_case(session, key, actor=actor)
    if not isinstance(case, Application) or case.submitted is None:
        raise NotFound
    pack = pack_of_version(session, case.version_id)
    reader = reader_of(case, pack.code, actor)
    found = [_narrowed(session, case, number, sent, reader) for number, sent in sent_of(session, case).items()]
    return SubmissionsView(case, pack, reader, found[::-1])


def sent_of(session: Session, case: Application) -> Mapping[int, Mapping[str, Any]]:
    """Everything that was sent, as it was frozen, by number."""
    query = select(EarlierSubmission).where(EarlierSubmission.case_id == case.id).order_by(EarlierSubmission.number)
    sent: dict[int, Mapping[str, Any]] = {row.number: row.content for row in session.scalars(query)}
    return sent if case.submitted is None else sent | {max(sent, default=0) + 1: case.submitted}


def _narrowed(session: Session, case: Application, number: int, sent: Mapping[str, Any], reader: Reader) -> Submission:
    frozen_at = sent.get("submitted_at")
    at = datetime.fromisoformat(frozen_at) if frozen_at else case.submitted_at or case.updated_at

    hidden: Sequence[str] = ()
    told = sent
    if not reader.is_applicant:
        answers, hidden = masked(_pack_of(session, case, sent).field_by_key.values(), sent["answers"])
        told = {**sent, "answers": answers, "masked": hidden}
    return Submission(number, at, digest_of(sent), told, hidden)


def _pack_of(session: Session, case: Case, sent: Mapping[str, Any]) -> Pack:
    """The pack as it was when the dossier was sent."""
    query = select(ProcedureVersion.id).where(
        ProcedureVersion.procedure_id == case.procedure_id, ProcedureVersion.version == sent["version"]
    )
    return pack_of_version(session, session.scalars(query).one())


def facts_to_print(session: Session, case: Application, submission: Submission) -> dict[str, Any]:
    """The facts of the PDF that shows what was sent."""
    pack = _pack_of(session, case, submission.sent)
    return {
        **dossier_facts(session, case),
        "version": pack.version,
        "issued_on": local_date(submission.submitted_at).isoformat(),
        "submitted_at": submission.submitted_at.astimezone(HANOI).isoformat(timespec="minutes"),
        "sending": submission.number,
        "digest": submission.digest,
        "masked": len(submission.hidden),
        **readable_facts(pack, submission.sent),
    }


def dossier_facts(session: Session, case: Application) -> dict[str, Any]:
    """What a sheet of paper on a dossier begins with, dated today."""
    unit = session.get_one(Unit, case.unit_id)
    agency = session.get(Unit, unit.parent_id) if unit.parent_id else None
    organisation = session.get(Organisation, case.organisation_id) if case.organisation_id else None
    return {
        "key": case.key,
        "code": case.code,
        "receipt_number": case.receipt_number,
        "title": case.title,
        "procedure": dict(pack_of_version(session, case.version_id).title),
        "unit": dict(unit.name),
        "agency": dict(agency.name) if agency else None,
        "organisation": {language: organisation.title(language) for language in LANGUAGES} if organisation else None,
        "place": PLACE,
        "issued_on": local_date(now()).isoformat(),
    }

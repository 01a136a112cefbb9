"""What the clock does by itself: steps of dossiers whose term has passed, and new dates after a calendar changed."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from flask_babel import lazy_gettext
from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from applications.clockwork import Expired, expired_runs, recompute
from applications.contagion import scan_unscanned
from applications.documenttexts import read_missed
from applications.engine import fire
from applications.models import Case, Document, LetterFile, MessageFile
from applications.operations.uploads import known_folders, remove_stale_uploads
from applications.packs.catalogue import pack_of_version
from applications.stuck import list_stuck, tell_of_stuck
from foundation import audit
from foundation.actors import SYSTEM, Actor
from foundation.calendars import on_calendar_change
from foundation.database import now
from foundation.errors import Refusal
from foundation.jobs import task
from foundation.pieces import discard_orphans
from foundation.storage import delete_unreferenced


@task("applications:clock:expire", every="*/10 * * * *")
def fire_expired_steps(session: Session) -> None:
    """Make, as the clock, the steps that running deadlines cause once they have passed."""
    instant, last = now(), None
    while expired := expired_runs(session, instant, behind=last):
        _fire_each(session, expired)
        last = expired[-1]
        session.commit()


def fire_expired(session: Session, *, at: datetime) -> int:
    """Fire what has expired at this instant; how many steps were made."""
    return _fire_each(session, expired_runs(session, at))


def _fire_each(session: Session, expired: Sequence[Expired]) -> int:
    """A step that is refused leaves the others alone."""
    made = 0
    for run in expired:
        try:
            with session.begin_nested():
                fire(session, session.get_one(Case, run.case_id), run.expires_by, actor=SYSTEM)
            made += 1
        except Refusal:
            session.expire_all()
    return made


@task("applications:stuck:list", every="*/10 * * * *")
def list_stuck_dossiers(session: Session) -> None:
    """List what stands still, and tell those who wait for it."""
    list_stuck(session, at=now())
    while tell_of_stuck(session, at=now()):
        session.commit()


@task("applications:document:sweep", every="30 19 * * *")
def delete_orphaned_files(session: Session) -> None:
    """Delete stored files that no document or letter names: uploads that never reached a dossier."""

    def referenced(digests: Sequence[str]) -> set[str]:
        named = (select(model.sha256).where(model.sha256.in_(digests)) for model in (Document, LetterFile, MessageFile))
        return set(session.scalars(union_all(*named)))

    delete_unreferenced(referenced)


@task("applications:upload:sweep", every="*/15 * * * *")
def delete_stale_uploads(session: Session) -> None:
    """Forget uploads that nobody continued within a day, and delete the pieces of all that are done or forgotten."""
    remove_stale_uploads(session)

    def known(folders: Sequence[str]) -> set[str]:
        return known_folders(session, folders)

    discard_orphans(known)


@task("applications:document:scan", every="*/10 * * * *")
def scan_unscanned_documents(session: Session) -> None:
    """Have documents looked at for viruses that came while no scanner answered."""
    scan_unscanned(session)


@task("applications:document:read_missed", every="50 * * * *")
def read_missed_documents(session: Session) -> None:
    """Read documents for search that no job has read yet: those from before, and those whose job was lost."""
    read_missed(session)


@on_calendar_change
def recompute_deadlines(session: Session, code: str, days: Collection[date], actor: Actor) -> None:
    """Give open deadlines their new dates when days of their calendar changed, and say so in the trail."""
    count = recompute(session, code, pack_of=pack_of_version)
    audit.append(
        session,
        f"calendar:{code}",
        actor=actor,
        action="applications:clock:recompute",
        facts={"days": sorted(day.isoformat() for day in days), "cases": count},
    )


audit.register_actions({"applications:clock:recompute": lazy_gettext("Open deadlines were computed anew.")})

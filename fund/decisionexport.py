"""A decision file made by a job: asked for, its documents attached one by one, kept for a day for who asked."""

import shutil
from datetime import timedelta

from flask_babel import force_locale, lazy_gettext
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from accounts.actors import actor_of_person
from applications.models import Case
from applications.noticetopics import TASKS
from foundation import audit
from foundation.actors import Actor
from foundation.database import now, transaction_apart
from foundation.errors import NotFound
from foundation.jobs import defer, task
from foundation.noticekinds import NoticeKind, register_notice
from foundation.notices import notify
from foundation.passingfiles import new_file
from fund.dealchapters import contents_of
from fund.decisionfile import decision_pdf
from fund.models import Deal, DecisionFile, Fund
from fund.models.decisionfiles import FAILED, READY, UNDER_WAY, WRITING
from fund.queries.deals import pipeline_of

KEPT = timedelta(days=1)
"""As long as passing files are kept that no list names."""
ONE_BY_ONE = "fund:decision_file:write"

FILE_READY = register_notice(
    NoticeKind(
        "decision_file_ready",
        subject=lazy_gettext("The decision file of %(code)s is ready"),
        body=lazy_gettext("The decision file that you asked for can be fetched for a day."),
        topic=TASKS,
    )
)


def ask_decision_file(session: Session, deal: Deal, *, actor: Actor) -> DecisionFile:
    """Have the file made, in the actor's language; one that is under way is not begun twice."""
    known = latest_file(session, deal, actor=actor)
    if known is not None and known.status in UNDER_WAY:
        return known
    asked = DecisionFile(deal_id=deal.id, person_id=actor.person_id, language=actor.locale)
    session.add(asked)
    session.flush()
    defer(session, write_decision_file, lock=ONE_BY_ONE, file_id=asked.id)
    facts = {"file": asked.id, "deal": deal.id}
    stream, subject = f"fund:{deal.fund_id}", ("fund", deal.fund_id)
    audit.append(session, stream, actor=actor, action="fund:decision_file:ask", facts=facts, subject=subject)
    return asked


def latest_file(session: Session, deal: Deal, *, actor: Actor) -> DecisionFile | None:
    """What the actor asked for last of this deal."""
    own = (DecisionFile.deal_id == deal.id, DecisionFile.person_id == actor.person_id)
    return session.scalar(select(DecisionFile).where(*own).order_by(DecisionFile.id.desc()).limit(1))


def is_kept(file: DecisionFile) -> bool:
    return file.status == READY and file.done_at is not None and now() < file.done_at + KEPT


def note_failure(session: Session, *, file_id: int, error: Exception) -> None:
    """Let the page say that no file will come."""
    failed = {"status": FAILED, "done_at": now()}
    session.execute(update(DecisionFile).where(DecisionFile.id == file_id).values(**failed))


@task("fund:decision_file:write", queue="exports", attempts=3, given_up=note_failure)
def write_decision_file(session: Session, *, file_id: int) -> None:
    """Make the file with what its reader may see now; begun anew where a worker was lost over it."""
    asked = session.get_one(DecisionFile, file_id)
    if asked.status not in UNDER_WAY:
        return
    deal = session.get_one(Deal, asked.deal_id)
    fund, key = session.get_one(Fund, deal.fund_id), session.get_one(Case, deal.case_id).key
    actor = actor_of_person(session, asked.person_id)
    with force_locale(asked.language):
        try:
            pipeline = pipeline_of(session, fund.code, actor=actor)
            contents = contents_of(session, pipeline, key, asked.language)
        except NotFound:  # the reader's roles have changed
            asked.status, asked.done_at = FAILED, now()
            return
        session.commit()  # nothing is held while documents are read

        def tell(done: int) -> None:
            with transaction_apart(session) as connection:
                said = {"status": WRITING, "total": len(contents.documents), "progress": done}
                connection.execute(update(DecisionFile).where(DecisionFile.id == file_id).values(**said))

        tell(0)
        made = decision_pdf(contents.facts, contents.chapters, contents.documents, tell)
        with made, new_file() as (name, target):
            shutil.copyfileobj(made, target, 1 << 20)
            size = target.tell()
    session.refresh(asked, with_for_update=True)
    asked.status, asked.file, asked.size, asked.done_at = READY, name, size, now()
    facts, link = {"code": contents.facts["code"]}, f"/funds/{fund.code}/deals/{key}/decision-file"
    notify(session, [asked.person_id], FILE_READY, facts=facts, link=link)
    session.flush()

"""What people tell apart among the notices on dossiers, and when a dossier is due soon for whoever hears of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import lazy_gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from applications.models import ClockRun
from foundation.actors import Actor
from foundation.noticekinds import AT_LEAST_ON_SITE, REQUIRED, Channel, NoticeTopic, register_topic
from foundation.noticemails import register_due_dates


def _is_staff(actor: Actor) -> bool:
    return actor.is_staff


def _may_apply(actor: Actor) -> bool:
    return bool(actor.organisation_ids) or not actor.is_staff


LAWFUL = register_topic(
    NoticeTopic(
        "dossier_steps",
        title=lazy_gettext("Receipts, requests and decisions on your dossiers"),
        explanation=lazy_gettext("What the authority must tell you: received, to be supplemented, accepted, decided."),
        channels=REQUIRED,
        is_for=_may_apply,
    )
)
NEWS = register_topic(
    NoticeTopic(
        "dossier_news",
        title=lazy_gettext("Other news of your dossiers"),
        explanation=lazy_gettext("For example that a dossier stands still, why, and who has it."),
        is_for=_may_apply,
    )
)
CERTIFICATION = register_topic(
    NoticeTopic(
        "certification",
        title=lazy_gettext("Certification among colleagues"),
        explanation=lazy_gettext("A colleague asks you to certify a dossier, or certified yours."),
        is_for=_may_apply,
    )
)
MESSAGES = register_topic(
    NoticeTopic(
        "messages",
        title=lazy_gettext("Messages on a dossier"),
        explanation=lazy_gettext("Somebody wrote to you on the page of a dossier. At least on the site."),
        channels=AT_LEAST_ON_SITE,
    )
)
TASKS = register_topic(
    NoticeTopic(
        "tasks",
        title=lazy_gettext("Tasks for you"),
        explanation=lazy_gettext(
            "Dossiers that you hold, review, draft or sign. At least on the site: it is your work."
        ),
        channels=AT_LEAST_ON_SITE,
        is_for=_is_staff,
    )
)
UNIT = register_topic(
    NoticeTopic(
        "unit",
        title=lazy_gettext("News of your unit"),
        explanation=lazy_gettext("Dossiers that reach the unit, or stand still there. At least on the site."),
        channels=AT_LEAST_ON_SITE,
        unless_chosen=Channel.DIGEST,
        is_for=_is_staff,
    )
)


@register_due_dates
def next_due(session: Session, cases: Sequence[int]) -> Mapping[int, datetime]:
    """By case: the first end of a running clock, whoever it runs for; an appointed new date counts in its place."""
    ends = func.min(func.coalesce(ClockRun.reappointed_due_at, ClockRun.due_at))
    query = select(ClockRun.case_id, ends).where(
        ClockRun.case_id.in_(cases), ClockRun.ended_at.is_(None), ClockRun.due_at.is_not(None)
    )
    return dict(session.execute(query.group_by(ClockRun.case_id)).all())

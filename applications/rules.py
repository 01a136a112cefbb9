"""Who may make a step, and whether it can happen now: the named rules that every pack may use."""

from collections.abc import Iterator
from datetime import date, timedelta

from flask_babel import lazy_gettext
from sqlalchemy import select

from applications import certification
from applications.clockwork import NEW_DATE
from applications.competence import other_authorities
from applications.dossier import document_faults, dossier_faults
from applications.firing import Firing
from applications.models import REGISTERED, Application, Conflict, ReviewAssignment
from applications.registry import guard, who
from applications.succession import newer_version
from foundation.errors import Reason
from foundation.reasons import register_reasons
from foundation.workdays import local_date

TOO_OFTEN = {
    "request_supplement": "supplement_already_requested",
    "request_plan_revision": "revision_already_requested",
    "apologise": "apology_already_made",
}


@who
def applicant(firing: Firing) -> bool:
    """Somebody who may act for the organisation that applies."""
    return firing.case.organisation_id in firing.actor.editing_organisation_ids


@who
def registrar(firing: Firing) -> bool:
    """The officer who registered this dossier for an applicant at the counter, by post or from the portal."""
    return (
        firing.case.channel in REGISTERED
        and firing.actor.person_id is not None
        and firing.case.created_by_id == firing.actor.person_id
    )


@who
def holder(firing: Firing) -> bool:
    """The person in charge of the dossier."""
    return firing.actor.person_id is not None and firing.case.holder_id == firing.actor.person_id


@who
def system(firing: Firing) -> bool:
    """The clock itself."""
    return firing.actor.kind == "system"


@who
def assigned_reviewer(firing: Firing) -> bool:
    """A reviewer assigned to this dossier who declared no conflict."""
    query = select(ReviewAssignment.id).where(
        ReviewAssignment.case_id == firing.case.id,
        ReviewAssignment.reviewer_id == firing.actor.person_id,
        ReviewAssignment.removed_at.is_(None),
        ReviewAssignment.has_conflict.is_(False),
    )
    return firing.session.scalar(query) is not None


@who
def conflicted(firing: Firing) -> bool:
    """Somebody with an interest in the applicant: a member of it, or by declaration."""
    if firing.case.organisation_id in firing.actor.organisation_ids:
        return True
    if firing.known.has_declared_interest is not None:
        return firing.known.has_declared_interest
    query = select(Conflict.id).where(
        Conflict.person_id == firing.actor.person_id, Conflict.organisation_id == firing.case.organisation_id
    )
    return firing.session.scalar(query) is not None


@guard
def answers_are_complete(firing: Firing) -> Iterator[Reason]:
    """Every question that applies is answered soundly."""
    if isinstance(firing.case, Application):
        faults = dossier_faults(firing.pack, firing.case)
        if faults:
            yield Reason("answers_incomplete", {"count": len(faults), "fields": sorted(faults)})


@guard
def documents_are_complete(firing: Firing) -> Iterator[Reason]:
    """Every required document is there."""
    if isinstance(firing.case, Application):
        missing = document_faults(firing.pack, firing.case, firing.documents)
        if missing:
            yield Reason("documents_missing", {"count": len(missing), "documents": sorted(missing)})


@guard
def is_certified(firing: Firing) -> Iterator[Reason]:
    """A second person of the organisation certified the dossier as it is, where the pack demands it."""
    application = firing.case
    if not isinstance(application, Application) or not certification.is_demanded(firing.pack, application):
        return
    certificate = certification.given(application)
    if certificate is None:
        yield Reason("not_certified")
    elif certificate.digest != certification.content_digest(firing.pack, application, firing.documents):
        yield Reason("changed_since_certified")
    elif certificate.person_id == firing.actor.person_id:
        yield Reason("certified_by_sender")


@guard
def version_is_in_force(firing: Firing) -> Iterator[Reason]:
    """The draft follows the version in force, so that it is not sent only to be returned at acceptance."""
    application = firing.case
    if isinstance(application, Application) and newer_version(firing.session, application) is not None:
        yield Reason("newer_version_in_force")


@guard
def supplement_is_first(firing: Firing) -> Iterator[Reason]:
    """Supplements are not requested more often than the pack's ``supplement_requests_allowed``, once without it."""
    yield from _not_too_often(firing, "request_supplement", "supplement_requests_allowed")


@guard
def revision_is_first(firing: Firing) -> Iterator[Reason]:
    """The plan is not sent back more often than the pack's ``plan_revisions_allowed``, once without it."""
    yield from _not_too_often(firing, "request_plan_revision", "plan_revisions_allowed")


@guard
def supplement_is_in_time(firing: Firing) -> Iterator[Reason]:
    """The request comes before the check's own deadline has passed."""
    run = next((run for run in reversed(firing.runs) if run.clock == "check"), None)
    if run is not None and run.due_at is not None and firing.at > run.due_at:
        yield Reason("check_period_has_passed", {"due": local_date(run.due_at).isoformat()})


@guard
def apology_is_first(firing: Firing) -> Iterator[Reason]:
    """A date is not put off more often than the pack's ``apologies_allowed``, once without it."""
    yield from _not_too_often(firing, "apologise", "apologies_allowed")


def _not_too_often(firing: Firing, step: str, parameter: str) -> Iterator[Reason]:
    allowed = firing.pack.parameters.get(parameter, 1)
    if sum(event.step == step for event in firing.events) >= allowed:
        yield Reason(TOO_OFTEN[step], {"allowed": allowed})


@guard
def apology_is_in_time(firing: Firing) -> Iterator[Reason]:
    """The apology comes ``apology_days_before_due`` days before the date, one without it, and promises a later one."""
    due = firing.case.original_due_at
    if due is None:
        yield Reason("no_running_deadline")
        return
    last = local_date(due) - timedelta(days=firing.pack.parameters.get("apology_days_before_due", 1))
    if local_date(firing.at) > last:
        yield Reason("apology_too_late", {"last": last.isoformat()})
    promised = firing.data.get(NEW_DATE)
    if promised is not None and date.fromisoformat(promised) <= local_date(due):
        yield Reason("new_date_not_later", {"due": local_date(due).isoformat()})


@guard
def has_holder(firing: Firing) -> Iterator[Reason]:
    """Somebody is in charge."""
    if firing.case.holder_id is None:
        yield Reason("nobody_in_charge")


def _minimum(firing: Firing) -> int:
    return firing.pack.rubric.minimum_reviews if firing.pack.rubric else 0


@guard
def reviewers_are_enough(firing: Firing) -> Iterator[Reason]:
    """As many reviewers without a conflict are assigned as the rubric demands."""
    if (found := len(firing.assignments)) < (needed := _minimum(firing)):
        yield Reason("too_few_reviewers", {"needed": needed, "found": found})


@guard
def enough_reviews_are_in(firing: Firing) -> Iterator[Reason]:
    """As many reviews are submitted as the rubric demands."""
    found = sum(row.submitted_at is not None for row in firing.assignments)
    if found < (needed := _minimum(firing)):
        yield Reason("too_few_reviews", {"needed": needed, "found": found})


@guard
def no_review_is_open(firing: Firing) -> Iterator[Reason]:
    """Nobody is still writing."""
    if waiting := sum(row.submitted_at is None for row in firing.assignments):
        yield Reason("reviews_still_open", {"count": waiting})


@guard
def eligibility_is_recorded(firing: Firing) -> Iterator[Reason]:
    """The eligibility result stands since the latest acceptance."""
    recorded, accepted = firing.last("record_eligibility"), firing.last("accept")
    if recorded is None or (accepted is not None and accepted.seq > recorded.seq):
        yield Reason("eligibility_not_recorded")


def _proposed_outcome(firing: Firing) -> str | None:
    draft = firing.last("draft_decision")
    return None if draft is None else draft.data.get("outcome")


@guard
def draft_proposes_permit(firing: Firing) -> Iterator[Reason]:
    """The latest draft proposes to permit."""
    if _proposed_outcome(firing) != "permit":
        yield Reason("draft_proposes_otherwise")


@guard
def draft_proposes_refusal(firing: Firing) -> Iterator[Reason]:
    """The latest draft proposes to refuse."""
    if _proposed_outcome(firing) != "refuse":
        yield Reason("draft_proposes_otherwise")


@guard
def external_competence_is_named(firing: Firing) -> Iterator[Reason]:
    """The answers, or what the eligibility assessment settled, show that another authority is competent."""
    answers = firing.case.answers if isinstance(firing.case, Application) else {}
    assessed = firing.last("record_eligibility")
    if not other_authorities(firing.pack, {**answers, **(assessed.data if assessed else {})}):
        yield Reason("no_other_authority_shown")


register_reasons(
    {
        "four_eyes": lazy_gettext("You prepared this decision, so somebody else must issue it."),
        "not_from_this_state": lazy_gettext("This step is not possible in the dossier’s present state."),
        "newer_version_in_force": lazy_gettext(
            "A newer version of the procedure is in force: carry the draft over, then send it."
        ),
        "not_certified": lazy_gettext("A second person of your organisation has to certify the dossier first."),
        "changed_since_certified": lazy_gettext(
            "The dossier changed after it was certified; it has to be certified again."
        ),
        "certified_by_sender": lazy_gettext(
            "You certified this dossier; somebody else of your organisation has to send it."
        ),
        "answers_incomplete": lazy_gettext("%(count)s answers are missing or need correction."),
        "documents_missing": lazy_gettext("%(count)s required documents are missing."),
        "supplement_already_requested": lazy_gettext(
            "A supplement was requested as often as is allowed (%(allowed)s)."
        ),
        "revision_already_requested": lazy_gettext(
            "A revision of the plan was asked for as often as is allowed (%(allowed)s)."
        ),
        "check_period_has_passed": lazy_gettext("The period for requesting a supplement ended on %(due)s."),
        "apology_already_made": lazy_gettext("The date was put off as often as is allowed (%(allowed)s)."),
        "apology_too_late": lazy_gettext("The last day for an apology was %(last)s."),
        "new_date_not_later": lazy_gettext("The new date must be later than the present due date (%(due)s)."),
        "no_running_deadline": lazy_gettext("No deadline is running."),
        "nobody_in_charge": lazy_gettext("Nobody is in charge of this dossier yet. Assign an officer first."),
        "too_few_reviewers": lazy_gettext(
            "%(needed)s reviewers without a conflict of interest are needed; %(found)s are assigned."
        ),
        "too_few_reviews": lazy_gettext("%(needed)s submitted reviews are needed; %(found)s are in."),
        "reviews_still_open": lazy_gettext("%(count)s reviews are still being written."),
        "eligibility_not_recorded": lazy_gettext("Record the eligibility result first."),
        "draft_proposes_otherwise": lazy_gettext("The draft decision proposes another outcome."),
        "no_other_authority_shown": lazy_gettext("The answers do not show that another authority is competent."),
    }
)

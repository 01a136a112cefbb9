"""What else happens when a case moves: the named effects that every pack may use."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select, update

from applications.dossier import digest_of, dossier_faults, frozen_copy
from applications.firing import Firing
from applications.models import Application, Conflict, Decision, Document, EarlierSubmission, ReviewAssignment
from applications.numbering import Numbering, await_number
from applications.numbers import next_receipt_number
from applications.packs.catalogue import pack_of_version, version_id_in_force
from applications.registry import effect, last_effect, needs, on_the_case_alone
from applications.revisions import settled
from foundation.errors import Blocked, Invalid, Reason
from foundation.reasons import register_reasons
from foundation.workdays import local_date

OUTCOMES = {"permit": "granted", "refuse": "refused"}


@effect
@on_the_case_alone
def number_receipt(firing: Firing) -> None:
    """Acknowledge the submission by a number."""
    if isinstance(firing.case, Application):
        firing.case.submitted_at = firing.at
        firing.case.receipt_number = next_receipt_number(firing.session, local_date(firing.at), firing.known.receipt)
        firing.facts["receipt"] = firing.case.receipt_number


@effect
def freeze_submission(firing: Firing) -> None:
    """Keep what was sent, word for word, beside the answers that may still change."""
    if isinstance(firing.case, Application):
        earlier = firing.case.submitted
        if earlier is not None:
            _set_aside(firing, earlier)
        firing.case.submitted = frozen_copy(
            firing.pack, firing.case, firing.documents, number=_number(earlier) + 1, at=firing.at
        )
        firing.facts["submission"] = digest_of(firing.case.submitted)
        firing.case.edits = settled(firing.case.edits)
        firing.case.title = str(firing.case.answers.get(firing.pack.title_field) or firing.case.title)


def _number(sent: Mapping[str, Any] | None) -> int:
    """Which submission of the dossier this is; none is number zero."""
    return 0 if sent is None else int(sent.get("number", 1))


def _set_aside(firing: Firing, earlier: dict[str, Any]) -> None:
    """Keep what was sent before, now that it is replaced."""
    firing.session.add(
        EarlierSubmission(case_id=firing.case.id, number=_number(earlier), content=dict(earlier), replaced_at=firing.at)
    )


@effect
@on_the_case_alone
def pin_rules(firing: Firing) -> None:
    """Pin the version in force now, when the dossier is complete and received (Capital Law 02/2026 art. 36(4)).

    Raises Blocked when that version asks what the answers do not say.
    """
    case = firing.case
    if _follow_version_in_force(firing) and isinstance(case, Application) and dossier_faults(firing.pack, case):
        raise Blocked(Reason("rules_have_changed", {"version": firing.pack.version}))
    case.pinned_at = firing.at
    case.received_at = case.received_at or firing.at
    firing.facts["pinned_version"] = firing.pack.version


@effect
@on_the_case_alone
def unpin_rules(firing: Firing) -> None:
    """Let go of the pinned version: the dossier is not complete after all and will be received anew.

    What is missing is asked by the version in force now, since that one will be pinned.
    """
    _follow_version_in_force(firing)
    firing.case.pinned_at = None


def _follow_version_in_force(firing: Firing) -> bool:
    """Move to the version in force today; whether it is another one. Raises Blocked when there is none to follow."""
    version_id = version_id_in_force(firing.session, firing.case.procedure_id, local_date(firing.at))
    if version_id is None:
        raise Blocked("no_version_in_force")
    if version_id == firing.case.version_id:
        return False
    newer = pack_of_version(firing.session, version_id)
    if firing.to_state not in newer.state_by_key or not set(firing.step.clocks) <= set(newer.clock_by_key):
        raise Blocked(Reason("rules_have_changed", {"version": newer.version}))
    firing.pack, firing.case.version_id = newer, version_id
    return True


@last_effect
@on_the_case_alone
def number_dossier(firing: Firing) -> None:
    """Give the dossier its code, once; a later acceptance keeps it."""
    case = firing.case
    if case.code is None:
        case.received_at = case.received_at or firing.at
        firing.numbering = Numbering(firing.unit, local_date(case.received_at))
        await_number(case)
    firing.facts["code"] = case.code


@effect
@on_the_case_alone
def take_into_hands(firing: Firing) -> None:
    """Whoever makes the step is in charge from now on."""
    firing.case.holder_id = firing.actor.person_id


@effect
@on_the_case_alone
@needs(holder="person")
def assign_holder(firing: Firing) -> None:
    """Put the chosen person in charge. Raises Invalid when somebody else was and no reason is given."""
    previous = firing.case.holder_id
    if previous not in (None, firing.data["holder"]):
        if "reason" in {spec.key for spec in firing.step.asks} and not firing.data.get("reason"):
            raise Invalid({"reason": ["reason_for_change_needed"]})
        firing.facts["previous_holder"] = previous
    firing.case.holder_id = firing.data["holder"]
    firing.facts["holder"] = firing.data["holder"]


@effect
def cancel_open_reviews(firing: Firing) -> None:
    """Release reviewers who have not submitted."""
    firing.session.execute(
        update(ReviewAssignment)
        .where(
            ReviewAssignment.case_id == firing.case.id,
            ReviewAssignment.submitted_at.is_(None),
            ReviewAssignment.removed_at.is_(None),
        )
        .values(removed_at=firing.at)
    )


@effect
@needs(outcome="choice")
def record_draft_decision(firing: Firing) -> None:
    """Note the proposed outcome in the audit trail; the draft itself is the step's data."""
    firing.facts["outcome"] = firing.data["outcome"]


@effect
@needs(number="text", decided_on="date", signatory="text", signatory_title="text", signed_original="file")
def record_decision(firing: Firing) -> None:
    """Record number, date, signatory and signed original of what the deciding body decided."""
    draft = firing.last("draft_decision")
    outcome = OUTCOMES[draft.data["outcome"]] if draft is not None else firing.data["outcome"]
    decided_on = date.fromisoformat(firing.data["decided_on"])
    _refuse_taken_number(firing, decided_on)
    document = firing.session.get_one(Document, firing.data["signed_original"])
    firing.session.add(
        Decision(
            case_id=firing.case.id,
            outcome=outcome,
            number=firing.data["number"],
            decided_on=decided_on,
            signatory=firing.data["signatory"],
            signatory_title=firing.data["signatory_title"],
            reasons=firing.data.get("reasons") or (draft.data.get("reasons", "") if draft else ""),
            document_id=document.id,
            drafted_by_id=draft.person_id if draft else None,
            issued_by_id=firing.actor.person_id,
            recorded_at=firing.at,
        )
    )
    firing.case.decided_at = firing.at
    firing.facts |= {"outcome": outcome, "number": firing.data["number"], "original": document.sha256}


def _refuse_taken_number(firing: Firing, decided_on: date) -> None:
    taken = select(Decision.id).where(Decision.number == firing.data["number"], Decision.decided_on == decided_on)
    if firing.session.scalar(taken) is not None:
        raise Invalid({"number": ["decision_number_taken"]})


@effect
@needs(kind="choice", note="long_text")
def declare_interest(firing: Firing) -> None:
    """Whoever has an interest in the applicant says so and takes no further part; an earlier vote counts no more."""
    firing.session.add(
        Conflict(
            person_id=firing.actor.person_id,
            organisation_id=firing.case.organisation_id,
            kind=firing.data["kind"],
            note=firing.data["note"],
            declared_at=firing.at,
        )
    )


@effect
@needs(to_state="choice or text", reason="long_text")
def move_to_chosen_state(firing: Firing) -> None:
    """Go where the administrator says: the exception that is a step of its own."""
    chosen = firing.data["to_state"]
    if chosen not in firing.pack.state_by_key or firing.pack.state_by_key[chosen].kind == "draft":
        raise Invalid({"to_state": ["not_a_choice"]})
    firing.to_state = chosen


register_reasons(
    {
        "no_version_in_force": lazy_gettext("No version of this procedure is in force today."),
        "rules_have_changed": lazy_gettext(
            "Version %(version)s of the procedure is in force now and asks more than this dossier says. "
            "Request a supplement."
        ),
        "reason_for_change_needed": lazy_gettext("Say why somebody else is put in charge."),
        "decision_number_taken": lazy_gettext("A decision of that day already has this number."),
    }
)

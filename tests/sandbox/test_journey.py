"""The controlled test from draft to decision, on the real pack."""

import pytest
from sqlalchemy import select

from applications.clockwork import runs_of
from applications.models import Decision, Document, Letter
from foundation import audit
from foundation.errors import Blocked, Invalid, NotAllowed
from sandbox.models import TestRegulation
from tests.sandbox.play import PDF, Play, until_accepted, until_proposed


def test_from_draft_to_permit(play: Play) -> None:
    until_proposed(play, "permit")

    play.step(
        "issue_permit",
        "issuer",
        {
            "number": "512/QĐ-UBND",
            "period": {"from": "2027-01-01", "to": "2027-12-31"},
            "disapplied_provisions": [
                {
                    "rule": "Nghị định mẫu",
                    "article": "Điều 5",
                    "content": "Điều kiện kinh doanh",
                    "from_on": "2027-01-01",
                    "to_on": "2027-12-31",
                    "reason": "Chưa có quy định phù hợp",
                }
            ],
        },
    )

    session, application = play.session, play.application
    decision = session.scalars(select(Decision).where(Decision.case_id == application.id)).one()
    regulation = session.scalars(select(TestRegulation).where(TestRegulation.case_id == application.id)).one()
    original = session.get_one(Document, decision.document_id)
    assert (application.state, application.state_kind) == ("permitted", "final")
    assert (decision.outcome, decision.number) == ("granted", "512/QĐ-UBND")
    assert decision.drafted_by_id != decision.issued_by_id
    assert original.sha256 == PDF.sha256
    assert [row.article for row in regulation.disapplied] == ["Điều 5"]
    assert application.due_at is None
    assert session.scalars(select(Letter.letter).where(Letter.case_id == application.id)).all()[-1] == "decision_permit"
    assert audit.history(session, application.stream)[-1].facts["outcome"] == "granted"


def test_from_draft_to_refusal(play: Play) -> None:
    until_proposed(play, "refuse")

    with pytest.raises(Blocked) as refusal:
        play.step("issue_permit", "issuer", {"number": "1/QĐ-UBND"})
    play.step("issue_refusal", "issuer", {"number": "513/QĐ-UBND"})

    assert [reason.code for reason in refusal.value.reasons] == ["draft_proposes_otherwise"]
    assert play.application.state == "refused"


def test_a_provision_is_not_set_aside_longer_than_the_test(play: Play) -> None:
    until_proposed(play, "permit")
    provision = {
        "rule": "Nghị định mẫu",
        "article": "Điều 5",
        "content": "Điều kiện",
        "from_on": "2027-01-01",
        "to_on": "2028-01-01",
        "reason": "Lý do",
    }

    with pytest.raises(Invalid) as refusal:
        play.step(
            "issue_permit",
            "issuer",
            {
                "number": "512/QĐ-UBND",
                "period": {"from": "2027-01-01", "to": "2027-12-31"},
                "disapplied_provisions": [provision],
            },
        )

    assert set(refusal.value.fields) == {"disapplied_provisions.0.to_on"}


def test_an_ai_test_of_level_two_has_ten_working_days(play: Play) -> None:
    until_accepted(play, regime="ai", ai_level="l2")

    run = next(run for run in runs_of(play.session, play.application) if run.clock == "processing")
    assert (run.length_amount, run.length_unit) == (10, "working_days")


def test_an_officer_cannot_do_what_belongs_to_others(play: Play) -> None:
    play.complete()
    play.step("submit", "applicant")

    with pytest.raises(NotAllowed):
        play.step("accept", "issuer")
    with pytest.raises(NotAllowed):
        play.step("withdraw", "intake_officer")

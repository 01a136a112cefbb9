"""Who hears of a step of the controlled test, and in which words."""

from datetime import date

import pytest
from sqlalchemy import select

from accounts.models import RoleGrant
from applications.correspondence import moved_words
from foundation import audit
from foundation.errors import Invalid
from foundation.notices import Notice
from tests.sandbox.play import Play, until_accepted, until_proposed


def heard(play: Play, who: str, language: str = "vi") -> list[tuple[str, str]]:
    """Subject and body of all that this person was told of steps, oldest first."""
    told = (Notice.person_id == play.actors[who].person_id, Notice.kind.startswith("dossier_moved"))
    query = select(Notice).where(*told).order_by(Notice.id)
    return [notice.in_language(play.session, language) for notice in play.session.scalars(query)]


def test_drafter_and_issuer_hear_when_their_turn_comes(play: Play) -> None:
    until_proposed(play, "refuse")

    code = play.application.code
    assert [subject for subject, _ in heard(play, "decision_drafter")] == [f"Hồ sơ {code} cần soạn thảo quyết định"]
    assert [subject for subject, _ in heard(play, "issuer", "en")] == [f"Draft decision on dossier {code} proposed"]


def test_reviewers_hear_their_own_last_day(play: Play) -> None:
    until_proposed(play, "permit")

    ((subject, body),) = heard(play, "reviewer_1", "fr")
    assert subject == f"Le dossier {play.application.code} attend votre évaluation"
    assert "avant le " in body
    assert "{" not in body


def test_the_applicant_hears_of_each_public_turn_but_not_of_what_it_did_itself(play: Play) -> None:
    until_accepted(play)

    subjects = [subject for subject, _ in heard(play, "applicant")]
    code = play.application.code
    assert sorted(subjects) == [f"Hồ sơ {code} đã được tiếp nhận", f"Người thụ lý hồ sơ {code}"]


def test_a_change_of_hands_needs_a_reason_and_is_told_to_all_three(play: Play) -> None:
    until_accepted(play)
    other = play.actors["intake_officer"].person_id
    play.session.add(RoleGrant(person_id=other, role="case_officer", starts_on=date(2020, 1, 1), reason="QĐ minh hoạ"))
    play.session.flush()

    with pytest.raises(Invalid) as refusal:
        play.step("assign_holder", "case_officer", {"holder": other, "reason": None})
    play.step("assign_holder", "case_officer", {"holder": other, "reason": "Nghỉ phép dài ngày"})

    assert set(refusal.value.fields) == {"reason"}
    assert play.application.holder_id == other
    told = heard(play, "applicant")[0][1] + heard(play, "applicant")[-1][1]
    assert play.actors["intake_officer"].name in told
    entry = audit.history(play.session, play.application.stream)[-1]
    assert entry.facts["previous_holder"] == play.actors["case_officer"].person_id


def test_a_day_reads_as_people_write_it_and_what_is_filled_in_is_not_read_again(play: Play) -> None:
    facts = {
        "version_id": play.application.version_id,
        "step": "accept",
        "number": 0,
        "title": "Bay {due} {code}",
        "code": "M-1",
        "due": "2026-12-14",
    }

    _, body = moved_words(play.session, facts, "vi")

    assert "“Bay {due} {code}”" in body
    assert "14/12/2026" in body

"""Stored rounds: published once, decided by the stable proposal, offers that move on by themselves."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import as_of
from foundation.errors import Blocked, Invalid
from foundation.notices import notices_of
from foundation.workdays import local_date
from parks.models import AllocationRound
from parks.operations import offers, rounds
from parks.operations.rounds import StatedApplicant, StatedRound
from parks.queries.rounds import find_round
from tests.accounts.factories import make_organisation, make_person
from tests.parks.grounds import make_park

PUBLISHED, DECIDED = datetime(2026, 9, 1, 3, tzinfo=UTC), datetime(2026, 10, 1, 3, tzinfo=UTC)
TITLE = {"vi": "Đợt 1", "en": "Round 1", "fr": "Tour 1"}
CRITERIA = [{"code": "plan", "title": TITLE, "weight": 3, "most_points": 10}]


def stated(**change: Any) -> StatedRound:
    facts: dict[str, Any] = {
        "title": TITLE,
        "criteria": CRITERIA,
        "spaces": {"P1-U1": None, "P1-U2": None},
        "closes_on": date(2026, 9, 30),
        "starts_on": date(2027, 1, 1),
        "ends_on": date(2029, 12, 31),
    }
    return StatedRound(**facts | change)


@pytest.fixture
def contest(session: Session) -> AllocationRound:
    """Three firms for two units; A ranks first, B and C tie, C was complete earlier."""
    make_park(session)
    with as_of(PUBLISHED):
        made = rounds.publish_round(session, "P1", stated(), actor=SYSTEM)
        for name, points, hours, preferences in (
            ("A", 9, 2, ["P1-U1"]),
            ("B", 7, 3, ["P1-U1", "P1-U2"]),
            ("C", 7, 1, ["P1-U2"]),
        ):
            enter(session, made, name, points, hours, preferences)
    return made


def enter(
    session: Session,
    made: AllocationRound,
    name: str,
    points: int,
    hours: int,
    wanted: list[str],
    owner: int | None = None,
) -> None:
    firm = StatedApplicant(
        name,
        "small",
        "ai",
        wanted,
        {"least_m2": "50"},
        PUBLISHED + timedelta(hours=hours),
        organisation_id=owner,
        points={"plan": points},
    )
    rounds.enter_applicant(session, made.key, firm, actor=SYSTEM)


def offered(session: Session, key: str) -> list[tuple[str, str, str | None]]:
    return [(one.applicant.name, one.space.code, one.answer) for one in find_round(session, key).offers]


def test_a_decision_offers_what_the_proposal_says_and_holds_it(session: Session, contest: AllocationRound) -> None:
    with as_of(DECIDED):
        rounds.decide_round(session, contest.key, actor=SYSTEM)

    found = find_round(session, contest.key)
    assert offered(session, contest.key) == [("A", "P1-U1", None), ("C", "P1-U2", None)]
    assert [one.allocation.holder for one in found.offers] == ["A", "C"]
    assert {local_date(one.expires_at) for one in found.offers} == {date(2026, 10, 8)}


def test_an_offer_that_lapses_moves_on_without_anybody(session: Session, contest: AllocationRound) -> None:
    with as_of(DECIDED):
        rounds.decide_round(session, contest.key, actor=SYSTEM)
        first = find_round(session, contest.key).offers[0]
        offers.answer_offer(session, first.key, accepts=True, actor=SYSTEM)
    later = datetime(2026, 10, 9, tzinfo=UTC)

    with as_of(later):
        lapsed, again = offers.lapse_offers(session, later), offers.lapse_offers(session, later)

    assert (lapsed, again) == (1, 0)
    assert offered(session, contest.key) == [
        ("A", "P1-U1", "accepted"),
        ("C", "P1-U2", "lapsed"),
        ("B", "P1-U2", None),
    ]


def test_who_declined_is_not_asked_again_and_the_line_ends(session: Session, contest: AllocationRound) -> None:
    with as_of(DECIDED):
        rounds.decide_round(session, contest.key, actor=SYSTEM)
        for _turn in range(4):
            waiting = [one for one in find_round(session, contest.key).offers if one.answer is None]
            offers.answer_offer(session, waiting[0].key, accepts=False, actor=SYSTEM)
        with pytest.raises(Blocked):
            offers.answer_offer(session, find_round(session, contest.key).offers[0].key, accepts=True, actor=SYSTEM)

    assert offered(session, contest.key) == [
        ("A", "P1-U1", "declined"),
        ("C", "P1-U2", "declined"),
        ("B", "P1-U1", "declined"),
        ("B", "P1-U2", "declined"),
    ]


def test_a_round_is_decided_once_and_not_before_it_closes(session: Session, contest: AllocationRound) -> None:
    with as_of(datetime(2026, 9, 30, 3, tzinfo=UTC)), pytest.raises(Blocked) as early:
        rounds.decide_round(session, contest.key, actor=SYSTEM)
    with as_of(DECIDED):
        rounds.decide_round(session, contest.key, actor=SYSTEM)
        with pytest.raises(Blocked) as again:
            rounds.decide_round(session, contest.key, actor=SYSTEM)

    assert (early.value.reasons[0].code, again.value.reasons[0].code) == ("round_still_open", "round_decided")


def test_what_was_published_stays_whoever_writes(session: Session, contest: AllocationRound) -> None:
    for change in ("criteria = '[]'", "quotas = '[{}]'", "closes_on = closes_on - 1"):
        with pytest.raises(DBAPIError, match="is published"), session.begin_nested():
            session.execute(text(f"UPDATE allocation_rounds SET {change}"))  # noqa: S608 - ours
    with as_of(DECIDED):
        rounds.decide_round(session, contest.key, actor=SYSTEM)
    with pytest.raises(DBAPIError, match="is decided"), session.begin_nested():
        session.execute(text("""UPDATE round_applicants SET points = '{"plan": 10}'"""))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"criteria": [CRITERIA[0] | {"weight": 0}]}, "criteria"),
        ({"criteria": CRITERIA * 2}, "criteria"),
        ({"spaces": {"P1-U1": None, "P1-H1": None}}, "spaces"),
        ({"closes_on": date(2027, 1, 1)}, "closes_on"),
        ({"ends_on": date(2026, 12, 31)}, "ends_on"),
    ],
)
def test_a_round_that_does_not_hold_is_not_published(session: Session, change: dict[str, Any], field: str) -> None:
    make_park(session)

    with pytest.raises(Invalid) as refusal:
        rounds.publish_round(session, "P1", stated(**change), actor=SYSTEM)

    assert list(refusal.value.fields) == [field]


def test_points_follow_the_published_criteria(session: Session, contest: AllocationRound) -> None:
    firm = find_round(session, contest.key).applicants[0]

    for points in ({"plan": 11}, {"favour": 1}):
        with pytest.raises(Invalid):
            rounds.score_applicant(session, contest.key, firm.key, points, actor=SYSTEM)


def test_other_aims_are_kept_beside_the_proposal(session: Session, contest: AllocationRound) -> None:
    rounds.keep_alternatives(session, contest.id)

    kept = find_round(session, contest.key).alternatives or {}
    assert kept["stable"] == {"firms": 2, "score": 16_000, "area_m2": "240.00", "complaints": 0}
    assert set(kept) == {"stable", "highest_score", "fullest_use", "most_firms"}


def test_who_lets_an_offer_lapse_is_told_who_is_next(session: Session) -> None:
    make_park(session)
    firm = make_organisation(session)
    person = make_person(session, organisation=firm)
    with as_of(PUBLISHED):
        made = rounds.publish_round(session, "P1", stated(spaces={"P1-U1": None}), actor=SYSTEM)
        enter(session, made, "A", 9, 1, ["P1-U1"], firm.id)
        enter(session, made, "B", 5, 1, ["P1-U1"])
    with as_of(DECIDED):
        rounds.decide_round(session, made.key, actor=SYSTEM)
    with as_of(datetime(2026, 10, 9, tzinfo=UTC)):
        offers.lapse_offers(session, datetime(2026, 10, 9, tzinfo=UTC))

    told = notices_of(session, person.id).rows
    assert [one.kind for one in told] == ["space_offer_lapsed", "space_offered"]
    assert told[0].facts["following"] == "B"

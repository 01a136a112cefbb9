"""A published round has its spaces first, people may decide otherwise, and whoever loses learns who is next and why."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import as_of, now
from foundation.errors import Blocked, Invalid, NotAllowed
from foundation.notices import notices_of
from foundation.workdays import local_date
from parks.models import AllocationRound, RoundSpace, SpaceAllocation
from parks.operations import allocations, offers, rounds
from parks.operations.allocations import hold_space
from parks.operations.applying import StatedApplication, apply
from parks.operations.overrides import breach_of, override_placement, withdraw_override
from parks.operations.passing import pass_on_lapsed, release_claim
from parks.operations.waiting import join_queue
from parks.queries.rounds import find_round
from parks.roundfacts import standings
from tests.accounts.factories import actor_for, make_organisation, make_person
from tests.databases import FreshDatabase
from tests.parks.grounds import make_park, wanted
from tests.parks.test_rounds import enter, stated

TODAY = local_date(now())
OPEN: dict[str, Any] = {
    "closes_on": TODAY + timedelta(days=5),
    "starts_on": TODAY + timedelta(days=60),
    "ends_on": TODAY + timedelta(days=400),
}
AFTER = now() + timedelta(days=6)
DAYS = (str(OPEN["starts_on"]), str(OPEN["ends_on"]))


@pytest.fixture
def contest(session: Session) -> AllocationRound:
    """A ranks before B; both want U1 most; A takes U2 as well."""
    make_park(session)
    made = rounds.publish_round(session, "P1", stated(**OPEN), actor=SYSTEM)
    enter(session, made, "A", 9, 1, ["P1-U1", "P1-U2"])
    enter(session, made, "B", 5, 1, ["P1-U1"])
    return made


def given(session: Session) -> list[tuple[str, str | None]]:
    rows = select(SpaceAllocation.holder, SpaceAllocation.release_reason).order_by(SpaceAllocation.id)
    return [(holder, reason) for holder, reason in session.execute(rows)]


def test_a_round_has_its_spaces_first_and_other_days_stay_free(session: Session, contest: AllocationRound) -> None:
    with pytest.raises(Blocked) as refusal:
        hold_space(session, "P1-U1", wanted(*DAYS), actor=SYSTEM)
    early = hold_space(session, "P1-U1", wanted(str(TODAY), str(TODAY + timedelta(days=59))), actor=SYSTEM)
    with pytest.raises(Blocked):
        allocations.move_end(session, early.key, OPEN["starts_on"], actor=SYSTEM)

    assert refusal.value.reasons[0].code == "space_in_round"


@pytest.mark.parametrize("days", [DAYS, (str(TODAY), DAYS[0])])
def test_what_is_given_is_not_published(session: Session, days: tuple[str, str]) -> None:
    make_park(session)
    hold_space(session, "P1-U2", wanted(*days), actor=SYSTEM)

    with pytest.raises(Blocked) as refusal:
        rounds.publish_round(session, "P1", stated(**OPEN), actor=SYSTEM)

    assert refusal.value.reasons[0].facts["codes"] == "P1-U2"


def test_plain_sql_is_refused_too(session: Session, contest: AllocationRound) -> None:
    claim = (
        "INSERT INTO space_allocations (space_id, kind, period, area_m2, holder, made_at) "
        "SELECT id, 'lease', daterange(:first, :last, '[]'), usable_m2, 'x', now() FROM spaces WHERE code = :code"
    )
    sent = {"first": OPEN["starts_on"], "last": OPEN["ends_on"]}
    with pytest.raises(DBAPIError, match="is in a round"), session.begin_nested():
        session.execute(text(claim), sent | {"code": "P1-U1"})
    session.execute(text(claim), sent | {"code": "P1-U3"})
    copy = "INSERT INTO round_spaces (round_id, space_id) SELECT :round, id FROM spaces WHERE code = :code"
    for code, words in (("P1-U3", "is given on days"), ("P1-U1", "uq_round_spaces")):
        with pytest.raises(DBAPIError, match=words), session.begin_nested():
            session.execute(text(copy), {"round": contest.id, "code": code})
    with pytest.raises(DBAPIError, match="stay as published"), session.begin_nested():
        session.execute(text("UPDATE round_spaces SET kept_for = 'small'"))


def test_what_the_line_leaves_goes_to_the_queue(session: Session, contest: AllocationRound) -> None:
    for code in ("P1-U1", "P1-U2"):
        join_queue(session, code, wanted(*DAYS, holder=f"Queue {code}"), actor=SYSTEM)
    with as_of(AFTER):
        rounds.decide_round(session, contest.key, actor=SYSTEM)
    assert given(session) == [("A", None)]

    with as_of(AFTER):
        for _turn in range(3):
            waiting = [one for one in find_round(session, contest.key).offers if one.answer is None]
            offers.answer_offer(session, waiting[0].key, accepts=False, actor=SYSTEM)

    refused = [("A", "refused"), ("B", "refused"), ("A", "refused")]
    queued = [("Queue P1-U1", None), ("Queue P1-U2", None)]
    assert sorted(given(session), key=str) == sorted([*refused, *queued], key=str)
    assert all(one.settled_at for one in find_round(session, contest.key).offered)


def test_who_accepts_and_signs_nothing_loses_it_to_the_next_in_line(session: Session) -> None:
    make_park(session)
    firm = make_organisation(session)
    person = make_person(session, organisation=firm)
    made = rounds.publish_round(session, "P1", stated(**OPEN, spaces={"P1-U1": None}), actor=SYSTEM)
    enter(session, made, "A", 9, 1, ["P1-U1"], firm.id)
    enter(session, made, "B", 5, 1, ["P1-U1"])
    join_queue(session, "P1-U1", wanted(*DAYS, holder="Queue"), actor=SYSTEM)
    with as_of(AFTER):
        rounds.decide_round(session, made.key, actor=SYSTEM)
        offers.answer_offer(session, find_round(session, made.key).offers[0].key, accepts=True, actor=SYSTEM)
    with as_of(AFTER + timedelta(days=25)):
        assert (pass_on_lapsed(session), pass_on_lapsed(session)) == (1, 0)

    made_offers = [(one.applicant.name, one.answer) for one in find_round(session, made.key).offers]
    assert made_offers == [("A", "forfeited"), ("B", None)]
    told = notices_of(session, person.id).rows[0]
    assert (told.kind, told.facts["following"]) == ("round_space_lost", "B")


def test_a_lease_settles_the_space_and_a_space_given_free_goes_on(session: Session, contest: AllocationRound) -> None:
    with as_of(AFTER):
        rounds.decide_round(session, contest.key, actor=SYSTEM)
        release_claim(
            session, find_round(session, contest.key).offers[0].allocation.key, reason="refused", actor=SYSTEM
        )
        second = find_round(session, contest.key).offers[1]
        assert (second.applicant.name, second.space.code) == ("B", "P1-U1")
        allocations.let_claimed(session, second.allocation.key, actor=SYSTEM)

    session.expire_all()
    settled = session.scalars(select(RoundSpace.settled_at).order_by(RoundSpace.id)).all()
    assert all(settled)


def test_who_waits_is_told_of_the_round_and_who_got_nothing_of_the_rank(session: Session) -> None:
    make_park(session)
    waiting, loser = make_organisation(session), make_organisation(session)
    waits, lost = make_person(session, organisation=waiting), make_person(session, organisation=loser)
    asked = replace(wanted(*DAYS, holder="Bên chờ"), organisation_id=waiting.id)
    join_queue(session, "P1-U1", asked, actor=SYSTEM)
    made = rounds.publish_round(session, "P1", stated(**OPEN, spaces={"P1-U1": None}), actor=SYSTEM)
    enter(session, made, "A", 9, 1, ["P1-U1"])
    enter(session, made, "B", 5, 1, ["P1-U1"], loser.id)
    with as_of(AFTER):
        rounds.decide_round(session, made.key, actor=SYSTEM)

    assert [one.kind for one in notices_of(session, waits.id).rows] == ["waited_space_in_round"]
    told = notices_of(session, lost.id).rows[0]
    assert (told.kind, told.facts["rank"], told.facts["holder"]) == ("round_not_placed", 2, "A")


def test_people_decide_otherwise_for_a_reason_and_see_what_it_costs(session: Session, contest: AllocationRound) -> None:
    reason = "Dự án của B phục vụ nhiệm vụ cấp bách của Thành phố."
    firm = find_round(session, contest.key).applicants[1].key
    for refused, fault in (("P1-U2", Invalid), ("P1-U1", None)):
        if fault:
            with pytest.raises(fault):
                override_placement(session, contest.key, firm, refused, reason=reason, actor=SYSTEM)
        else:
            with pytest.raises(Invalid):
                override_placement(session, contest.key, firm, refused, reason="vì", actor=SYSTEM)
    override_placement(session, contest.key, firm, "P1-U1", reason=reason, actor=SYSTEM)

    found = find_round(session, contest.key)
    assert [(one.applicant, one.space, one.holder) for one in breach_of(found)] == [
        (found.applicants[0].key, "P1-U1", firm)
    ]
    rows = {row.firm.name: [verdict.outcome for verdict in row.verdicts] for row in standings(found).rows}
    assert rows == {"A": ["given_otherwise", "placed"], "B": ["decided"]}
    with as_of(AFTER):
        with pytest.raises(Blocked) as unseen:
            rounds.decide_round(session, contest.key, actor=SYSTEM)
        rounds.decide_round(session, contest.key, actor=SYSTEM, complaints_seen=1)
        with pytest.raises(Blocked):
            withdraw_override(session, contest.key, firm, actor=SYSTEM)
    assert unseen.value.reasons[0].code == "round_breach_unseen"
    places = {(one.applicant.name, one.space.code) for one in find_round(session, contest.key).offers}
    assert places == {("B", "P1-U1"), ("A", "P1-U2")}


def test_what_was_decided_otherwise_stays_on_record(session: Session, contest: AllocationRound) -> None:
    firm = find_round(session, contest.key).applicants[1].key
    override_placement(session, contest.key, firm, None, reason="Doanh nghiệp đang bị xử lý vi phạm.", actor=SYSTEM)
    withdraw_override(session, contest.key, firm, actor=SYSTEM)

    for change in ("DELETE FROM round_overrides", "UPDATE round_overrides SET reason = reason || 'x'"):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text(change))
    assert breach_of(find_round(session, contest.key)) == []


def test_a_published_quota_binds_those_who_decide(session: Session) -> None:
    make_park(session)
    quota = [{"dimension": "size", "value": "small", "most_spaces": 1}]
    made = rounds.publish_round(session, "P1", stated(**OPEN, quotas=quota), actor=SYSTEM)
    for name, points in (("A", 9), ("B", 5)):
        enter(session, made, name, points, 1, ["P1-U1", "P1-U2"])
    first, second = (one.key for one in find_round(session, made.key).applicants)
    reason = "Ưu tiên theo chương trình của Thành phố."

    override_placement(session, made.key, first, "P1-U1", reason=reason, actor=SYSTEM)
    for code in ("P1-U1", "P1-U2"):
        with pytest.raises(Blocked):
            override_placement(session, made.key, second, code, reason=reason, actor=SYSTEM)


def test_people_of_a_firm_do_not_decide_its_round(session: Session, contest: AllocationRound) -> None:
    firm = make_organisation(session)
    enter(session, contest, "C", 5, 2, ["P1-U1"], firm.id)
    runner = make_person(session, organisation=firm, grants=[{"role": "park_administrator", "scope_park": "P1"}])

    with as_of(AFTER), pytest.raises(NotAllowed):
        rounds.decide_round(session, contest.key, actor=actor_for(session, runner))


def test_a_firm_applies_itself_until_the_round_closes(session: Session, contest: AllocationRound) -> None:
    firm = make_organisation(session)
    own = actor_for(session, make_person(session, organisation=firm))
    said = StatedApplication(firm.id, "small", "ai", ["P1-U2"], {"least_m2": "50"})

    first = apply(session, contest.key, said, actor=own)
    again = apply(session, contest.key, replace(said, preferences=["P1-U1", "P1-U2"]), actor=own)

    assert (again.id, again.preferences, again.name) == (first.id, ["P1-U1", "P1-U2"], firm.name_vi)
    with pytest.raises(Invalid):
        apply(session, contest.key, replace(said, preferences=["P1-U4"]), actor=own)
    with pytest.raises(NotAllowed):
        apply(session, contest.key, replace(said, organisation_id=make_organisation(session).id), actor=own)
    with as_of(AFTER), pytest.raises(Blocked):
        apply(session, contest.key, said, actor=own)


def test_a_round_that_asks_for_an_admission_takes_no_firm_without(session: Session) -> None:
    make_park(session)
    made = rounds.publish_round(session, "P1", stated(**OPEN, needs_admission=True), actor=SYSTEM)
    firm = make_organisation(session)
    own = actor_for(session, make_person(session, organisation=firm))

    with pytest.raises(Blocked):
        apply(session, made.key, StatedApplication(firm.id, "small", "ai", ["P1-U2"], {"least_m2": "5"}), actor=own)
    raw = (
        "INSERT INTO round_applicants (round_id, organisation_id, name, size, sector, need, preferences, points, "
        "complete_at) VALUES (:round, :firm, 'x', 'small', 'ai', '{}', '[]', '{}', now())"
    )
    with pytest.raises(DBAPIError, match="admission"), session.begin_nested():
        session.execute(text(raw), {"round": made.id, "firm": firm.id})


def test_of_a_round_and_a_hold_at_once_one_gets_the_space(fresh_database: FreshDatabase) -> None:
    """Ten times: somebody publishes a space and somebody holds it; never do both, never does neither."""
    with Session(fresh_database.engine) as session:
        make_park(session)
        session.commit()

    def publish(number: int) -> str:
        days = _term(number)
        with Session(fresh_database.engine) as session:
            rounds.publish_round(session, "P1", stated(**days, spaces={"P1-U1": None}), actor=SYSTEM)
            session.commit()
            return "round"

    def hold(number: int) -> str:
        days = _term(number)
        with Session(fresh_database.engine) as session:
            hold_space(session, "P1-U1", wanted(str(days["starts_on"]), str(days["ends_on"])), actor=SYSTEM)
            session.commit()
            return "hold"

    def tried(work: Any, number: int) -> str | None:
        try:
            result: str = work(number)
        except (Blocked, DBAPIError):
            return None
        return result

    with fresh_database.app.app_context(), ThreadPoolExecutor(2) as threads:
        for number in range(10):
            pair = [threads.submit(tried, work, number) for work in (publish, hold)]
            assert len([one.result() for one in pair if one.result()]) == 1


def _term(number: int) -> dict[str, Any]:
    first = TODAY + timedelta(days=60 + 100 * number)
    return {"closes_on": TODAY, "starts_on": first, "ends_on": first + timedelta(days=99)}

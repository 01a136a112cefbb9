"""Deals by API, and two closings that want the last money of a fund: one gets it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from applications.engine import fire
from applications.models import Application
from applications.operations.documents import add_step_file
from foundation.database import now
from foundation.errors import Blocked
from foundation.workdays import local_date
from fund.books import books_of
from fund.models import Fund, LedgerEntry, Position
from tests.accounts.factories import actor_for
from tests.applications.programs import program_of
from tests.databases import FreshDatabase
from tests.fund.dealplay import PDF, another, make_deal_play
from tests.fund.funds import BILLION


def test_a_deal_tells_programs_all_that_its_decision_rests_on(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    play = make_deal_play(session)
    play.until_conditions(8 * BILLION)
    program = program_of(app, session, play.actors["case_officer"])

    listed = program.get("/funds/Q1/deals?stage=conditions").get_json()["items"]
    deal = program.get(f"/funds/Q1/deals/{play.application.key}").get_json()

    assert [row["key"] for row in listed] == [play.application.key]
    assert (deal["stage"], deal["amount"], deal["pre_money"]) == ("conditions", "8000000000", "40000000000")
    counted = {"round": 1, "entitled": 4, "cast": 4, "in_favour": 4}
    assert deal["tally"] == counted | {"is_quorate": True, "is_carried": True, "city_voted": True}
    assert {row["limit"]: row["is_kept"] for row in deal["limits"]} == dict.fromkeys(
        ("breach", "unfunded", "concentration", "company_share", "loss"), True
    )
    assert next(row for row in deal["limits"] if row["limit"] == "company_share")["reached"] == "16.67"
    assert next(row["reasons"] for row in deal["steps"] if row["step"] == "prepare_closing") == ["deal_condition_open"]
    assert [row["instruction"] for row in deal["votes"] if row["is_for_city"]] == [PDF.sha256]


def test_a_step_against_a_gate_is_409_with_all_reasons(app: Flask, client: FlaskClient, session: Session) -> None:
    play = make_deal_play(session)
    play.until_diligence()
    program = program_of(app, session, play.actors["case_officer"])

    refused = program.get(f"/funds/Q1/deals/{play.application.key}").get_json()["steps"]

    reasons = next(row["reasons"] for row in refused if row["step"] == "propose_terms")
    assert reasons == ["deal_diligence_missing"] * 6


def test_of_two_closings_that_want_the_last_money_one_is_paid(fresh_database: FreshDatabase) -> None:
    with fresh_database.app.app_context(), Session(fresh_database.engine) as session:
        first = make_deal_play(session, paid=100 * BILLION)
        second = another(session, first.fund, first.actors)
        prepared = []
        for play in (first, second):
            play.until_prepared(60 * BILLION, pre_money_vnd=300 * BILLION)
            spec = play.pack.step_by_key["close"].asked("payment")
            assert spec is not None
            paper = add_step_file(session, play.application, "close", spec, PDF, actor=play.actors["treasurer"])
            prepared.append((play.application.id, paper.id))
        person_id = first.actors["treasurer"].person_id
        session.commit()
    barrier = Barrier(2)

    def close(case_id: int, paper: int) -> list[str]:
        with fresh_database.app.app_context(), Session(fresh_database.engine) as session:
            actor = actor_for(session, session.get_one(Person, person_id))
            application = session.get_one(Application, case_id)
            data = {"paid_on": local_date(now()).isoformat(), "payment": paper}
            barrier.wait()
            try:
                fire(session, application, "close", actor=actor, data=data)
                session.commit()
            except Blocked as refusal:
                return [reason.code for reason in refusal.reasons]
            return []

    with ThreadPoolExecutor(2) as pool:
        paid = list(pool.map(close, *zip(*prepared, strict=True)))

    with fresh_database.app.app_context(), Session(fresh_database.engine) as session:
        fund = session.scalars(select(Fund)).one()
        states = session.scalars(select(Application.state).order_by(Application.state)).all()
        entries = session.scalars(select(LedgerEntry).where(LedgerEntry.kind == "investment")).all()
        assert sorted(paid)[0] == []
        assert "fund_money_short" in sorted(paid)[1]
        assert states == ["closed_invested", "conditions"]
        assert len(entries) == len(session.scalars(select(Position)).all()) == 1
        assert books_of(session, fund).book.money == 40 * BILLION

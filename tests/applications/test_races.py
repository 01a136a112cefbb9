"""Two people press at once: numbers have no gaps, a step is made once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from applications.engine import fire
from applications.models import Application, Case, CaseEvent, DossierCounter
from applications.operations.answers import hold_draft, keep_answers
from applications.operations.drafts import create_draft, save_answers
from foundation.actors import Actor
from foundation.errors import Blocked
from tests.applications.small_pack import make_world
from tests.databases import FreshDatabase


def _submitted(session: Session, number: int) -> tuple[list[int], Actor]:
    world = make_world(session)
    keys = []
    for _ in range(number):
        application = world.draft()
        fire(session, application, "submit", actor=world.applicant)
        keys.append(application.id)
    session.commit()
    return keys, world.officer("intake_officer")


def _accept(database: FreshDatabase, case_id: int, actor: Actor, *, fail: bool = False) -> str:
    with Session(database.engine, expire_on_commit=False) as session:
        case = session.get_one(Application, case_id)
        try:
            fire(session, case, "accept", actor=actor)
        except Blocked as refusal:
            session.rollback()
            return refusal.reasons[0].code
        if fail:
            session.rollback()
            return "rolled back"
        session.commit()
        return "accepted"


def test_fifty_acceptances_at_once_number_without_gaps(fresh_database: FreshDatabase) -> None:
    with fresh_database.app.app_context(), Session(fresh_database.engine, expire_on_commit=False) as session:
        keys, officer = _submitted(session, 50)

    with ThreadPoolExecutor(10) as pool:
        failing = {key for number, key in enumerate(keys) if number % 5 == 0}
        list(pool.map(lambda key: _accept(fresh_database, key, officer, fail=key in failing), keys))
        outcomes = list(pool.map(lambda key: _accept(fresh_database, key, officer), sorted(failing)))

    with Session(fresh_database.engine) as session:
        serials = sorted(int((code or "").rsplit("-", 1)[1]) for code in session.scalars(select(Case.code)))
        assert outcomes == ["accepted"] * 10
        assert serials == list(range(1, 51))
        assert session.scalar(select(DossierCounter.last)) == 50


def test_one_step_pressed_twice_is_made_once(fresh_database: FreshDatabase) -> None:
    with fresh_database.app.app_context(), Session(fresh_database.engine, expire_on_commit=False) as session:
        (key,), officer = _submitted(session, 1)
    together = Barrier(8)

    def press(_: int) -> str:
        together.wait()
        return _accept(fresh_database, key, officer)

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(press, range(8)))

    assert outcomes == ["accepted"] + ["not_from_this_state"] * 7
    with Session(fresh_database.engine) as session:
        accepted = select(func.count()).select_from(CaseEvent).where(CaseEvent.step == "accept")
        assert session.scalar(accepted) == 1


def test_serials_widen_past_9999(fresh_database: FreshDatabase) -> None:
    with fresh_database.app.app_context(), Session(fresh_database.engine, expire_on_commit=False) as session:
        keys, officer = _submitted(session, 2)
    _accept(fresh_database, keys[0], officer)
    with Session(fresh_database.engine) as session:
        session.scalars(select(DossierCounter)).one().last = 9999
        session.commit()

    _accept(fresh_database, keys[1], officer)

    with Session(fresh_database.engine) as session:
        code = session.get_one(Case, keys[1]).code
        assert code is not None
        assert code.endswith("-10000")


def _opened(database: FreshDatabase) -> tuple[str, Actor]:
    with database.app.app_context(), Session(database.engine, expire_on_commit=False) as session:
        world = make_world(session)
        application = create_draft(session, "small-test", actor=world.applicant, organisation_id=world.organisation.id)
        session.commit()
        return application.key, world.applicant


def _answers(database: FreshDatabase, key: str) -> dict[str, Any]:
    with Session(database.engine) as session:
        return session.scalars(select(Application).where(Case.key == key)).one().answers


def _keep(database: FreshDatabase, key: str, question: str, value: Any, actor: Actor, together: Barrier) -> int:
    """One of several colleagues, none of whom has seen an answer, saves theirs; how many conflicts are told."""
    with database.app.app_context(), Session(database.engine, expire_on_commit=False) as session:
        together.wait()
        held = hold_draft(session, key, [question], actor=actor)
        kept = keep_answers(session, held, {question: value}, {}, actor=actor)
        session.commit()
        return len(kept.conflicts)


def test_of_colleagues_who_type_one_answer_at_once_one_is_kept_and_the_others_are_told(
    fresh_database: FreshDatabase,
) -> None:
    key, actor = _opened(fresh_database)
    together = Barrier(5)

    with ThreadPoolExecutor(5) as pool:
        outcomes = list(
            pool.map(lambda number: _keep(fresh_database, key, "name", f"Tên {number}", actor, together), range(5))
        )

    assert sorted(outcomes) == [0, 1, 1, 1, 1]
    assert _answers(fresh_database, key) == {"name": f"Tên {outcomes.index(0)}"}


def test_colleagues_who_type_different_answers_at_once_lose_nothing(fresh_database: FreshDatabase) -> None:
    key, actor = _opened(fresh_database)
    typed = {"name": "Tên", "users": 7, "level": "low", "phone": "0912345678"}
    together = Barrier(len(typed))

    with ThreadPoolExecutor(len(typed)) as pool:
        outcomes = list(pool.map(lambda item: _keep(fresh_database, key, *item, actor, together), typed.items()))

    assert outcomes == [0, 0, 0, 0]
    assert _answers(fresh_database, key) == typed


def test_programs_that_save_at_once_lose_nothing(fresh_database: FreshDatabase) -> None:
    key, actor = _opened(fresh_database)
    typed = {"name": "Tên", "users": 7, "level": "low", "phone": "0912345678"}
    together = Barrier(len(typed))

    def save(item: tuple[str, Any]) -> None:
        with fresh_database.app.app_context(), Session(fresh_database.engine, expire_on_commit=False) as session:
            application = session.scalars(select(Application).where(Case.key == key)).one()
            together.wait()
            save_answers(session, application, dict([item]), actor=actor)
            session.commit()

    with ThreadPoolExecutor(len(typed)) as pool:
        list(pool.map(save, typed.items()))

    assert _answers(fresh_database, key) == typed

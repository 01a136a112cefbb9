"""The demonstration: whole, marked, and made by the engine itself."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from applications.models import Case, Document, Procedure, ProcedureVersion
from applications.numbers import new_key, repeatable
from foundation import audit
from portal.demo.loading import is_demo, load_demo
from tests.databases import FreshDatabase


@pytest.fixture
def loaded(demo_database: FreshDatabase) -> Iterator[Session]:
    with demo_database.app.app_context(), demo_database.session() as session:
        yield session


def test_dossiers_of_every_procedure_over_all_states(loaded: Session) -> None:
    states = dict(loaded.execute(select(Case.state, func.count()).group_by(Case.state)).all())

    assert states.pop("recorded") == 17, "precedents from elsewhere"
    assert sum(states.values()) == 76
    assert {"draft", "checking", "supplement_requested", "returned", "routed_out", "in_appraisal"} <= set(states)
    assert {"in_review", "drafting_decision", "proposed", "permitted", "refused", "withdrawn"} <= set(states)
    assert {"sourced", "screening", "due_diligence", "term_sheet", "decision", "approved", "conditions"} <= set(states)
    assert {"in_consultation", "in_evaluation", "confirmed"} <= set(states)
    assert (states["closed_invested"], states["rejected"]) == (3, 1)
    assert {"lapsed", "expired"} <= set(states)
    assert is_demo(loaded)
    assert load_demo(loaded) == 0


def test_nothing_happened_in_the_future_and_trails_hold(loaded: Session) -> None:
    case = loaded.scalars(select(Case).where(Case.state == "permitted").limit(1)).one()

    rows = audit.history(loaded, case.stream)

    assert [row.at for row in rows] == sorted(row.at for row in rows)
    assert all(row.hash == row.digest() for row in rows)
    assert loaded.scalars(select(func.count()).select_from(Document)).one() > 60


@pytest.mark.parametrize(("code", "number"), [("controlled-test", 0), ("innovation-desk", 11)])
def test_the_same_dossiers_have_the_same_keys_each_time(loaded: Session, code: str, number: int) -> None:
    version = select(ProcedureVersion.content).join(Procedure).where(Procedure.code == code)
    prefix = loaded.scalars(version).one()["key_prefix"]

    with repeatable(f"{code} {number}"):
        key = new_key(prefix)

    assert loaded.scalar(select(func.count()).select_from(Case).where(Case.key == key)) == 1


def test_keys_are_unguessable_outside_the_demonstration() -> None:
    with repeatable("once"):
        first = new_key("TN")
    with repeatable("once"):
        again = new_key("TN")

    assert first == again
    assert len({new_key("TN") for _ in range(20)} - {first}) == 20

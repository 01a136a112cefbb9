"""``flask demo reset``: gives up a demonstration, and never anything else."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Person
from foundation.anchors import anchors_folder
from portal.commands import demo
from portal.demo.loading import DEMO, InstallationMark, is_demo
from tests.accounts.factories import make_person
from tests.databases import FreshDatabase


def settle(session: Session) -> int:
    """Stands in for the whole demonstration, which other tests load."""
    session.add(InstallationMark(name=DEMO))
    return 1


def people(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(Person)).one()


def test_a_database_of_real_people_stays_as_it_is(fresh_database: FreshDatabase) -> None:
    with fresh_database.session() as session:
        make_person(session)
        session.commit()

    refused = fresh_database.app.test_cli_runner().invoke(args=["demo", "reset", "--yes"])

    assert refused.exit_code == 1
    assert "not marked as a demonstration and stays as it is" in refused.output
    with fresh_database.session() as session:
        assert people(session) == 1


def test_a_demonstration_begins_anew_with_a_trail_of_its_own(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "load_demo", settle)
    runner = fresh_database.app.test_cli_runner()
    with fresh_database.session() as session:
        settle(session)
        make_person(session)
        session.commit()
    assert runner.invoke(args=["procedures", "load"]).exit_code == 0
    assert runner.invoke(args=["audit", "anchor"]).exit_code == 0

    unasked = runner.invoke(args=["demo", "reset"], input="n\n")
    reset = runner.invoke(args=["demo", "reset", "--yes"])
    verified = runner.invoke(args=["audit", "verify"])

    assert (unasked.exit_code, reset.exit_code) == (1, 0), reset.output
    assert verified.output == "The audit trail is whole.\n"
    with fresh_database.app.app_context():
        assert len(list(anchors_folder().parent.glob("anchors-until-*/anchor-000001-*.jsonl"))) == 1
    with fresh_database.session() as session:
        assert is_demo(session)
        assert people(session) == 0

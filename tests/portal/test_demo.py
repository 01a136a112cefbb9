"""The demonstration: whole, marked, and made by the engine itself."""

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.places import ensure_units, ensure_wards
from applications.models import Case, Document
from applications.packs.catalogue import pack_files, publish_files
from foundation import audit
from foundation.actors import SYSTEM
from foundation.calendars import ensure_calendars
from portal.demo.loading import is_demo, load_demo


@pytest.fixture
def loaded(app: Flask, session: Session) -> Session:
    ensure_wards(session)
    ensure_units(session)
    ensure_calendars(session, actor=SYSTEM)
    publish_files(session, pack_files(), actor=SYSTEM)
    with app.app_context():
        load_demo(session)
    return session


def test_seventy_two_dossiers_over_all_states(loaded: Session) -> None:
    states = dict(loaded.execute(select(Case.state, func.count()).group_by(Case.state)).all())

    assert states.pop("recorded") == 17, "precedents from elsewhere"
    assert sum(states.values()) == 72
    assert {"draft", "checking", "supplement_requested", "returned", "routed_out", "in_appraisal"} <= set(states)
    assert {"in_review", "drafting_decision", "proposed", "permitted", "refused", "withdrawn"} <= set(states)
    assert {"sourced", "screening", "due_diligence", "term_sheet", "decision", "approved", "conditions"} <= set(states)
    assert (states["closed_invested"], states["rejected"]) == (3, 1)
    assert is_demo(loaded)
    assert load_demo(loaded) == 0


def test_nothing_happened_in_the_future_and_trails_hold(loaded: Session) -> None:
    case = loaded.scalars(select(Case).where(Case.state == "permitted").limit(1)).one()

    rows = audit.history(loaded, case.stream)

    assert [row.at for row in rows] == sorted(row.at for row in rows)
    assert all(row.hash == row.digest() for row in rows)
    assert loaded.scalar(select(func.count()).select_from(Document)) or 0 > 60

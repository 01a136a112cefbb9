"""Reference data are read again after a change by whatever hand, and not before."""

from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from accounts.models import Unit
from foundation.revisions import Revision, kept, learn
from tests.accounts.factories import make_unit


def revision_of(session: Session, name: str) -> UUID:
    return session.scalars(select(Revision.revision).where(Revision.name == name)).one()


def paths(session: Session) -> list[str]:
    return list(session.scalars(select(Unit.path).order_by(Unit.id)))


def test_what_stands_is_kept_and_what_changed_is_read_again(session: Session) -> None:
    make_unit(session)
    session.flush()
    learn(session, {"units": str(revision_of(session, "units"))})
    before = kept(session, "units", "paths", lambda: paths(session))

    session.execute(text("UPDATE units SET path = 'above/' || path"))
    still = kept(session, "units", "paths", lambda: paths(session))
    learn(session, {"units": str(revision_of(session, "units"))})
    after = kept(session, "units", "paths", lambda: paths(session))

    assert still is before
    assert after == [f"above/{path}" for path in before]


def test_who_has_not_learnt_revisions_reads(session: Session) -> None:
    calls: list[int] = []

    for _ in range(2):
        kept(session, "units", "calls", lambda: calls.append(1))

    assert len(calls) == 2


def test_revisions_are_forgotten_with_the_transaction(session: Session) -> None:
    learn(session, {"units": "R1"})
    assert kept(session, "units", "in one transaction", lambda: "first") == "first"

    session.commit()

    assert kept(session, "units", "in one transaction", lambda: "second") == "second"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("UPDATE calendars SET code = code", "calendars"),
        ("DELETE FROM calendar_days", "calendars"),
        ("UPDATE procedures SET code = code", "procedures"),
        ("UPDATE units SET code = code", "units"),
        ("UPDATE role_grants SET role = role", "grants"),
    ],
)
def test_every_change_gives_a_new_revision(session: Session, change: str, name: str) -> None:
    before = revision_of(session, name)

    session.execute(text(change))
    session.expire_all()

    assert revision_of(session, name) != before


@pytest.mark.parametrize("by", ["object", "statement"])
def test_a_session_that_changes_reference_data_reads_them_again(session: Session, by: str) -> None:
    unit = make_unit(session)
    session.flush()
    learn(session, {"units": str(revision_of(session, "units"))})
    before = kept(session, "units", by, lambda: paths(session))

    if by == "object":
        unit.path = f"above/{unit.path}"
        session.flush()
    else:
        session.execute(update(Unit).values(path="above/" + Unit.path))

    assert kept(session, "units", by, lambda: paths(session)) != before

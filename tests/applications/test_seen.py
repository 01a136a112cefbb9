"""Rows read for looking only: each model as its session would give it, or nothing, and of no session."""

from sqlalchemy import bindparam, inspect, select, update
from sqlalchemy.orm import Session

from accounts.models import Person, Unit
from applications.models import Application, Case
from applications.visibility import WHOLE_CASE
from foundation.seen import see
from tests.applications.small_pack import World

LOOKED_AT = see(
    select(WHOLE_CASE, Unit, Person)
    .join(Unit, Unit.id == Case.unit_id)
    .outerjoin(Person, Person.id == Case.holder_id)
    .where(Case.key == bindparam("key", None))
)


def test_a_row_is_its_models_with_every_value(world: World, session: Session) -> None:
    application = world.draft(level="high")
    session.flush()
    session.refresh(application)

    found = LOOKED_AT.one(session, key=application.key)

    assert found is not None
    case, unit, holder = found
    assert (type(case), type(unit), holder) == (Application, Unit, None)
    for attribute in inspect(Application).column_attrs:
        assert getattr(case, attribute.key) == getattr(application, attribute.key)
    assert (unit.id, unit.title("vi")) == (application.unit_id, session.get_one(Unit, application.unit_id).title("vi"))


def test_a_case_that_is_no_application_has_nothing_of_one(world: World, session: Session) -> None:
    application = world.draft()
    session.flush()
    session.execute(update(Case).where(Case.id == application.id).values(kind="case"))

    case, *_ = LOOKED_AT.one(session, key=application.key) or ()

    assert type(case) is Case
    assert (case.id, "answers" in case.__dict__) == (application.id, False)


def test_what_is_looked_at_is_never_written(world: World, session: Session) -> None:
    application = world.draft()
    session.flush()
    case, *_ = LOOKED_AT.one(session, key=application.key) or ()

    case.title = "changed"
    session.flush()

    assert case not in session
    assert session.scalar(select(Case.title).where(Case.id == application.id)) == application.title
    assert LOOKED_AT.one(session, key="nobody") is None

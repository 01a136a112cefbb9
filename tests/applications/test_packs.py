"""Packs: what is published for ever, and which version a dossier follows."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from applications.engine import fire
from applications.models import ProcedureVersion
from applications.operations.drafts import save_answers
from applications.packs.catalogue import publish, version_in_force
from applications.packs.reading import PackError
from foundation.actors import SYSTEM
from foundation.errors import Blocked
from tests.applications.small_pack import World, small_pack, words


def test_the_same_words_are_published_once(world: World) -> None:
    again = publish(world.session, small_pack(), actor=SYSTEM)

    assert not again.is_new
    assert world.session.scalar(select(func.count()).select_from(ProcedureVersion)) == 1


def test_a_published_version_keeps_its_words(world: World, session: Session) -> None:
    with pytest.raises(PackError, match="published with other words"):
        publish(session, small_pack(summary=words("Changed")), actor=SYSTEM)
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text("UPDATE procedure_versions SET version = 9"))


def test_the_version_in_force_is_chosen_by_day(world: World) -> None:
    session = world.session
    publish(session, small_pack(version=2, in_force={"from": "2030-01-01"}), actor=SYSTEM)
    procedure_id = session.scalars(select(ProcedureVersion.procedure_id)).first() or 0

    def version(day: date) -> int | None:
        found = version_in_force(session, procedure_id, day)
        return found.version if found else None

    assert version(date(2029, 12, 31)) == 1
    assert version(date(2030, 1, 1)) == 2
    assert version(date(2019, 12, 31)) is None


def _newer(**changes: Any) -> dict[str, Any]:
    pack = small_pack(version=2, in_force={"from": "2024-01-01"})
    pack.update(changes)
    return pack


def test_acceptance_pins_the_version_in_force_then(world: World) -> None:
    application = world.draft()
    fire(world.session, application, "submit", actor=world.applicant)
    first = application.version_id
    publish(world.session, _newer(), actor=SYSTEM)

    fire(world.session, application, "accept", actor=world.officer("intake_officer"))

    assert application.version_id != first
    assert application.pinned_at is not None


def test_later_versions_leave_an_accepted_dossier_alone(world: World) -> None:
    application = world.draft()
    fire(world.session, application, "submit", actor=world.applicant)
    fire(world.session, application, "accept", actor=world.officer("intake_officer"))
    pinned = application.version_id
    publish(world.session, _newer(), actor=SYSTEM)

    fire(world.session, application, "hold", actor=world.officer("case_officer"))

    assert application.version_id == pinned


def test_a_version_that_asks_more_is_not_pinned_silently(world: World) -> None:
    application = world.draft()
    fire(world.session, application, "submit", actor=world.applicant)
    stricter = _newer()
    stricter["form"][0]["fields"][1]["required"] = True
    publish(world.session, stricter, actor=SYSTEM)

    with pytest.raises(Blocked) as refusal:
        fire(world.session, application, "accept", actor=world.officer("intake_officer"))

    assert [reason.code for reason in refusal.value.reasons] == ["rules_have_changed"]


def test_a_supplement_is_answered_under_the_version_in_force(world: World) -> None:
    application = world.draft()
    fire(world.session, application, "submit", actor=world.applicant)
    stricter = _newer()
    stricter["form"][0]["fields"][1]["required"] = True
    publish(world.session, stricter, actor=SYSTEM)
    officer = world.officer("intake_officer")

    fire(world.session, application, "request_supplement", actor=officer, data={"missing": "Số người dùng"})
    save_answers(world.session, application, {"users": 12}, actor=world.applicant)
    fire(world.session, application, "resubmit", actor=world.applicant)
    fire(world.session, application, "accept", actor=officer)

    pinned = world.session.get_one(ProcedureVersion, application.version_id)
    assert pinned.version == 2
    assert application.state == "working"


def test_a_pack_names_a_unit_and_a_calendar_that_are_there(world: World, session: Session) -> None:
    content = small_pack() | {"version": 7, "unit": "000.00.77.H99", "calendar": "mars"}

    with pytest.raises(PackError) as refused:
        publish(session, content, actor=SYSTEM)

    assert [fault.partition(": ")[2] for fault in refused.value.faults] == [
        "unit: no unit '000.00.77.H99'",
        "calendar: no calendar 'mars'",
    ]

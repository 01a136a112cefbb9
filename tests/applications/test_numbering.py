"""A dossier's number is taken by the last statement of its step, which writes all that carries the code."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session

from applications import numbering, recording
from applications.engine import fire
from applications.models import Application, Letter
from applications.numbers import dossier_code
from applications.packs.catalogue import pack_of_version
from applications.packs.model import NoticeSpec
from foundation import audit
from foundation.audit import AuditEntry
from foundation.notices import Notice
from foundation.workdays import local_date
from tests.applications.small_pack import World
from tests.applications.visits import submitted


def accept(world: World, application: Application) -> Application:
    fire(world.session, application, "accept", actor=world.officer("intake_officer"))
    return application


def entries_of(world: World, application: Application) -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.stream == application.stream).order_by(AuditEntry.seq)
    return list(world.session.scalars(query.execution_options(populate_existing=True)))


@pytest.mark.parametrize("pattern", ["{unit}-{yymmdd}-{serial:04}", "{serial}/{yyyy}-{serial:03}.X", "A{serial:02}"])
def test_the_code_follows_the_pattern_and_stands_wherever_it_is_told(
    world: World, pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.unit.dossier_code_pattern = pattern
    world.session.flush()
    application = submitted(world)
    steps = pack_of_version(world.session, application.version_id).step_by_key
    words = {"vi": "{code}", "en": "{code}", "fr": "{code}"}
    monkeypatch.setitem(steps, "accept", replace(steps["accept"], notices=(NoticeSpec("applicant", words, words),)))
    accept(world, application)
    code = dossier_code(pattern, world.unit.code, local_date(application.received_at or application.created_at), 1)
    entry = entries_of(world, application)[-1]
    told = world.session.scalars(select(Notice.facts).where(Notice.case_id == application.id)).all()
    letters = world.session.scalars(select(Letter.facts).where(Letter.case_id == application.id)).all()

    assert application.code == entry.facts["code"] == code
    assert {facts["code"] for facts in told} >= {code}
    assert numbering.PENDING not in f"{told}{letters}{entry.facts}"
    world.session.refresh(application)
    assert application.code == code


def test_the_entry_is_chained_even_behind_what_somebody_wrote_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = submitted(world)
    write = recording.write

    def written_between(session: Session, records: Sequence[recording.Record]) -> None:
        audit.record_view(session, actor=world.applicant, subject=("case", application.id), field="name")
        write(session, records)

    monkeypatch.setattr(recording, "write", written_between)
    accept(world, application)
    entries = entries_of(world, application)

    assert [entry.action for entry in entries[-2:]] == ["foundation:field:reveal", "applications:case:move"]
    assert all(entry.is_sound() for entry in entries)
    assert all(later.prev_hash == earlier.hash for earlier, later in pairwise(entries))
    assert entries[-1].facts["code"] == application.code


@pytest.fixture
def statements(world: World) -> Iterator[list[str]]:
    said: list[str] = []
    bind = world.session.connection()

    def note(_connection: Connection, _cursor: object, words: str, *_rest: object) -> None:
        said.append(words)

    event.listen(bind, "before_cursor_execute", note)
    yield said
    event.remove(bind, "before_cursor_execute", note)


def test_nothing_is_asked_behind_the_counter(world: World, statements: list[str]) -> None:
    application = submitted(world)
    statements.clear()
    accept(world, application)
    world.session.flush()

    assert [number for number, words in enumerate(statements) if "dossier_counters" in words] == [len(statements) - 1]
    assert len(statements) <= 5

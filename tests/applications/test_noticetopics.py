"""When a dossier is due soon for those who hear of it, and which of its notices nobody can leave out."""

from datetime import timedelta

from applications.correspondence import MOVED, MOVED_BESIDES, _kind_for
from applications.engine import fire
from applications.models import ClockRun
from applications.noticetopics import LAWFUL, NEWS, next_due
from applications.packs.model import NoticeSpec
from tests.applications.small_pack import World, words


def test_the_nearest_running_date_counts_whoever_it_runs_for(world: World) -> None:
    case = world.draft()
    fire(world.session, case, "submit", actor=world.applicant)
    other = world.draft()

    due = next_due(world.session, [case.id, other.id])
    assert due == {case.id: case.due_at}

    run = world.session.query(ClockRun).filter_by(case_id=case.id).one()
    assert case.due_at is not None
    run.reappointed_due_at = later = case.due_at + timedelta(days=9)
    world.session.flush()
    assert next_due(world.session, [case.id]) == {case.id: later}


def test_only_what_the_pack_says_is_not_required_can_be_left_out() -> None:
    assert _kind_for(NoticeSpec("applicant", words("x"), words("x"))) is MOVED
    assert _kind_for(NoticeSpec("applicant", words("x"), words("x"), required=False)) is MOVED_BESIDES
    assert (MOVED.topic, MOVED_BESIDES.topic) == (LAWFUL, NEWS)
    assert LAWFUL.is_required
    assert not NEWS.is_required

"""When a dossier is due soon for those who hear of it, and which of its notices nobody can leave out."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from applications.correspondence import MOVED, MOVED_BESIDES, MOVED_IN_UNIT, OFFICERS, _kind_for, officers_of
from applications.engine import fire
from applications.models import ClockRun
from applications.noticetopics import LAWFUL, NEWS, next_due
from applications.packs.model import NoticeSpec
from foundation.mails import MailMessage
from foundation.noticechoices import choose
from foundation.noticekinds import Channel
from foundation.noticemails import mail_notices
from foundation.notices import Notice, notify
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


def test_news_of_the_unit_wait_for_the_digest_unless_an_officer_wants_them_at_once(app: Flask, world: World) -> None:
    officer, other = world.people["case_officer"], world.people["intake_officer"]
    choose(world.session, other.id, {"unit": Channel.MAIL})
    notify(world.session, [officer.id, other.id], MOVED_IN_UNIT, facts={}, link="/queue")

    with app.app_context():
        mail_notices.work(world.session)

    waiting = select(Notice.person_id, Notice.waits_for_digest)
    assert dict(map(tuple, world.session.execute(waiting))) == {officer.id: True, other.id: False}
    assert world.session.scalars(select(MailMessage.to_address)).all() == [other.email]


def test_who_checks_what_comes_in_is_told_of_it_and_no_case_officer(world: World) -> None:
    assert _kind_for(NoticeSpec("intake", words("x"), words("x"))) is MOVED_IN_UNIT
    told = officers_of(world.session, world.unit, "small-test", OFFICERS["intake"])

    assert list(told) == [world.people["intake_officer"].id]


def test_only_what_the_pack_says_is_not_required_can_be_left_out() -> None:
    assert _kind_for(NoticeSpec("applicant", words("x"), words("x"))) is MOVED
    assert _kind_for(NoticeSpec("applicant", words("x"), words("x"), required=False)) is MOVED_BESIDES
    assert (MOVED.topic, MOVED_BESIDES.topic) == (LAWFUL, NEWS)
    assert LAWFUL.is_required
    assert not NEWS.is_required

"""Where people choose how they are told, and leave the digest without signing in."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from accounts.models import Person
from foundation.dailydigest import leaving_token
from foundation.database import now
from foundation.noticechoices import NoticeChoice, choose
from foundation.noticekinds import Channel
from foundation.notices import Notice
from foundation.waysout import path_out
from tests.accounts.factories import make_person, sign_in
from tests.accounts.pages import text_of
from tests.pages import open_page

MINE = {"dossier_news": "digest", "certification": "mail", "messages": "digest"}


def _chosen(session: Session, person: Person) -> dict[str, str]:
    session.expire_all()
    rows = session.scalars(select(NoticeChoice).where(NoticeChoice.person_id == person.id))
    return {row.topic: row.channel for row in rows}


def test_a_choice_is_kept_and_shown(client: FlaskClient, session: Session, lan: Person) -> None:
    sign_in(client, session, lan)

    before = client.get("/account/notices")
    answer = client.post("/account/notices", data=MINE, follow_redirects=True)

    assert "không thể tắt" in text_of(before.text)
    assert 'name="dossier_steps"' not in before.text
    assert 'name="tasks"' not in before.text, "no officer"
    assert "Đã lưu lựa chọn của bạn." in answer.text
    assert _chosen(session, lan) == {"dossier_news": "digest", "messages": "digest"}
    assert answer.text.count("checked") == 4, "a fund that one's organisation may contribute to is left as it was"


@pytest.mark.parametrize(
    ("topic", "channel"),
    [("tasks", "none"), ("unit", "post"), ("messages", ""), ("messages", "none")],
    ids=["duty", "unknown", "empty", "unread"],
)
def test_a_way_that_is_not_offered_is_refused(client: FlaskClient, session: Session, topic: str, channel: str) -> None:
    officer = make_person(session, grants=["case_officer"])
    session.commit()
    sign_in(client, session, officer)

    answer = client.post(
        "/account/notices", data={"messages": "site", "tasks": "site", "unit": "site"} | {topic: channel}
    )

    assert answer.status_code == 422
    assert _chosen(session, officer) == {}


def test_what_the_law_demands_cannot_be_switched_off(client: FlaskClient, session: Session, lan: Person) -> None:
    sign_in(client, session, lan)

    client.post("/account/notices", data={**MINE, "dossier_steps": "none"})

    assert "dossier_steps" not in _chosen(session, lan)


def test_the_link_of_a_digest_switches_off_only_the_digest(client: FlaskClient, session: Session, lan: Person) -> None:
    other = make_person(session)
    rows = [(lan.id, "dossier_news", "digest"), (lan.id, "certification", "none"), (other.id, "messages", "digest")]
    session.execute(
        insert(NoticeChoice), [dict(zip(("person_id", "topic", "channel"), row, strict=True)) for row in rows]
    )
    told = {"kind": "message_sent", "facts": {}, "link": "/", "created_at": now(), "waits_for_digest": True}
    session.add_all([Notice(person_id=lan.id, **told), Notice(person_id=other.id, **told)])
    session.commit()
    path = f"/notices/digest/{leaving_token_in(client, lan.id)}"

    seen = client.get(path)
    unchanged = _chosen(session, lan)
    done = client.post(path)

    assert (seen.status_code, done.status_code) == (200, 200)
    assert unchanged["dossier_news"] == "digest", "GET never writes"
    assert _chosen(session, lan) == {"dossier_news": "site", "certification": "none", "unit": "site"}
    assert _chosen(session, other) == {"messages": "digest"}
    assert session.scalars(select(Notice.person_id).where(Notice.waits_for_digest)).all() == [other.id]


def leaving_token_in(client: FlaskClient, person_id: int) -> str:
    with client.application.app_context():
        return leaving_token(person_id)


def test_a_link_that_was_tampered_with_leads_nowhere(client: FlaskClient, session: Session, lan: Person) -> None:
    token = leaving_token_in(client, lan.id)

    assert client.get(f"/notices/digest/{token[:-2]}").status_code == 404
    assert client.post(f"/notices/digest/x{token}").status_code == 404


def way_out(client: FlaskClient, person: Person, topic: str) -> str:
    with client.application.app_context():
        return path_out(person.id, topic)


@pytest.mark.parametrize(("topic", "left"), [("dossier_news", "site"), ("digest", "digest")])
def test_a_mail_program_ends_mails_by_one_press(
    client: FlaskClient, session: Session, lan: Person, monkeypatch: pytest.MonkeyPatch, topic: str, left: str
) -> None:
    monkeypatch.setitem(client.application.config, "WTF_CSRF_ENABLED", True)
    choose(session, lan.id, {"messages": Channel.DIGEST})
    session.commit()
    path = way_out(client, lan, topic)

    seen, by_accident = client.get(path), client.post(path)
    unchanged = _chosen(session, lan)
    done = client.post(path, data={"List-Unsubscribe": "One-Click"})

    assert (seen.status_code, by_accident.status_code, done.status_code) == (200, 422, 200)
    assert unchanged == {"messages": "digest"}
    expected = {"messages": "site", "unit": "site"} if topic == "digest" else {"messages": "digest", topic: left}
    assert _chosen(session, lan) == expected


def test_the_page_behind_the_link_ends_mails_by_a_button(client: FlaskClient, session: Session, lan: Person) -> None:
    path = way_out(client, lan, "dossier_news")

    done = open_page(client, path).form_to(path).send(client, press=("List-Unsubscribe", "One-Click"))

    assert done.status_code == 200
    assert _chosen(session, lan) == {"dossier_news": "site"}


@pytest.mark.parametrize("topic", ["dossier_steps", "nothing"])
def test_there_is_no_way_out_of_what_the_law_demands(client: FlaskClient, lan: Person, topic: str) -> None:
    path = way_out(client, lan, topic)

    assert client.get(path).status_code == 404
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 404
    assert client.get(f"/notices/leave/x{path[-20:]}").status_code == 404

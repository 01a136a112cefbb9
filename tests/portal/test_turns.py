"""Turns of requests and bodies on their way: given back whatever happens, and never more than there is room for."""

import io
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from foundation.access import EVERYONE, access
from foundation.database import db
from portal import turns
from portal.factory import create_app
from portal.turns import Turns
from tests.databases import settings_for

LONG_ENOUGH = 20
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def narrow_app(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The product with room for a single body on its way and a single request at work."""
    monkeypatch.setattr(turns, "MOST_ARRIVING", 1)
    app = create_app(replace(settings_for(database_url, tmp_path), web_threads=1))
    yield app
    with app.app_context():
        db.engine.dispose()


class SlowBody(io.RawIOBase):
    """A body of which nothing arrives before it is let through."""

    def __init__(self) -> None:
        self.is_awaited, self.may_arrive = threading.Event(), threading.Event()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        self.is_awaited.set()
        self.may_arrive.wait(LONG_ENOUGH)
        return 0


def test_a_turn_is_given_back_after_every_kind_of_answer(narrow_app: Flask) -> None:
    answered: list[int] = []

    def ask() -> None:
        client = narrow_app.test_client()
        for address in ("/healthz", "/nowhere", "/api/v1/me", "/healthz"):
            answered.append(client.get(address).status_code)
        answered.append(client.post("/sign-in", data={}).status_code)
        answered.append(client.get("/healthz").status_code)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(LONG_ENOUGH)

    assert answered == [200, 404, 401, 200, 400, 200]


def test_the_next_request_is_worked_on_while_a_commit_is_written(
    narrow_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The narrow product works on one request at once, however long it takes."""
    has_committed, may_answer = threading.Event(), threading.Event()

    def commits() -> str:
        db.session.execute(text("SELECT 1"))
        db.session.commit()
        has_committed.set()
        may_answer.wait(LONG_ENOUGH)
        return "written"

    monkeypatch.setitem(narrow_app.view_functions, "portal.choose_theme", access(EVERYONE)(commits))
    monkeypatch.setitem(narrow_app.config, "WTF_CSRF_ENABLED", False)
    said: list[str] = []
    writing = threading.Thread(target=lambda: said.append(narrow_app.test_client().post("/theme").text), daemon=True)
    writing.start()
    assert has_committed.wait(LONG_ENOUGH)

    beside = narrow_app.test_client().get("/healthz").status_code
    may_answer.set()
    writing.join(LONG_ENOUGH)

    assert (beside, said) == (200, ["written"])


def test_turns_are_taken_one_after_another_in_the_order_of_arrival() -> None:
    turns = Turns(4, long=LONG_ENOUGH)
    order: list[int] = []
    first = turns.take()

    def wait(number: int) -> None:
        turn = turns.take()
        order.append(number)
        turns.give_back(turn)

    waiting = [threading.Thread(target=wait, args=(number,), daemon=True) for number in range(5)]
    for number, thread in enumerate(waiting):
        thread.start()
        _await_line(turns, number + 1)
    assert order == []
    turns.give_back(first)
    for thread in waiting:
        thread.join(LONG_ENOUGH)

    assert order == [0, 1, 2, 3, 4]


def test_while_a_turn_lasts_long_others_work_beside_it_but_never_more_than_allowed() -> None:
    turns = Turns(3, long=0.01)
    held = [turns.take() for _ in range(3)]
    came: list[object] = []
    late = threading.Thread(target=lambda: came.append(turns.take()), daemon=True)
    late.start()
    late.join(0.2)
    assert came == []

    turns.give_back(held[0])
    late.join(LONG_ENOUGH)
    assert len(came) == 1
    for turn in [*held[1:], *came]:
        turns.give_back(turn)

    assert turns._is_free


def _await_line(turns: Turns, length: int) -> None:
    end = time.monotonic() + LONG_ENOUGH
    while len(turns._waiting) < length:
        assert time.monotonic() < end
        time.sleep(0.001)


def test_a_body_too_many_is_sent_away_and_pages_are_answered(narrow_app: Flask) -> None:
    body = SlowBody()
    request = {"wsgi.input": body, "CONTENT_TYPE": FORM, "CONTENT_LENGTH": "10"}
    slow = threading.Thread(
        target=lambda: narrow_app.test_client().post("/sign-in", environ_overrides=request), daemon=True
    )
    slow.start()
    assert body.is_awaited.wait(LONG_ENOUGH)

    page = narrow_app.test_client().get("/healthz")
    refused = narrow_app.test_client().post("/sign-in", data={"email": "a@b.example"})
    body.may_arrive.set()
    slow.join(LONG_ENOUGH)
    again = narrow_app.test_client().post("/sign-in", data={"email": "a@b.example"})

    assert (page.status_code, refused.status_code, refused.headers["Retry-After"]) == (200, 503, "5")
    assert again.status_code == 400


@pytest.fixture
def crowded_app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The product with room for one request; a page of it is being worked on until ``release`` is set."""
    app = create_app(replace(settings_for(database_url, tmp_path), web_waiting=1))
    is_at_work, release = threading.Event(), threading.Event()

    def works() -> str:
        is_at_work.set()
        release.wait(LONG_ENOUGH)
        return "done"

    app.view_functions["portal.home"] = access(EVERYONE)(works)
    said: list[str] = []
    first = threading.Thread(target=lambda: said.append(app.test_client().get("/").text), daemon=True)
    first.start()
    assert is_at_work.wait(LONG_ENOUGH)
    yield app
    release.set()
    first.join(LONG_ENOUGH)
    assert said == ["done"]
    assert app.test_client().get("/sign-in").status_code == 200
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(("language", "words"), [("vi", "Có nhiều người"), ("en", "Many people"), ("fr", "Beaucoup")])
def test_whoever_comes_while_enough_wait_is_told_at_once(crowded_app: Flask, language: str, words: str) -> None:
    client = crowded_app.test_client()
    client.set_cookie("language", language)

    page = client.get("/sign-in?next=/desk")

    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert words in page.text
    assert 'href="/sign-in?next=/desk"' in page.text
    assert 'http-equiv="refresh"' in page.text
    assert "default-src" in page.headers["Content-Security-Policy"]


def test_what_is_sent_while_enough_wait_is_not_sent_again_by_itself(crowded_app: Flask) -> None:
    page = crowded_app.test_client().post("/sign-in", data={"email": "a@b.example"})

    assert page.status_code == 503
    assert 'http-equiv="refresh"' not in page.text


def test_a_program_gets_a_problem_document_while_enough_wait(crowded_app: Flask) -> None:
    answer = crowded_app.test_client().get("/api/v1/me")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json is not None
    assert (answer.content_type, answer.json["code"]) == ("application/problem+json", "unavailable")


def test_whoever_watches_the_installation_is_let_in_while_enough_wait(crowded_app: Flask) -> None:
    assert crowded_app.test_client().get("/healthz").status_code == 200

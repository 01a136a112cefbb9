"""Every page that needs no particular thing, for every kind of reader: admitted or refused, and free of inline code."""

from collections import Counter
from html.parser import HTMLParser

import pytest
from flask import Flask, url_for
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from foundation.access import AccessRule, access_table, rule_of
from foundation.actors import PUBLIC, Actor
from tests.accounts.factories import actor_for
from tests.portal.readers import READERS, Readers

Attributes = dict[str, str | None]


class Elements(HTMLParser):
    """All elements of a page in order, those within templates too."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, Attributes]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def pages(app: Flask) -> list[tuple[str, AccessRule]]:
    """The addresses that can be opened without knowing a key, with their rules."""
    with app.test_request_context():
        found = [
            (url_for(route.endpoint), rule_of(app.view_functions[route.endpoint]))
            for route in app.url_map.iter_rules()
            if not route.arguments and "GET" in (route.methods or set())
        ]
    return [(address, rule) for address, rule in found if rule is not None]


def inline_code(html: str) -> list[str]:
    """What the content policy of a page forbids: styles, handlers and scripts in the markup."""
    return [
        f"<{tag} {name}={value!r}>"
        for tag, attributes in Elements(html).found
        for name, value in attributes.items()
        if name == "style" or name.startswith(("on", "hx-on")) or (value or "").strip().startswith("javascript:")
    ] + [
        f"<{tag}> without address or nonce"
        for tag, attributes in Elements(html).found
        if tag in ("script", "style") and not attributes.get("src") and not attributes.get("nonce")
    ]


def twice(html: str) -> list[str]:
    """Ids that stand on a page more than once."""
    ids = Counter(attributes["id"] for _, attributes in Elements(html).found if attributes.get("id"))
    return [name or "" for name, times in ids.items() if times > 1]


@pytest.fixture(autouse=True)
def living_worker(session: Session) -> None:
    """Without a worker the installation rightly calls itself not ready."""
    session.execute(text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())"))
    session.commit()


def expected(rule: AccessRule, actor: Actor, address: str) -> set[int]:
    """The answers that the declared rule allows this reader."""
    is_api = address.startswith("/api/")
    if rule.admits(PUBLIC if is_api else actor):
        return {200, 302, 303, 404}
    if is_api:
        return {401}
    return {403} if actor.is_signed_in else {302}


def is_page(answer: TestResponse) -> bool:
    return answer.mimetype == "text/html" and answer.status_code == 200


@pytest.mark.parametrize("who", READERS)
def test_pages_answer_as_their_rule_says_and_hold_no_inline_code(app: Flask, readers: Readers, who: str) -> None:
    browser = readers.browser(who)
    actor = PUBLIC if who == "public" else actor_for(readers.world.session, readers.people[who])
    faults: list[object] = []
    opened = 0

    for address, rule in pages(app):
        answer = browser.get(address)
        if answer.status_code not in expected(rule, actor, address):
            faults.append((address, answer.status_code))
        if is_page(answer):
            opened += 1
            faults += [(address, fault) for fault in inline_code(answer.text)]
            faults += [(address, "id twice", name) for name in twice(answer.text)]
            faults += [(address, "no single h1")] * (answer.text.count("<h1") != 1)

    assert faults == []
    assert opened >= 5


def test_inline_code_is_found() -> None:
    html = '<p style="x"><a href="javascript:go()" onclick="go()"><script>go()</script><script nonce="n"></script>'

    assert len(inline_code(html)) == 4


def test_every_address_declares_who_may_open_it(app: Flask) -> None:
    assert [row for row in access_table(app) if row[2] == "DENIED"] == []


def test_an_address_that_declares_nothing_is_refused(
    app: Flask, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.view_functions, "portal.about_access", lambda: "secret")

    answer = readers.browser("administrator").get("/about/access")

    assert answer.status_code == 403
    assert "secret" not in answer.text

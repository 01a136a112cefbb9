"""People who visit pages in tests: signed in, looking for what stands in the HTML."""

import html
import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from accounts.models import Person
from applications.engine import fire
from applications.models import Application, Document
from applications.operations.documents import receive_file
from applications.operations.reviews import assign_reviewer, declare_conflict
from tests.accounts.factories import actor_for, make_person, sign_in
from tests.applications.small_pack import World


def visiting(world: World, client: FlaskClient, who: str | Person) -> FlaskClient:
    """The client, signed in as this officer (by role), "applicant", or person."""
    person = world.people[who] if isinstance(who, str) else who
    sign_in(client, world.session, person)
    return client


def submitted(world: World, **answers: Any) -> Application:
    application = world.draft(**answers)
    fire(world.session, application, "submit", actor=world.applicant)
    world.session.commit()
    return application


def accepted(world: World, **answers: Any) -> Application:
    application = submitted(world, **answers)
    fire(world.session, application, "accept", actor=world.officer("intake_officer"))
    world.session.commit()
    return application


def asked_reviewer(world: World, application: Application, *, declared: bool = True) -> tuple[Person, Any]:
    """A new reviewer asked for the case; the person and the assignment."""
    person = make_person(world.session, grants=["reviewer"])
    reviewer = actor_for(world.session, person)
    assignment = assign_reviewer(world.session, application, reviewer, actor=world.officer("case_officer"))
    if declared:
        declare_conflict(world.session, assignment, actor=reviewer, has_conflict=False)
    world.session.commit()
    return person, assignment


def pdf(pages: int = 1) -> bytes:
    """A small true PDF."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=(300, 400))
        document.save(out)
    return out.getvalue()


def with_document(world: World, app: Flask, application: Application, *, pages: int = 1) -> Document:
    """The application with one stored PDF in its slot "plan"."""
    with app.app_context():
        arrival = receive_file(io.BytesIO(pdf(pages)), "ke-hoach.pdf", "application/pdf", accept=["pdf"], max_mb=5)
    document = Document(
        case_id=application.id,
        slot="plan",
        sha256=arrival.sha256,
        size=arrival.size,
        filename=arrival.filename,
        media_type=arrival.media_type,
        pages=arrival.pages,
    )
    world.session.add(document)
    world.session.commit()
    return document


def text_of(page: str) -> str:
    """What a page says, without its markup."""
    body = re.sub(r"<(script|style|svg).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def queries_of(session: Session, act: Callable[[], Any]) -> int:
    """How many statements reach the database while ``act`` runs, after one run to warm up.

    A program takes its requests from its limit in portions: every sixth one asks for more, never two together.
    """
    act()
    seen: list[str] = []

    def note(*args: Any) -> None:
        seen.append(args[2])

    bind = session.get_bind()
    counts = []
    event.listen(bind, "before_cursor_execute", note)
    for _ in range(2):
        seen.clear()
        act()
        counts.append(len(seen))
    event.remove(bind, "before_cursor_execute", note)
    return min(counts)

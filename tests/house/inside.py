"""The inside of a running house: its data from this process, and an applicant with drafts and a token."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from accounts.digests import digest_of
from accounts.models import AccessToken
from applications.operations.drafts import create_draft, save_answers
from applications.packs.catalogue import pack_of_version
from bench.house import RunningHouse
from foundation.actors import Actor
from foundation.database import db, now
from portal.factory import create_app
from portal.keys import key_files
from portal.settings import Settings
from tests.accounts.factories import actor_for, make_organisation, make_person
from tests.applications.answering import complete_dossier


@dataclass(frozen=True)
class Applicant:
    """Somebody who applies by program."""

    actor: Actor
    organisation_id: int
    bearer: str


@contextmanager
def application_over(house: RunningHouse) -> Iterator[Flask]:
    """The product in this process too, over the database of the running house."""
    environment = {"DATABASE_URL": house.database_url, "KHUEVAN_INSTANCE": str(house.state), **key_files(house.state)}
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def make_applicant(session: Session, bearer: str) -> Applicant:
    """A person of an organisation, with an access token that says ``bearer``."""
    organisation = make_organisation(session)
    person = make_person(session, organisation=organisation)
    session.add(
        AccessToken(
            person_id=person.id,
            name="test",
            prefix="kv",
            digest=digest_of(bearer),
            scopes=["read", "write"],
            expires_at=now() + timedelta(hours=1),
        )
    )
    return Applicant(actor_for(session, person), organisation.id, bearer)


def make_drafts(session: Session, procedure: str, applicant: Applicant, *, count: int, **given: Any) -> list[str]:
    """Drafts with every question answered, and without documents; their keys."""
    keys = []
    for _ in range(count):
        draft = create_draft(session, procedure, actor=applicant.actor, organisation_id=applicant.organisation_id)
        answers = complete_dossier(pack_of_version(session, draft.version_id), **given)
        save_answers(session, draft, answers, actor=applicant.actor)
        keys.append(draft.key)
    session.commit()
    return keys

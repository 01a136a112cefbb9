"""Kinds of readers of the shell, each with a browser."""

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from accounts.models import Person
from tests.accounts.factories import sign_in
from tests.applications.small_pack import World

READERS = ("public", "applicant", "reviewer", "intake_officer", "case_officer", "issuer", "auditor", "administrator")


@dataclass(frozen=True)
class Readers:
    """Browsers of each kind of reader, on the one connection of the test."""

    app: Flask
    world: World
    people: dict[str, Person]

    def browser(self, who: str) -> FlaskClient:
        """A browser, signed in unless it is the public's."""
        client = self.app.test_client()
        if who != "public":
            sign_in(client, self.world.session, self.people[who])
        return client

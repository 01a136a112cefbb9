"""Makes people, organisations and units for the tests of every package; nothing is committed here."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from accounts.digests import digest_of, new_secret
from accounts.models import Membership, Organisation, Person, RoleGrant, SignInSession, Unit
from accounts.places import new_unit
from accounts.queries import actor_of_person
from foundation.actors import Actor
from foundation.database import now

_numbers = count(1)
SESSION_COOKIE = "khuevan_session"


def make_organisation(session: Session, *, name: str = "", **facts: Any) -> Organisation:
    """A company without a tax code unless one is given; its name is new each time."""
    name = name or f"Công ty Thử nghiệm {next(_numbers)}"
    row = Organisation(**{"name_vi": name, "legal_form": "joint_stock_company", **facts})
    session.add(row)
    session.flush()
    return row


def make_unit(session: Session, *, code: str = "", parent: Unit | None = None, kind: str = "department") -> Unit:
    """A unit below ``parent``, or a root."""
    code = code or f"900.00.{next(_numbers):02}.H26"
    row = new_unit(
        code=code,
        name={"vi": f"Đơn vị {code}", "en": f"Unit {code}", "fr": f"Unité {code}"},
        kind=kind,
        parent=parent,
    )
    session.add(row)
    session.flush()
    return row


def make_person(
    session: Session,
    *,
    email: str = "",
    grants: Iterable[str | Mapping[str, Any]] = (),
    organisation: Organisation | None = None,
    **facts: Any,
) -> Person:
    """A person who can sign in by :func:`sign_in`.

    A grant is a role's code, or the columns of a role grant (``{"role": …, "scope_unit_id": …}``). The
    person owns ``organisation`` unless ``membership_role`` says otherwise; ``facts`` are further columns.
    """
    number = next(_numbers)
    role = facts.pop("membership_role", "owner")
    person = Person(
        **{
            "email": email or f"nguoi.{number}@vi-du.example",
            "full_name": f"Nguyễn Văn {number}",
            "language": "vi",
            "email_confirmed_at": now(),
            **facts,
        }
    )
    session.add(person)
    session.flush()
    for grant in grants:
        grant_directly(session, person, **({"role": grant} if isinstance(grant, str) else grant))
    if organisation is not None:
        session.add(Membership(person_id=person.id, organisation_id=organisation.id, role=role))
        session.flush()
    return person


def grant_directly(session: Session, person: Person, *, role: str, **facts: Any) -> RoleGrant:
    """A role grant in force since yesterday, without asking who grants it."""
    row = RoleGrant(
        **{
            "person_id": person.id,
            "role": role,
            "starts_on": date.today() - timedelta(days=1),  # noqa: DTZ011 - any zone: one day of slack
            "reason": "test",
            **facts,
        }
    )
    session.add(row)
    session.flush()
    return row


def actor_for(session: Session, person: Person) -> Actor:
    """The person as an actor, with the grants and memberships of this moment."""
    session.flush()
    return actor_of_person(session, person.id)


def open_session(session: Session, person: Person) -> str:
    """A sign-in session of this person; the value of its cookie."""
    secret = new_secret()
    session.add(SignInSession(digest=digest_of(secret), person_id=person.id, expires_at=now() + timedelta(hours=1)))
    session.flush()
    return secret


def sign_in(client: FlaskClient, session: Session, person: Person) -> str:
    """Give the test client the cookie of a new, committed session of this person; the cookie's value."""
    secret = open_session(session, person)
    session.commit()
    client.set_cookie(SESSION_COOKIE, secret)
    return secret

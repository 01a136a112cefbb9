"""``flask users``: the first administrator, and accounts when no page can be reached."""

from datetime import datetime

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from accounts.operations import grants, people
from accounts.operations.grants import GrantTerms
from accounts.operations.people import Profile, person_with_email
from accounts.queries.people import holders_of
from accounts.queries.units import unit_with_code
from foundation.actors import SYSTEM
from foundation.database import db, now
from foundation.wording import DEFAULT_LANGUAGE, LANGUAGES
from foundation.workdays import local_date
from portal.terminal import terminal_transaction

cli = click.Group("users", help="Accounts of people and their roles.")


def person_called(session: Session, email: str) -> Person:
    """The person with this address, or an error of the command line."""
    person = person_with_email(session, email)
    if person is None:
        raise click.ClickException(f"nobody has the address {email}")
    return person


@cli.command("create")
@click.argument("email")
@click.argument("name")
@click.option("--language", type=click.Choice(LANGUAGES), default=DEFAULT_LANGUAGE, show_default=True)
@click.password_option(help="Asked for when not given.")
@with_appcontext
def create(email: str, name: str, language: str, password: str) -> None:
    """Open an account for EMAIL in the name of NAME."""
    profile = Profile(name, language)
    with terminal_transaction() as session:
        person = people.create_person(session, SYSTEM, email=email, profile=profile, password=password)
    click.echo(f"created {person.email}")


@cli.command("list")
@click.option("--role", help="Only those who hold this role today.")
@with_appcontext
def list_people(role: str | None) -> None:
    """List accounts: address, name, state."""
    session = db.session()
    found = holders_of(session, role) if role else session.scalars(select(Person).order_by(Person.email))
    for person in found:
        click.echo(f"{person.email}\t{person.full_name}\t{'disabled' if person.disabled_at else 'active'}")


@cli.command("grant")
@click.argument("email")
@click.argument("role")
@click.option("--unit", help="Code of the unit, with all below it, that narrows the role.")
@click.option("--procedure", help="Code of the procedure that narrows the role.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the grant.")
@click.option("--reason", required=True, help="On what ground, for the record.")
@with_appcontext
def grant(
    email: str, role: str, *, unit: str | None, procedure: str | None, until: datetime | None, reason: str
) -> None:
    """Grant ROLE to EMAIL from today on."""
    with terminal_transaction() as session:
        terms = GrantTerms(
            role=role,
            starts_on=local_date(now()),
            ends_on=until.date() if until else None,
            reason=reason,
            scope_procedure=procedure,
            scope_unit_id=unit_with_code(session, unit).id if unit else None,
        )
        grants.grant_role(session, SYSTEM, person_id=person_called(session, email).id, terms=terms)
    click.echo(f"granted {role} to {email}")


@cli.command("disable")
@click.argument("email")
@with_appcontext
def disable(email: str) -> None:
    """Close the account of EMAIL: sessions end and tokens fail at once."""
    with terminal_transaction() as session:
        people.disable_person(session, SYSTEM, person_called(session, email).id)
    click.echo(f"disabled {email}")


@cli.command("set-password")
@click.argument("email")
@click.password_option(help="Asked for when not given.")
@with_appcontext
def set_password(email: str, password: str) -> None:
    """Give the account of EMAIL a new password; all sessions end."""
    with terminal_transaction() as session:
        people.set_password(session, SYSTEM, person_called(session, email).id, password)
    click.echo(f"changed the password of {email}")

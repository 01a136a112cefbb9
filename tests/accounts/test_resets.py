"""Mailed links set a password or confirm an address: once, for a while, for their purpose only."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from accounts import jobs, passwords
from accounts.models import MailedToken, Person
from accounts.operations import resets
from accounts.operations.links import is_link_valid
from accounts.queries import actor_of_session
from foundation.actors import PUBLIC
from foundation.database import now
from foundation.errors import Blocked, Invalid, Reason
from foundation.mails import MailMessage
from tests.accounts.factories import actor_for, make_person, open_session

pytestmark = pytest.mark.usefixtures("context")

WRITTEN = ("procrastinate_jobs", "mailed_tokens", "mail_messages")
OLD, NEW = "con trâu đi trước", "cái cày theo sau"


@pytest.fixture
def person(session: Session) -> Person:
    return make_person(session, email="lan@vi-du.example", password_hash=passwords.hash_of(OLD))


def _mails(session: Session, to: str = "lan@vi-du.example") -> list[MailMessage]:
    return list(session.scalars(select(MailMessage).where(MailMessage.to_address == to).order_by(MailMessage.id)))


def _mailed_secret(session: Session, to: str = "lan@vi-du.example") -> str:
    return str(_mails(session, to)[-1].facts["link"]).rsplit("/", 1)[1]


def test_a_mailed_link_sets_a_new_password_and_ends_every_session(session: Session, person: Person) -> None:
    cookie = open_session(session, person)
    resets.mail_password_reset.work(session, "LAN@vi-du.example")

    resets.reset_password(session, _mailed_secret(session), NEW)

    assert passwords.matches(person.password_hash, NEW)
    assert actor_of_session(session, cookie) == PUBLIC
    assert [mail.kind for mail in _mails(session)] == ["password_reset_asked", "password_changed"]


@pytest.mark.parametrize("spoil", ["used", "expired", "superseded", "other purpose", "disabled", "forged"])
def test_a_link_that_ended_changes_nothing(session: Session, person: Person, spoil: str) -> None:
    if spoil == "other purpose":
        resets.request_email_change(session, actor_for(session, person), "lan@vi-du.example.vn")
        secret = _mailed_secret(session, "lan@vi-du.example.vn")
    else:
        resets.mail_password_reset.work(session, "lan@vi-du.example")
        secret = _mailed_secret(session)
    if spoil == "used":
        resets.reset_password(session, secret, OLD)
    if spoil == "expired":
        session.scalars(select(MailedToken)).one().expires_at = now() - timedelta(seconds=1)
    if spoil == "superseded":
        resets.mail_password_reset.work(session, "lan@vi-du.example")
    if spoil == "disabled":
        person.disabled_at = now()
    if spoil == "forged":
        secret = "forged"
    session.flush()

    with pytest.raises(Blocked) as refusal:
        resets.reset_password(session, secret, NEW)

    assert refusal.value.reasons == (Reason("link_not_valid"),)
    assert passwords.matches(person.password_hash, OLD)


@pytest.mark.parametrize("case", ["unknown", "disabled"])
def test_whoever_cannot_sign_in_gets_no_mail(session: Session, person: Person, case: str) -> None:
    person.disabled_at = now() if case == "disabled" else None
    session.flush()

    resets.mail_password_reset.work(session, "lan@vi-du.example" if case == "disabled" else "minh@vi-du.example")

    assert session.scalar(select(func.count()).select_from(MailMessage)) == 0


def test_asking_does_the_same_for_every_address(session: Session, person: Person) -> None:
    """The page writes one job and looks at nothing: neither answer nor time tells whether an account exists."""
    written = []
    for email in ("lan@vi-du.example", "minh@vi-du.example"):
        resets.request_password_reset(session, email)
        written.append([session.scalar(text(f"SELECT count(*) FROM {table}")) for table in WRITTEN])  # noqa: S608 - names of ours

    assert written == [[1, 0, 0], [2, 0, 0]]


def test_a_weak_password_is_refused_and_the_link_stays_good_when_nothing_is_committed(
    session: Session, person: Person
) -> None:
    resets.mail_password_reset.work(session, "lan@vi-du.example")
    secret = _mailed_secret(session)

    with pytest.raises(Invalid) as refusal, session.begin_nested():
        resets.reset_password(session, secret, "ngắn")

    assert refusal.value.fields == {"password": [Reason("password_too_short", {"shortest": 10})]}
    assert is_link_valid(session, secret, purpose="reset_password")


def test_a_new_address_counts_once_it_is_confirmed(session: Session, person: Person) -> None:
    resets.request_email_change(session, actor_for(session, person), "lan@khac.example")
    assert person.email == "lan@vi-du.example"

    resets.confirm_email(session, _mailed_secret(session, "lan@khac.example"))

    assert person.email == "lan@khac.example"
    assert [mail.kind for mail in _mails(session)] == ["email_changed"]


def test_the_address_of_another_account_is_not_told_to_the_asker(session: Session, person: Person) -> None:
    make_person(session, email="minh@vi-du.example")

    resets.request_email_change(session, actor_for(session, person), "minh@vi-du.example")

    [mail] = _mails(session, "minh@vi-du.example")
    assert (mail.kind, mail.facts) == ("email_claimed", {"link": "http://localhost/sign-in"})


def test_an_address_that_was_taken_meanwhile_is_refused(session: Session, person: Person) -> None:
    resets.request_email_change(session, actor_for(session, person), "minh@vi-du.example")
    secret = _mailed_secret(session, "minh@vi-du.example")
    make_person(session, email="MINH@vi-du.example")

    with pytest.raises(Invalid) as refusal:
        resets.confirm_email(session, secret)

    assert refusal.value.fields == {"email": [Reason("email_taken")]}


def test_what_expired_a_month_ago_is_forgotten(session: Session, person: Person) -> None:
    resets.mail_password_reset.work(session, "lan@vi-du.example")
    young = open_session(session, person)
    session.scalars(select(MailedToken)).one().expires_at = now() - timedelta(days=31)
    session.flush()

    jobs.remove_expired.work(session)

    assert session.scalars(select(MailedToken)).all() == []
    assert actor_of_session(session, young).is_signed_in

"""Opening an account tells strangers nothing, happens once, and gives a tax code to exactly one of two."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Organisation, Person, SignUp
from accounts.operations.organisations import OrganisationFacts
from accounts.operations.people import Profile, person_with_email
from accounts.operations.sign_up import Confirmed, confirm_sign_up, register_organisation_account
from foundation.database import now
from foundation.errors import Blocked, Invalid, Reason
from foundation.mails import MailMessage
from tests.accounts.factories import actor_for, make_organisation, make_person
from tests.databases import FreshDatabase
from tests.foundation.speaking import able_to_word

pytestmark = pytest.mark.usefixtures("context")

PASSWORD = "con trâu đi trước"


def _ask(session: Session, email: str = "lan@vi-du.example", **changes: Any) -> None:
    facts = {"name_vi": "Công ty Sao Khuê", "legal_form": "joint_stock_company", "tax_code": "0100233488"}
    register_organisation_account(
        session,
        email=email,
        password=changes.pop("password", PASSWORD),
        profile=Profile(changes.pop("full_name", "Nguyễn Lan"), "fr"),
        organisation=OrganisationFacts(**facts | changes),
    )


def _mails(session: Session, email: str = "lan@vi-du.example") -> list[MailMessage]:
    return list(session.scalars(select(MailMessage).where(MailMessage.to_address == email).order_by(MailMessage.id)))


def _secret(session: Session, email: str = "lan@vi-du.example") -> str:
    return str(_mails(session, email)[-1].facts["link"]).rsplit("/", 1)[1]


def test_nothing_exists_before_the_mailed_link_is_confirmed(session: Session) -> None:
    _ask(session)

    assert session.scalars(select(Person)).all() == []
    assert session.scalars(select(Organisation)).all() == []
    [mail] = _mails(session)
    assert (mail.kind, mail.language) == ("sign_up_asked", "fr")
    assert mail.facts["link"].startswith("http://localhost/confirm/")
    assert _secret(session) not in session.scalars(select(SignUp)).one().digest


def test_the_confirmed_link_opens_the_account_and_registers_the_organisation(session: Session) -> None:
    _ask(session)

    confirmed = confirm_sign_up(session, _secret(session))

    person, organisation = confirmed.person, confirmed.organisation
    assert organisation is not None
    assert (person.email, person.full_name, person.language) == ("lan@vi-du.example", "Nguyễn Lan", "fr")
    assert person.email_confirmed_at is not None
    assert (organisation.name_vi, organisation.tax_code) == ("Công ty Sao Khuê", "0100233488")
    assert actor_for(session, person).acts_for(organisation.id)
    assert session.scalars(select(SignUp)).one().password_hash == ""


def test_a_known_address_is_answered_like_an_unknown_one(session: Session) -> None:
    known = make_person(session, email="Lan@vi-du.example")

    _ask(session, "lan@VI-DU.example")
    _ask(session, "minh@vi-du.example")

    [to_known], [to_unknown] = _mails(session), _mails(session, "minh@vi-du.example")
    assert (to_known.kind, to_unknown.kind) == ("sign_up_repeated", "sign_up_asked")
    assert session.scalars(select(Person.id)).all() == [known.id]


def test_a_known_address_does_not_reserve_a_tax_code(session: Session) -> None:
    """Else a second try with the same tax code would tell what the first answer hid."""
    make_person(session, email="lan@vi-du.example")
    _ask(session, "lan@vi-du.example")
    _ask(session, "minh@vi-du.example")

    assert confirm_sign_up(session, _secret(session, "minh@vi-du.example")).organisation is not None


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"email": "nobody"}, "email", Reason("email_not_valid")),
        ({"full_name": " "}, "full_name", Reason("required")),
        ({"password": "ngắn"}, "password", Reason("password_too_short", {"shortest": 10})),
        ({"password": "nguyễn LAN"}, "password", Reason("password_too_easy")),
        ({"tax_code": "0100233480"}, "tax_code", Reason("tax_code_check_digit")),
        ({"name_vi": ""}, "name_vi", Reason("required")),
        ({"tax_code": "0314409058"}, "tax_code", Reason("tax_code_taken")),
    ],
)
def test_wrong_answers_are_refused_beside_their_field(
    session: Session, changes: dict[str, Any], field: str, reason: Reason
) -> None:
    make_organisation(session, tax_code="0314409058")

    with pytest.raises(Invalid) as refusal:
        _ask(session, **changes)

    assert refusal.value.fields == {field: [reason]}
    assert _mails(session) == []


@pytest.mark.parametrize("spoil", ["used", "expired", "forged"])
def test_a_link_works_once_and_for_a_while(session: Session, spoil: str) -> None:
    _ask(session)
    secret = _secret(session)
    if spoil == "used":
        confirm_sign_up(session, secret)
    if spoil == "expired":
        session.scalars(select(SignUp)).one().expires_at = now() - timedelta(seconds=1)
        session.flush()
    before = session.scalar(select(func.count()).select_from(Person))

    with pytest.raises(Blocked) as refusal:
        confirm_sign_up(session, "forged" if spoil == "forged" else secret)

    assert refusal.value.reasons == (Reason("link_not_valid"),)
    assert session.scalar(select(func.count()).select_from(Person)) == before


def test_an_address_that_got_an_account_meanwhile_keeps_that_account(session: Session) -> None:
    _ask(session)
    other = make_person(session, email="LAN@vi-du.example")

    with pytest.raises(Blocked):
        confirm_sign_up(session, _secret(session))

    assert person_with_email(session, "lan@vi-du.example") is other


def test_of_two_who_confirm_one_tax_code_at_once_exactly_one_gets_it(fresh_database: FreshDatabase) -> None:
    addresses = ["lan@vi-du.example", "minh@vi-du.example"]
    with able_to_word(fresh_database.app).app_context(), fresh_database.session() as session:
        for email in addresses:
            _ask(session, email)
        secrets = [_secret(session, email) for email in addresses]
        session.commit()
    together = Barrier(2)

    def confirm(secret: str) -> Confirmed:
        with able_to_word(fresh_database.app).app_context(), fresh_database.session() as session:
            together.wait(timeout=20)
            confirmed = confirm_sign_up(session, secret)
            session.commit()
            return confirmed

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(confirm, secrets))

    with fresh_database.session() as session:
        owners = session.scalars(select(Organisation)).all()
        people = session.scalar(select(func.count()).select_from(Person))
    assert [organisation.tax_code for organisation in owners] == ["0100233488"]
    assert sorted(outcome.organisation is not None for outcome in outcomes) == [False, True]
    assert people == 2


def test_of_two_who_confirm_one_address_at_once_exactly_one_opens_the_account(
    fresh_database: FreshDatabase,
) -> None:
    with able_to_word(fresh_database.app).app_context(), fresh_database.session() as session:
        _ask(session, tax_code=None)
        _ask(session, tax_code=None)
        secrets = [str(mail.facts["link"]).rsplit("/", 1)[1] for mail in _mails(session)]
        session.commit()
    together = Barrier(2)

    def confirm(secret: str) -> bool:
        with able_to_word(fresh_database.app).app_context(), fresh_database.session() as session:
            together.wait(timeout=20)
            try:
                confirm_sign_up(session, secret)
                session.commit()
            except Blocked:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(confirm, secrets))

    with fresh_database.session() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 1
        assert session.scalar(select(func.count()).select_from(Organisation)) == 1
    assert outcomes == [False, True]

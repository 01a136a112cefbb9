"""A limit on attempts holds over all processes together, per account and per network address."""

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from accounts import attempts
from foundation.errors import TooMany
from tests.databases import FreshDatabase


def _try(engine: Engine, email: str, ip: str) -> bool:
    with Session(engine) as session:
        try:
            attempts.count_sign_in(session, email=email, ip=ip)
        except TooMany:
            return False
        finally:
            session.rollback()
        return True


def test_an_account_has_ten_attempts_over_two_processes(fresh_database: FreshDatabase) -> None:
    here, there = fresh_database.engine, create_engine(fresh_database.url)

    outcomes = [
        _try(engine, "lan@vi-du.example", f"192.0.2.{number}") for number in range(6) for engine in (here, there)
    ]

    there.dispose()
    assert outcomes == [True] * 10 + [False] * 2


def test_a_network_address_has_a_hundred_attempts_at_whatever_accounts(fresh_database: FreshDatabase) -> None:
    outcomes = [_try(fresh_database.engine, f"{number}@vi-du.example", "192.0.2.1") for number in range(101)]

    assert outcomes == [True] * 100 + [False]
    assert _try(fresh_database.engine, "7@vi-du.example", "192.0.2.2")


def test_the_refusal_says_when_to_come_again(session: Session) -> None:
    for _ in range(attempts.MAILS_PER_ACCOUNT):
        attempts.count_mail(session, email="lan@vi-du.example", ip="192.0.2.1")

    with pytest.raises(TooMany) as refusal:
        attempts.count_mail(session, email=" LAN@vi-du.example", ip="192.0.2.2")

    assert 3500 < refusal.value.retry_after <= 3600


def test_a_right_password_gives_the_account_its_share_back(session: Session) -> None:
    for _ in range(attempts.SIGN_INS_PER_ACCOUNT):
        attempts.count_sign_in(session, email="lan@vi-du.example", ip="192.0.2.1")

    with pytest.raises(TooMany):
        attempts.count_sign_in(session, email="lan@vi-du.example", ip="192.0.2.2")
    attempts.forget_sign_ins(session, email="Lan@vi-du.example")

    attempts.count_sign_in(session, email="lan@vi-du.example", ip="192.0.2.1")

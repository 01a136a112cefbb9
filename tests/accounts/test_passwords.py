"""Passwords are judged by length and ease of guessing, and hashed slowly, known account or not."""

import unicodedata

import pytest
from argon2 import PasswordHasher

from accounts import passwords
from foundation.errors import Reason


def test_only_the_right_password_matches() -> None:
    stored = passwords.hash_of("con trâu đi trước")

    assert passwords.matches(stored, "con trâu đi trước")
    assert not passwords.matches(stored, "con trâu đi sau")


def test_a_password_matches_however_its_letters_are_composed() -> None:
    stored = passwords.hash_of(unicodedata.normalize("NFC", "mật khẩu của tôi"))

    assert passwords.matches(stored, unicodedata.normalize("NFD", "mật khẩu của tôi"))


def test_an_unknown_account_costs_one_verification_like_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = passwords.hash_of("con trâu đi trước")
    passwords.matches(None, "warm")
    verified = []
    genuine = PasswordHasher.verify

    def counting(self: PasswordHasher, hash: str, password: str) -> bool:
        verified.append(hash.split("$")[3])
        return genuine(self, hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", counting)

    assert not passwords.matches(None, "con trâu đi trước")
    assert not passwords.matches(stored, "con trâu đi sau")
    assert len(verified) == 2
    assert verified[0] == verified[1]


def test_a_hash_with_weaker_parameters_is_outdated() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("con trâu đi trước")

    assert passwords.is_outdated(weak)
    assert not passwords.is_outdated(passwords.hash_of("con trâu đi trước"))


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("ngắn quá", Reason("password_too_short", {"shortest": 10})),
        ("a" * 129, Reason("too_long", {"limit": 128})),
        ("aaaaaaaaaaaa", Reason("password_too_easy")),
        ("Matkhau123", Reason("password_too_easy")),
        ("LAN@vi-du.example", Reason("password_too_easy")),
        ("con trâu đi trước", None),
    ],
)
def test_weakness(password: str, weakness: Reason | None) -> None:
    assert passwords.weakness_of(password, about=("lan@vi-du.example",)) == weakness

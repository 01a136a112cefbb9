"""Tax codes and addresses are read from what people type, or refused with the reason."""

import pytest

from accounts.identifiers import read_email, read_tax_code, show_tax_code
from foundation.errors import Reason


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0100233488", "0100233488"),
        (" 01 0023 3488 ", "0100233488"),
        ("0314409058-002", "0314409058002"),
        ("0314409058002", "0314409058002"),
        ("０１００２３３４８８", "0100233488"),
    ],
)
def test_a_sound_tax_code_is_stored_as_digits(typed: str, stored: str) -> None:
    assert read_tax_code(typed) == stored


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("0100233480", "tax_code_check_digit"),
        ("0100234388", "tax_code_check_digit"),
        ("0314409059-002", "tax_code_check_digit"),
        ("010023348", "tax_code_form"),
        ("01002334888", "tax_code_form"),
        ("0314409058-000", "tax_code_form"),
        ("0100000000", "tax_code_form"),
        ("MST0100233", "tax_code_form"),
        ("", "tax_code_form"),
    ],
)
def test_a_wrong_tax_code_is_refused_with_its_reason(typed: str, reason: str) -> None:
    assert read_tax_code(typed) == Reason(reason)


def test_a_branch_is_shown_with_its_dash() -> None:
    assert [show_tax_code(code) for code in ("0314409058002", "0100233488", None)] == [
        "0314409058-002",
        "0100233488",
        "",
    ]


def test_an_address_is_stored_in_its_normal_form() -> None:
    assert read_email(" Lan.Nguyen@VI-DU.Example ") == "Lan.Nguyen@vi-du.example"


@pytest.mark.parametrize("typed", ["", "lan", "lan@", "@vi-du.example", "lan@vi du.example", "a@b@c.example"])
def test_what_is_no_address_is_refused(typed: str) -> None:
    assert read_email(typed) == Reason("email_not_valid")

"""The payment code: decoded again, and refused once a digit of it is wrong."""

import pytest

from parks.vietqr import NotAPayload, Transfer, checksum, payload, read_payload

TRANSFER = Transfer("970436", "0071000987654", 14_516_129, "YC-000123 Đặng Thùy")


def test_the_checksum_is_the_published_one() -> None:
    assert checksum("123456789") == 0x29B1


def test_a_payload_is_as_the_scheme_writes_it() -> None:
    text = payload(TRANSFER)

    assert text[:-4] == (
        "000201010212"
        "3857" "0010A000000727" "0127" "0006970436" "0113" "0071000987654" "0208QRIBFTTA"
        "5303704" "540814516129" "5802VN" "62230819YC 000123 DANG THUY" "6304"
    )  # fmt: skip


def test_a_payload_is_read_back() -> None:
    assert read_payload(payload(TRANSFER)) == Transfer("970436", "0071000987654", 14_516_129, "YC 000123 DANG THUY")


def test_a_changed_amount_breaks_the_checksum() -> None:
    with pytest.raises(NotAPayload):
        read_payload(payload(TRANSFER).replace("14516129", "14516128"))

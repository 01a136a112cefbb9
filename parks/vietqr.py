"""The payment code of a request: an EMVCo payload for transfers inside Vietnam (VietQR), with its checksum."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from foundation.searchtext import fold

NETWORK, TO_ACCOUNT = "A000000727", "QRIBFTTA"
"""The domestic transfer network, and its service of transfers to an account."""

DONG, COUNTRY, ONE_USE = "704", "VN", "12"
MOST_WORDS = 25
CHECKSUM = "6304"


class NotAPayload(ValueError):  # noqa: N818 - what was read, not what went wrong here
    """The text is no payload, or its checksum is wrong."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """An amount to an account of a bank, with the words that tell what it pays."""

    bank_bin: str
    account_number: str
    amount_vnd: int
    words: str


def payload(transfer: Transfer) -> str:
    """The text that the code holds."""
    words = re.sub(r"[^A-Z0-9 ]", " ", fold(transfer.words).upper()).strip()[:MOST_WORDS]
    account = _joined([("00", transfer.bank_bin), ("01", transfer.account_number)])
    merchant = _joined([("00", NETWORK), ("01", account), ("02", TO_ACCOUNT)])
    fields = [
        ("00", "01"),
        ("01", ONE_USE),
        ("38", merchant),
        ("53", DONG),
        ("54", str(transfer.amount_vnd)),
        ("58", COUNTRY),
        ("62", _joined([("08", words)])),
    ]
    text = _joined(fields) + CHECKSUM
    return f"{text}{checksum(text):04X}"


def read_payload(text: str) -> Transfer:
    """The transfer that a code asks for. Raises NotAPayload."""
    if not text[:-4].endswith(CHECKSUM) or f"{checksum(text[:-4]):04X}" != text[-4:]:
        raise NotAPayload("the checksum is wrong")
    fields = _parts(text)
    merchant = _parts(fields["38"])
    if (merchant.get("00"), fields.get("53"), fields.get("58")) != (NETWORK, DONG, COUNTRY):
        raise NotAPayload("this is no domestic transfer in đồng")
    account = _parts(merchant["01"])
    return Transfer(account["00"], account["01"], int(fields["54"]), _parts(fields["62"])["08"])


def checksum(text: str) -> int:
    """CRC-16/CCITT-FALSE of the text's bytes."""
    register = 0xFFFF
    for byte in text.encode("ascii"):
        register ^= byte << 8
        for _bit in range(8):
            register = (register << 1 ^ 0x1021 if register & 0x8000 else register << 1) & 0xFFFF
    return register


def _joined(fields: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{tag}{len(value):02d}{value}" for tag, value in fields)


def _parts(text: str) -> dict[str, str]:
    parts, place = {}, 0
    while place < len(text):
        tag, length = text[place : place + 2], text[place + 2 : place + 4]
        if not length.isdecimal() or place + 4 + int(length) > len(text):
            raise NotAPayload("a field is cut off")
        parts[tag] = text[place + 4 : place + 4 + int(length)]
        place += 4 + int(length)
    return parts

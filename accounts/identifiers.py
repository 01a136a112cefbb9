"""What names somebody to the outside: e-mail addresses and tax codes, read from what people type."""

import unicodedata

from email_validator import EmailNotValidError, validate_email
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.vn import mst

from foundation.errors import Reason


def read_email(typed: str) -> str | Reason:
    """The address in its normal form, or why it is none. Whether it exists is shown by a confirmed mail only."""
    try:
        return validate_email(typed.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        return Reason("email_not_valid")


def read_tax_code(typed: str) -> str | Reason:
    """The ten or thirteen digits of a tax code, or why they are none (length, digits, check digit)."""
    try:
        return str(mst.validate(unicodedata.normalize("NFKC", typed)))
    except InvalidChecksum:
        return Reason("tax_code_check_digit")
    except ValidationError:
        return Reason("tax_code_form")


def show_tax_code(tax_code: str | None) -> str:
    """A tax code as it is printed: branches carry a dash before their three digits."""
    return "" if not tax_code else str(mst.format(tax_code))

"""Giving a dossier its code in the very last statement of a step, so that its unit's counter is locked for an instant.

The code is the counter's, and what the step writes carries it: the audit entry with its hash, the letter, the notices.
All of that is composed with a word that stands for the code; :mod:`applications.recording` takes the number, puts the
code in the place of that word, and writes everything. Whoever waits for the counter waits for that and the commit.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm.attributes import set_committed_value

from accounts.models import Unit
from applications.models import Case
from applications.numbers import PLACEHOLDER, filled

PENDING = f"code-{secrets.token_hex(16)}"
"""Stands for the code while it is not known; nobody can guess it, so that no words of a person hold it."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """The number that a unit gives on a day."""

    unit: Unit
    day: date

    def parts(self) -> Iterator[str | int]:
        """The pattern of the unit's codes in pieces: words, and widths of the serial number."""
        pattern, behind = self.unit.dossier_code_pattern, 0
        for match in PLACEHOLDER.finditer(pattern):
            yield pattern[behind : match.start()]
            is_serial = match[1] == "serial"
            yield int(match[2] or 1) if is_serial else filled(match[1], self.unit.code, self.day)
            behind = match.end()
        yield pattern[behind:]


def await_number(case: Case) -> None:
    """Let whatever reads the case's code meet the word that stands for it; the session does not write that."""
    set_committed_value(case, "code", PENDING)

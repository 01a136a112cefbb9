"""What anybody who holds a letter may learn of it by its code: nothing about people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.models import CaseEvent, Letter
from applications.packs.catalogue import pack_of_version
from foundation.errors import NotFound
from foundation.wording import Trilingual


@dataclass(frozen=True, slots=True)
class IssuedLetter:
    """A letter as it was issued; ``followed_by`` is the latest later letter of the same kind on the same dossier."""

    letter: Letter
    title: Trilingual
    issued_on: date
    unit: Trilingual
    agency: Trilingual | None
    followed_by: Letter | None


def issued_letter(session: Session, code: str) -> IssuedLetter:
    """The letter with this code, however it was typed. Raises NotFound."""
    letter = session.scalar(select(Letter).where(Letter.code == plain_code(code)))
    if letter is None:
        raise NotFound
    later = select(Letter).where(
        Letter.case_id == letter.case_id, Letter.letter == letter.letter, Letter.id > letter.id
    )
    facts: Mapping[str, Any] = letter.facts
    return IssuedLetter(
        letter=letter,
        title=_title(session, letter),
        issued_on=date.fromisoformat(facts["issued_on"]),
        unit=facts["unit"],
        agency=facts["agency"],
        followed_by=session.scalars(later.order_by(Letter.id.desc()).limit(1)).first(),
    )


def plain_code(typed: str) -> str:
    """A code as it is kept: capitals, in fives, whatever stood between them."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())[:64]
    return "-".join(letters[start : start + 5] for start in range(0, len(letters), 5))


def _title(session: Session, letter: Letter) -> Trilingual:
    """What the pack by which the step was made calls the letter."""
    version_id = session.scalars(select(CaseEvent.version_id).where(CaseEvent.id == letter.event_id)).one()
    return pack_of_version(session, version_id).letter_by_key[letter.letter].title

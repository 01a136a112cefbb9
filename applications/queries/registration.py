"""Organisations as an officer finds them when registering a dossier for one."""

import re
from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from accounts.models import Organisation
from accounts.queries.words import found_by_words
from applications.visibility import REGISTERING_ROLES
from foundation.actors import Actor
from foundation.errors import NotAllowed

MOST_FOUND = 20


def organisations_matching(session: Session, typed: str, *, actor: Actor) -> Sequence[Organisation]:
    """The organisations with this tax code, or with these words in their names.

    Raises:
        NotAllowed: the actor registers nothing for others.
    """
    if not actor.holds(*REGISTERING_ROLES):
        raise NotAllowed
    digits = re.sub(r"[\s.\-]", "", typed)
    found = found_by_words(Organisation.search_text, typed)
    condition = or_(Organisation.tax_code == digits, found) if digits.isascii() and digits.isdecimal() else found
    query = select(Organisation).where(condition).order_by(Organisation.search_text, Organisation.id)
    return session.scalars(query.limit(MOST_FOUND)).all()

"""Registering a dossier for somebody else: finding the organisation, and what is not sent yet."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from accounts.models import Organisation
from accounts.queries.words import found_by_words
from applications.models import Case
from applications.visibility import REGISTERING_ROLES
from foundation.actors import Actor
from foundation.errors import NotAllowed

MOST_FOUND = 20
MOST_OPEN = 20


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


def registered_drafts(session: Session, *, actor: Actor) -> Sequence[Any]:
    """What the actor registered for others and has not sent yet, last changed first."""
    query = (
        select(Case.key, Case.title, Case.updated_at, Organisation.name_vi, Organisation.name_en)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(Case.created_by_id == actor.person_id, Case.channel != "direct", Case.state_kind == "draft")
        .order_by(Case.updated_at.desc(), Case.id.desc())
    )
    return list(session.execute(query.limit(MOST_OPEN)))

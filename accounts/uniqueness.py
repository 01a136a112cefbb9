"""What must be unique, said beside the field that repeats it: the database decides, races included."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from foundation.errors import Invalid

FIELD_OF_CONSTRAINT = {
    "uq_people_email": ("email", "email_taken"),
    "uq_organisations_tax_code": ("tax_code", "tax_code_taken"),
    "uq_role_grants_same_grant": ("role", "grant_exists"),
    "uq_memberships_person_id_organisation_id": ("email", "member_already"),
    "uq_units_code": ("code", "unit_code_taken"),
}


@contextmanager
def told_by_field(session: Session) -> Iterator[None]:
    """Flush what happens inside; a repeated value becomes :class:`Invalid` on its field.

    What was flushed inside is undone, what came before stays.
    """
    try:
        with session.begin_nested():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
        if name not in FIELD_OF_CONSTRAINT:
            raise
        field, reason = FIELD_OF_CONSTRAINT[name]
        raise Invalid({field: [reason]}) from error

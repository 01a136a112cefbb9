"""The role that runs a park, and the parks (or other operators' parts of them) that narrow it."""

from collections.abc import Sequence

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.register import Role, Scope, register_role, register_scope
from foundation.wording import in_language
from parks.models import Park, ParkOperator, Space
from parks.rules import PARK_ADMINISTRATOR, scope_of


def register_roles() -> None:
    """Make the role grantable, for one park or for all."""
    titles = {"vi": "Cán bộ quản lý khu công nghệ", "en": "Park administrator", "fr": "Gestionnaire de parc"}
    register_role(Role(PARK_ADMINISTRATOR, titles, ("park",)))
    register_scope(Scope("park", lazy_gettext("Park"), park_choices))


def park_choices(session: Session, language: str) -> Sequence[tuple[str, str]]:
    """All parks, and in each the parts of other operators, by code and name."""
    parks = {park.id: park for park in session.scalars(select(Park).order_by(Park.code))}
    choices = [(park.code, in_language(park.name, language)) for park in parks.values()]
    others = (
        select(Space.park_id, ParkOperator)
        .join(ParkOperator, ParkOperator.id == Space.operator_id)
        .join(Park, Park.id == Space.park_id)
        .where(Space.operator_id != Park.operator_id)
        .distinct()
    )
    for park_id, operator in session.execute(others):
        park = parks[park_id]
        title = f"{in_language(park.name, language)} · {in_language(operator.name, language)}"
        choices.append((scope_of(park, operator.id, operator.code), title))
    return sorted(choices)

"""Who acts: a person with granted roles, the clock itself, or the public."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

ActorKind = Literal["person", "system", "public"]


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in force now. ``None`` in a scope means everywhere; units include all units below them."""

    role: str
    procedure: str | None = None
    units: frozenset[int] | None = None
    park: str | None = None
    fund: str | None = None

    def covers(self, *, procedure: str | None, unit_id: int | None, park: str | None, fund: str | None) -> bool:
        """Whether this grant reaches a thing with these scopes."""
        return (
            (self.procedure is None or self.procedure == procedure)
            and (self.units is None or unit_id in self.units)
            and (self.park is None or self.park == park)
            and (self.fund is None or self.fund == fund)
        )


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts, passed as a parameter to all that needs to know.

    ``organisation_ids`` are those whose affairs the person may see, ``editing_organisation_ids`` those for
    which the person may also act; ``token_scopes`` is ``None`` when signed in by a page.
    """

    kind: ActorKind
    person_id: int | None = None
    name: str = ""
    email: str = ""
    locale: str = "vi"
    grants: frozenset[Grant] = frozenset()
    organisation_ids: frozenset[int] = frozenset()
    editing_organisation_ids: frozenset[int] = frozenset()
    token_scopes: frozenset[str] | None = None
    session_id: int | None = field(default=None, compare=False)
    token_id: int | None = field(default=None, compare=False)

    @property
    def is_signed_in(self) -> bool:
        return self.kind == "person"

    @property
    def is_staff(self) -> bool:
        """Whether the person holds any role that the city granted."""
        return bool(self.grants)

    def has_role(
        self,
        *roles: str,
        procedure: str | None = None,
        unit_id: int | None = None,
        park: str | None = None,
        fund: str | None = None,
    ) -> bool:
        """Whether one of ``roles`` is granted for a thing with exactly these scopes."""
        return any(
            grant.role in roles and grant.covers(procedure=procedure, unit_id=unit_id, park=park, fund=fund)
            for grant in self.grants
        )

    def holds(self, *roles: str) -> bool:
        """Whether one of ``roles`` is granted with any scope (for navigation, never for decisions)."""
        return any(grant.role in roles for grant in self.grants)

    def scopes_of(self, roles: Iterable[str]) -> list[Grant]:
        """The grants of these roles, for narrowing a list query."""
        wanted = set(roles)
        return [grant for grant in self.grants if grant.role in wanted]

    def acts_for(self, organisation_id: int | None) -> bool:
        """Whether the person may change things in the name of this organisation (its owners and editors)."""
        return organisation_id in self.editing_organisation_ids

    def can_use(self, scope: str) -> bool:
        """Whether a token allows ``scope`` ("read" or "write"); pages allow all."""
        return self.token_scopes is None or scope in self.token_scopes


SYSTEM = Actor(kind="system", name="system")
PUBLIC = Actor(kind="public")

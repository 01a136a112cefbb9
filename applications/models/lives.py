"""Cases that a domain keeps in a table of its own: a fund, a commitment, a capital call."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Model


class Life(Model):
    """A row with a state and the workflow version that it is pinned to; ``PROCEDURE`` is the code of its pack.

    It is no dossier: nobody applies, no unit holds it, no list of dossiers shows it. Only
    :func:`applications.lives.advance` changes its state, but for what the database does itself.
    """

    __abstract__ = True

    PROCEDURE: ClassVar[str]

    if TYPE_CHECKING:  # each table words its own
        id: Mapped[int]
        state: Mapped[str]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("procedure_versions.id"), index=True)

    @property
    def stream(self) -> str:
        """The chain of the audit trail that tells its steps."""
        raise NotImplementedError

    @property
    def scope(self) -> Mapping[str, str]:
        """Where a role has to be granted to count for it, as :meth:`foundation.actors.Actor.has_role` names it."""
        raise NotImplementedError

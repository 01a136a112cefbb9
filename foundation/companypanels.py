"""What one company has to do with each part of the city, as panels of its page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from foundation.actors import Actor

SHOWN = 5
"""Lines of a panel; all of them stand on the page that it leads to."""


@dataclass(frozen=True, slots=True)
class PanelLine:
    """One dossier, test, holding or place: its name, where it leads (if the reader may go there), and its facts."""

    words: str
    address: str = ""
    facts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class CompanyPanel:
    """The lines of one part of the product; ``is_public`` when anybody may know them."""

    title: str
    lines: Sequence[PanelLine]
    all_address: str = ""
    is_public: bool = False


MakePanel = Callable[[Session, int, Actor], CompanyPanel | None]
"""Of the organisation with this id, as far as the actor may know; nothing where there is nothing."""

"""Text with slots: what a dossier of the demonstration says, with room for what another one says there."""

import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

INSIDE, WHOLE, END = "\ue000", "\ue001", "\ue002"
"""Signs of private use round the number of a slot: within a text, or as a JSON value without quotes."""

SLOT = re.compile(f'{INSIDE}(\\d+){END}|"{WHOLE}(\\d+){END}"|{WHOLE}(\\d+){END}'.encode())

Name = tuple[Any, ...]
Fill = Callable[[Sequence[Any]], bytes]


class Slots:
    """The slots of one dossier by name, numbered as they are met."""

    def __init__(self) -> None:
        self.numbers: dict[Name, int] = {}

    def inside(self, *name: Any) -> str:
        """A slot within a text."""
        return f"{INSIDE}{self._number(name)}{END}"

    def whole(self, *name: Any) -> str:
        """A slot that is a whole value: in JSON a number or an object, so without quotes."""
        return f"{WHOLE}{self._number(name)}{END}"

    def _number(self, name: Name) -> int:
        return self.numbers.setdefault(name, len(self.numbers))


def has_slots(content: bytes) -> bool:
    return SLOT.search(content) is not None


def filler(content: bytes, places: Sequence[int]) -> Fill:
    """What fills the slots of a text from a row of values; ``places`` says where each slot's value stands there."""
    found = [places[int(match[1] or match[2] or match[3])] for match in SLOT.finditer(content)]
    pattern = SLOT.sub(b"%b", content.replace(b"%", b"%%"))
    if not found:
        return lambda values: content
    if len(found) == 1:
        only = found[0]
        return lambda values: pattern % (values[only],)
    pick = itemgetter(*found)
    return lambda values: pattern % pick(values)

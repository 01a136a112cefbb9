"""What answers say, question after question, in one language: prepared once for a pack, asked for many dossiers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from applications.fields.inwords import in_words
from applications.packs.conditions import is_answered
from applications.packs.model import FieldSpec, Pack
from foundation.wording import Trilingual, in_language

Tell = Callable[[Any], str]
Line = tuple[Trilingual, str]


class Told:
    """The questions of a pack whose answers anybody may read who may read the dossier: none of them sensitive."""

    def __init__(self, pack: Pack, language: str) -> None:
        self.pack = pack
        self._sections = [
            (section.when, [(spec, _teller(spec, language)) for spec in section.fields if not spec.sensitive])
            for section in pack.sections
        ]

    def lines(self, answers: Mapping[str, Any]) -> Iterator[Line]:
        """The label of each answered question that applies, with its answer in words; a table has a line a row."""
        for when, fields in self._sections:
            if when is not None and not when.holds(answers):
                continue
            for spec, tell in fields:
                value: Any = answers.get(spec.key)
                if not is_answered(value) or (spec.when is not None and not spec.when.holds(answers)):
                    continue
                for text in map(tell, value) if spec.type == "table" else (tell(value),):
                    if text:
                        yield spec.label, text


@lru_cache(maxsize=128)
def _told(pack_id: int, language: str) -> list[Told]:
    return []


def told(pack: Pack, language: str) -> Told:
    """The prepared questions of a pack; kept while it is the same."""
    kept = _told(id(pack), language)
    if not kept or kept[0].pack is not pack:
        kept[:] = [Told(pack, language)]
    return kept[0]


def _teller(spec: FieldSpec, language: str) -> Tell:
    """For a table, how one of its rows is told."""
    if spec.type == "table":
        columns = [(column.key, _teller(column, language)) for column in spec.columns if not column.sensitive]
        return lambda row: _row(columns, row)
    if spec.type in ("text", "long_text"):
        return str
    if spec.type == "choice":
        labels = {choice.value: in_language(choice.label, language) for choice in spec.choices}
        return lambda value: labels.get(value, "")
    return lambda value: in_words(spec, value, language)


def _row(columns: Sequence[tuple[str, Tell]], row: Mapping[str, Any]) -> str:
    return " · ".join(text for key, tell in columns if is_answered(row.get(key)) and (text := tell(row[key])))

"""The numbers beside the queue's filters as links: each sets its filter, or takes it away where it is set."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _

from applications.queries.facets import Facets, HeldBy
from applications.queries.queue import QueueChoices
from applications.web.wording import language
from foundation.wording import in_language

MOST_SHOWN = 8
"""Links of one filter that stand open; the others are a press away."""


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A value of a filter, how many dossiers it leaves, and the address of the queue with it."""

    title: str
    number: int
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """A filter with its links; ``more`` are those beyond the first."""

    title: str
    links: list[FacetLink]
    more: list[FacetLink]


def facet_groups(
    facets: Facets, choices: QueueChoices, asked: Mapping[str, str], *, person_id: int | None
) -> list[FacetGroup]:
    """The filters that can still be chosen, with their links; one without a choice is left out."""
    spoken, link = language(), _Linking(asked)
    groups: list[tuple[str, Iterable[FacetLink]]] = []
    if len(choices.procedures) > 1:
        packs = ((in_language(pack.title, spoken), n, {"procedure": code}) for code, pack, n in facets.procedures)
        groups.append((_("Procedure"), link.all(packs)))
    groups.append((_("State"), _states(facets, link, spoken)))
    if len(choices.units) > 1:
        units = ((unit.title(spoken), n, {"unit": unit.code}) for unit, n in facets.units)
        groups.append((_("Unit"), link.all(units)))
    held = ((_holder(held, person_id), n, {"holder": _held(held, person_id)}) for held, n in facets.holders)
    groups.append((_("Person in charge"), link.all(held)))
    return [_group(title, list(links)) for title, links in groups]


def _states(facets: Facets, link: "_Linking", spoken: str) -> Iterator[FacetLink]:
    """A state belongs to its procedure: where several are listed, it is chosen with it."""
    is_narrowed = len({code for code, _state, _n in facets.states}) < 2
    for code, state, number in facets.states:
        chosen = {"state": state.key} if is_narrowed else {"procedure": code, "state": state.key}
        yield link(in_language(state.title, spoken), number, chosen)


def _holder(held: HeldBy, person_id: int | None) -> str:
    return str(_("Me")) if held.id == person_id else held.name or str(_("Nobody yet"))


def _held(held: HeldBy, person_id: int | None) -> str:
    if held.id == person_id:
        return "me"
    return str(held.id) if held.id else "nobody"


def _group(title: str, links: list[FacetLink]) -> FacetGroup:
    """What is chosen stands open whatever its place."""
    first = [link for number, link in enumerate(links) if number < MOST_SHOWN or link.is_chosen]
    return FacetGroup(title, first, [link for link in links if link not in first])


@dataclass(frozen=True, slots=True)
class _Linking:
    """Makes addresses of the queue that keep the other filters."""

    asked: Mapping[str, str]

    def all(self, entries: Iterable[tuple[str, int, dict[str, str]]]) -> Iterator[FacetLink]:
        return (self(*entry) for entry in entries)

    def __call__(self, title: str, number: int, chosen: Mapping[str, str]) -> FacetLink:
        kept = {name: value for name, value in self.asked.items() if value}
        is_chosen = all(kept.get(name) == value for name, value in chosen.items())
        others = {name: value for name, value in kept.items() if name not in chosen}
        kept = others if is_chosen else {**kept, **chosen}
        return FacetLink(
            title, number, f"{url_for('applications.queue')}?{urlencode(kept or {'kind': 'open'})}", is_chosen
        )

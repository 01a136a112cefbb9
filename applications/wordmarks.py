"""Marks among the kept words of a dossier: where it belongs and how new it is, so that the index of words itself
leaves out what a reader may not see and what is older than a page of results needs.

A mark begins with a sign that no folded word holds, so nothing that somebody types can be one.
"""

from collections.abc import Iterable, Iterator

from foundation.actors import Grant

AGES = (9, 13, 17)
"""A dossier's time is its number without so many of its last binary digits: one of 512, 8,192, 131,072 dossiers."""

STRETCH = 13
"""The time in whose stretches words are searched whose dossiers have to be looked at one by one."""


def marks_of(case_id: int, *, unit_id: int, procedure: str, organisation_id: int | None) -> list[str]:
    """The marks of one dossier."""
    owner = [] if organisation_id is None else [_organisation(organisation_id)]
    return [_unit(unit_id), _procedure(procedure), *owner, *(_age(case_id, digits) for digits in AGES)]


def within_grants(grants: Iterable[Grant]) -> str | None:
    """A ``tsquery`` of the dossiers that these grants reach; ``None`` when they reach all."""
    reached = [_within(grant) for grant in grants]
    return None if None in reached else _any(word for word in reached if word)


def of_organisations(organisation_ids: Iterable[int]) -> str:
    """A ``tsquery`` of the dossiers of these organisations."""
    return _any(_quoted(_organisation(number)) for number in sorted(organisation_ids))


def newest(case_id: int) -> list[str | None]:
    """The ``tsquery`` of ever longer times that end with this dossier; the last one, ``None``, is all time."""
    times: list[str | None] = []
    for digits in AGES:
        if case_id >> digits <= 1:
            break
        times.append(_any(_quoted(_age(case_id - back, digits)) for back in (0, 1 << digits)))
    return [*times, None]


def stretches(case_id: int) -> Iterator[tuple[str, int]]:
    """The ``tsquery`` of each stretch of 8,192 dossiers from this one back to the first, with where it begins."""
    for number in range(case_id >> STRETCH, -1, -1):
        yield _quoted(_age(number << STRETCH, STRETCH)), number << STRETCH


def _within(grant: Grant) -> str | None:
    units = None if grant.units is None else _any(_quoted(_unit(number)) for number in sorted(grant.units))
    procedure = None if grant.procedure is None else _quoted(_procedure(grant.procedure))
    return " & ".join(filter(None, (procedure, units))) or None


def _any(words: Iterable[str]) -> str:
    return f"({' | '.join(words)})"


def _quoted(mark: str) -> str:
    return "'" + mark.replace("\\", "\\\\").replace("'", "''") + "'"


def _unit(unit_id: int) -> str:
    return f"@unit {unit_id}"


def _procedure(code: str) -> str:
    return f"@procedure {code}"


def _organisation(organisation_id: int) -> str:
    return f"@organisation {organisation_id}"


def _age(case_id: int, digits: int) -> str:
    return f"@of {1 << digits}: {case_id >> digits}"

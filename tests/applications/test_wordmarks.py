"""The marks among kept words: where a dossier belongs and how new it is, as questions to the index of words."""

import pytest

from applications.wordmarks import marks_of, newest, of_organisations, within_grants
from foundation.actors import Grant


def test_a_dossier_says_where_it_belongs_and_how_new_it_is() -> None:
    marks = marks_of(300_000, unit_id=7, procedure="small", organisation_id=3)

    assert marks == [
        "@unit 7", "@procedure small", "@organisation 3", "@of 512: 585", "@of 8192: 36", "@of 131072: 2"
    ]  # fmt: skip


def test_a_dossier_of_nobody_has_no_owner() -> None:
    assert not any("organisation" in mark for mark in marks_of(1, unit_id=1, procedure="small", organisation_id=None))


@pytest.mark.parametrize(
    ("grants", "asked"),
    [
        ([Grant("auditor")], None),
        ([Grant("case_officer", procedure="small")], "('@procedure small')"),
        ([Grant("case_officer", units=frozenset({2, 1}))], "(('@unit 1' | '@unit 2'))"),
        (
            [Grant("case_officer", "small", frozenset({2})), Grant("issuer", "large")],
            "('@procedure small' & ('@unit 2') | '@procedure large')",
        ),
        ([Grant("case_officer", "small"), Grant("auditor")], None),
    ],
)
def test_grants_narrow_what_is_found(grants: list[Grant], asked: str | None) -> None:
    assert within_grants(grants) == asked


def test_organisations_are_asked_for_together() -> None:
    assert of_organisations({5, 3}) == "('@organisation 3' | '@organisation 5')"


@pytest.mark.parametrize(
    ("case_id", "times"),
    [
        (1023, [None]),
        (1024, ["('@of 512: 2' | '@of 512: 1')", None]),
        (20_000, ["('@of 512: 39' | '@of 512: 38')", "('@of 8192: 2' | '@of 8192: 1')", None]),
        (300_000, ["('@of 512: 585' | '@of 512: 584')", "('@of 8192: 36' | '@of 8192: 35')",
                   "('@of 131072: 2' | '@of 131072: 1')", None]),
    ],
)  # fmt: skip
def test_times_end_with_the_newest_and_grow(case_id: int, times: list[str | None]) -> None:
    assert newest(case_id) == times

"""Whatever the engine and the packs can say has its words on the pages."""

import json
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from flask import Flask

from applications.channels import CHANNEL_TITLES
from applications.models import CHANNELS
from applications.models.reviews import CONFLICT_KINDS
from applications.packs import model
from applications.packs.expressions import Expression
from applications.packs.model import ClockVerb, Length, LengthUnit, NoticeSpec
from applications.queries.ledger import Status
from applications.registry import WHO
from applications.web.wording import (
    ADDRESSEE_TITLES,
    CERTAINTY_TITLES,
    CONFLICT_TITLES,
    RULE_TITLES,
    STATUS_TITLES,
    VERB_TITLES,
    file_size,
    length_words,
    percent,
    who_words,
)


def test_every_kind_has_a_title() -> None:
    schema = json.loads(Path(model.__file__).with_name("pack.schema.json").read_text(encoding="utf-8"))
    certainties = schema["properties"]["sources"]["additionalProperties"]["properties"]["certainty"]["enum"]

    assert set(ADDRESSEE_TITLES) == set(get_args(get_type_hints(NoticeSpec)["to"]))
    assert set(VERB_TITLES) == set(get_args(ClockVerb))
    assert set(STATUS_TITLES) == set(get_args(Status))
    assert set(CHANNEL_TITLES) == set(CHANNELS)
    assert set(CONFLICT_TITLES) == set(CONFLICT_KINDS)
    assert set(CERTAINTY_TITLES) == set(certainties)
    assert set(WHO) <= set(RULE_TITLES)


@pytest.mark.parametrize("unit", get_args(LengthUnit))
def test_every_length_is_said(app: Flask, unit: LengthUnit) -> None:
    with app.test_request_context():
        assert length_words(Length(3, unit)).startswith("3 ")


def test_who_is_kept_out_is_said(app: Flask) -> None:
    with app.test_request_context(headers={"Cookie": "language=en"}):
        words = who_words(Expression.parse("(holder | case_officer) & ~conflicted"))

    assert words == "The person in charge; Case officer, but not somebody with a conflict of interest"


@pytest.mark.parametrize(
    ("size", "words"),
    [(1, "1 byte"), (999, "999 bytes"), (14_300, "14 kB"), (1_260_000, "1.3 MB"), (20_000_000, "20.0 MB")],
)
def test_sizes_are_short(app: Flask, size: int, words: str) -> None:
    with app.test_request_context(headers={"Cookie": "language=en"}):
        assert file_size(size) == words


@pytest.mark.parametrize(("points", "words"), [(0, "0.0%"), (6_666, "66.7%"), (6_665, "66.7%"), (10_000, "100.0%")])
def test_basis_points_are_percents(app: Flask, points: int, words: str) -> None:
    with app.test_request_context(headers={"Cookie": "language=en"}):
        assert percent(points) == words

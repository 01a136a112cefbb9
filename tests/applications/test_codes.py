"""A code is found however it is typed."""

import pytest
from flask.testing import FlaskClient

from applications.queries.codes import spellings, ways_of
from applications.wordindex import keep_some
from tests.applications.small_pack import World
from tests.applications.visits import accepted, submitted, visiting

WAYS = ways_of([("H26.41", "{unit}-{yymmdd}-{serial:04}"), ("H26.4", "TT/{yyyy}/{serial:06}.{unit}")])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tn7k3mq9xw", "TN-7K3M-Q9XW"),
        ("TN 7K3M Q9XW", "TN-7K3M-Q9XW"),
        ("bn20260000123", "BN-2026-0000123"),
        ("h26412611230001", "H26.41-261123-0001"),
        ("H26 41 261123 10001", "H26.41-261123-10001"),
        ("h26.4–261123–0001", "H26.4-261123-0001"),
        ("tt2026000007h264", "TT/2026/000007.H26.4"),
    ],
)
def test_a_code_has_many_spellings(typed: str, meant: str) -> None:
    found = spellings(typed, WAYS)

    assert found[0] == typed.upper()
    assert meant in found


def test_a_key_without_a_digit_is_known_too() -> None:
    assert "TN-KHDQ-BDZW" in spellings("tn khdq bdzw", WAYS)


@pytest.mark.parametrize("typed", ["", "đường", "h2641", "TN-7K3M", "H99.992611230001", "7" * 90])
def test_what_is_no_code_is_left_as_it_is(typed: str) -> None:
    assert spellings(typed, WAYS) == (typed.upper(),)


@pytest.mark.parametrize("between", ["", " ", "."])
@pytest.mark.parametrize("attribute", ["key", "code"])
def test_the_queue_the_search_and_the_comparison_know_them(
    world: World, client: FlaskClient, attribute: str, between: str
) -> None:
    wanted, other = accepted(world), submitted(world)
    typed = getattr(wanted, attribute).lower().replace("-", between)
    keep_some(world.session)
    world.session.commit()
    visit = visiting(world, client, "case_officer")

    lists = [visit.get(f"/{page}?q={typed}").text for page in ("queue", "search")]

    assert [(wanted.key in text, other.key in text) for text in lists] == [(True, False)] * 2
    assert visit.get(f"/compare?case={typed}&case={other.key}").status_code == 200

"""A process fuller than another one sends a connection away, and only then."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal import evenness
from portal.evenness import Evenness

OTHER = """
import sys
from pathlib import Path
from portal.evenness import Evenness
other = Evenness(Path(sys.argv[1]))
for _ in range(100):
    other.note(int(sys.argv[2]))
print("noted", flush=True)
sys.stdin.read()
"""


@contextmanager
def other_process(file: Path, present: int) -> Iterator[None]:
    """Another process that has so many requests."""
    command = [sys.executable, "-c", OTHER, str(file), str(present)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(Path.cwd())}
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"noted\n"
        yield
        process.stdin.close()


@pytest.fixture(autouse=True)
def _others_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evenness, "FORGOTTEN", 1000.0)


def filled(file: Path, present: int) -> Evenness:
    this = Evenness(file)
    for _ in range(100):
        this.note(present)
    return this


@pytest.mark.parametrize(
    ("here", "there", "is_sent_away"), [(6, 2, True), (5, 3, True), (4, 4, False), (4, 3, False), (2, 6, False)]
)
def test_the_fuller_process_sends_a_connection_away(tmp_path: Path, here: int, there: int, is_sent_away: bool) -> None:
    with other_process(tmp_path / "processes", there):
        assert filled(tmp_path / "processes", here).sends_away() is is_sent_away


def test_one_connection_is_sent_away_at_a_time(tmp_path: Path) -> None:
    with other_process(tmp_path / "processes", 1):
        this = filled(tmp_path / "processes", 7)

        assert [this.sends_away() for _ in range(3)] == [True, False, False]


def test_alone_nobody_is_sent_away(tmp_path: Path) -> None:
    assert not filled(tmp_path / "processes", 9).sends_away()


def test_a_process_that_ended_does_not_count(tmp_path: Path) -> None:
    with other_process(tmp_path / "processes", 0):
        pass

    assert not filled(tmp_path / "processes", 9).sends_away()


def test_one_that_began_nothing_lately_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evenness, "FORGOTTEN", 0.0)
    with other_process(tmp_path / "processes", 5):
        assert filled(tmp_path / "processes", 5).sends_away()
